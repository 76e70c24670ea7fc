import { AppointmentEntity } from "#server/appointment/appointment.entity.ts";
import { DeviceEntity } from "#server/device/device.entity.ts";
import { EncounterEntity } from "#server/encounter/encounter.entity.ts";
import { NoteEntity, NoteRevisionEntity } from "#server/note/note.entity.ts";
import { PatientEntity } from "#server/patient/patient.entity.ts";
import { RecordingEntity, RecordingPartEntity } from "#server/recording/recording.entity.ts";
import { RoomEntity } from "#server/room/room.entity.ts";
import { StaffEntity } from "#server/staff/staff.entity.ts";
import { TokenEntity } from "#server/token/token.entity.ts";
import { TranscriptEntity } from "#server/transcript/transcript.entity.ts";
import { VisitTypeEntity } from "#server/visit-type/visit-type.entity.ts";

export const entities = [
  StaffEntity,
  RoomEntity,
  VisitTypeEntity,
  PatientEntity,
  AppointmentEntity,
  EncounterEntity,
  NoteEntity,
  NoteRevisionEntity,
  RecordingEntity,
  RecordingPartEntity,
  TranscriptEntity,
  DeviceEntity,
  TokenEntity,
];
