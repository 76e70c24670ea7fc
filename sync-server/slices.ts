import type { CollectionName } from "#domain/registry.ts";
import { addendumSlice } from "./addendum/addendum.handlers.ts";
import { alertSlice } from "./alert/alert.handlers.ts";
import { allergySlice } from "./allergy/allergy.handlers.ts";
import { appointmentSlice } from "./appointment/appointment.handlers.ts";
import { breakGlassSlice } from "./break-glass/break-glass.handlers.ts";
import { captureSlice } from "./capture/capture.handlers.ts";
import { careTeamSlice } from "./care-team/care-team.handlers.ts";
import { demographicsReviewSlice } from "./demographics-review/demographics-review.handlers.ts";
import { deviceSlice } from "./device/device.handlers.ts";
import { emergencyAccessSlice } from "./emergency-access/emergency-access.handlers.ts";
import { encounterSlice } from "./encounter/encounter.handlers.ts";
import { handoverSlice } from "./handover/handover.handlers.ts";
import { immunizationSlice } from "./immunization/immunization.handlers.ts";
import { medicationSlice } from "./medication/medication.handlers.ts";
import { messageSlice } from "./message/message.handlers.ts";
import { noneKnownSlice } from "./none-known/none-known.handlers.ts";
import { noteSlice } from "./note/note.handlers.ts";
import { patientSlice } from "./patient/patient.handlers.ts";
import { problemSlice } from "./problem/problem.handlers.ts";
import { quarantineSlice } from "./quarantine/quarantine.handlers.ts";
import { recordingSlice } from "./recording/recording.handlers.ts";
import { roomSlice } from "./room/room.handlers.ts";
import { safetyCardSlice } from "./safety-card/safety-card.handlers.ts";
import { sentMessageSlice } from "./sent-message/sent-message.handlers.ts";
import { slotLeaseSlice } from "./slot-lease/slot-lease.handlers.ts";
import { staffSlice } from "./staff/staff.handlers.ts";
import type { ServerSlice } from "./sync/slice.ts";
import { taskSlice } from "./task/task.handlers.ts";
import { tokenSlice } from "./token/token.handlers.ts";
import { transcriptSlice } from "./transcript/transcript.handlers.ts";
import { visitTypeSlice } from "./visit-type/visit-type.handlers.ts";
import { vitalsSlice } from "./vitals/vitals.handlers.ts";
import { waitListSlice } from "./wait-list/wait-list.handlers.ts";
import { workingHoursSlice } from "./working-hours/working-hours.handlers.ts";

/** The server's side of every collection. The type demands an entry for each one in the registry. */
export const slices: Readonly<Record<CollectionName, ServerSlice>> = {
  staff: staffSlice,
  room: roomSlice,
  "visit-type": visitTypeSlice,
  "working-hours": workingHoursSlice,
  patient: patientSlice,
  "demographics-review": demographicsReviewSlice,
  "safety-card": safetyCardSlice,
  "care-team": careTeamSlice,
  appointment: appointmentSlice,
  "slot-lease": slotLeaseSlice,
  "wait-list": waitListSlice,
  encounter: encounterSlice,
  task: taskSlice,
  message: messageSlice,
  "sent-message": sentMessageSlice,
  handover: handoverSlice,
  alert: alertSlice,
  allergy: allergySlice,
  medication: medicationSlice,
  problem: problemSlice,
  immunization: immunizationSlice,
  vitals: vitalsSlice,
  "none-known": noneKnownSlice,
  note: noteSlice,
  addendum: addendumSlice,
  recording: recordingSlice,
  transcript: transcriptSlice,
  capture: captureSlice,
  quarantine: quarantineSlice,
  device: deviceSlice,
  token: tokenSlice,
  "emergency-access": emergencyAccessSlice,
  "break-glass": breakGlassSlice,
};

/** The slice whose records lie in a table; tables are named as collections with `_` for `-`. */
export const sliceOfTable = (table: string): ServerSlice | undefined =>
  slices[table.replaceAll("_", "-") as CollectionName];
