import { AddendumEntity } from "#server/addendum/addendum.entity.ts";
import { AlertEntity } from "#server/alert/alert.entity.ts";
import { AllergyEntity } from "#server/allergy/allergy.entity.ts";
import { AppointmentEntity } from "#server/appointment/appointment.entity.ts";
import { BreakGlassEntity } from "#server/break-glass/break-glass.entity.ts";
import { CaptureEntity, CapturePartEntity } from "#server/capture/capture.entity.ts";
import { CareTeamEntity } from "#server/care-team/care-team.entity.ts";
import { DemographicsReviewEntity } from "#server/demographics-review/demographics-review.entity.ts";
import { DeviceEntity } from "#server/device/device.entity.ts";
import { EmergencyAccessEntity } from "#server/emergency-access/emergency-access.entity.ts";
import { EncounterEntity } from "#server/encounter/encounter.entity.ts";
import { HandoverEntity } from "#server/handover/handover.entity.ts";
import { HeldSoundEntity, HeldSoundPartEntity } from "#server/held-sound/held-sound.entity.ts";
import { ImmunizationEntity } from "#server/immunization/immunization.entity.ts";
import { MedicationEntity } from "#server/medication/medication.entity.ts";
import { MessageEntity } from "#server/message/message.entity.ts";
import { NoneKnownEntity } from "#server/none-known/none-known.entity.ts";
import { NoteEntity, NoteRevisionEntity } from "#server/note/note.entity.ts";
import { PatientEntity } from "#server/patient/patient.entity.ts";
import { ProblemEntity } from "#server/problem/problem.entity.ts";
import { QuarantineEntity } from "#server/quarantine/quarantine.entity.ts";
import { RecordingEntity, RecordingPartEntity } from "#server/recording/recording.entity.ts";
import { RoomEntity } from "#server/room/room.entity.ts";
import { SafetyCardEntity } from "#server/safety-card/safety-card.entity.ts";
import { SentMessageEntity } from "#server/sent-message/sent-message.entity.ts";
import { SlotLeaseEntity } from "#server/slot-lease/slot-lease.entity.ts";
import { StaffEntity } from "#server/staff/staff.entity.ts";
import { TaskEntity } from "#server/task/task.entity.ts";
import { TokenEntity } from "#server/token/token.entity.ts";
import { TranscriptEntity } from "#server/transcript/transcript.entity.ts";
import { VisitTypeEntity } from "#server/visit-type/visit-type.entity.ts";
import { VitalsEntity } from "#server/vitals/vitals.entity.ts";
import { WaitListEntity } from "#server/wait-list/wait-list.entity.ts";
import { WorkingHoursEntity } from "#server/working-hours/working-hours.entity.ts";

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
  CaptureEntity,
  CapturePartEntity,
  HeldSoundEntity,
  HeldSoundPartEntity,
  DeviceEntity,
  EmergencyAccessEntity,
  BreakGlassEntity,
  TokenEntity,
  AddendumEntity,
  AlertEntity,
  AllergyEntity,
  CareTeamEntity,
  DemographicsReviewEntity,
  HandoverEntity,
  ImmunizationEntity,
  MedicationEntity,
  MessageEntity,
  NoneKnownEntity,
  ProblemEntity,
  QuarantineEntity,
  SafetyCardEntity,
  SentMessageEntity,
  SlotLeaseEntity,
  TaskEntity,
  VitalsEntity,
  WaitListEntity,
  WorkingHoursEntity,
];
