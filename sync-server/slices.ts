import type { CollectionName } from "#domain/registry.ts";
import { appointmentSlice } from "./appointment/appointment.handlers.ts";
import { deviceSlice } from "./device/device.handlers.ts";
import { encounterSlice } from "./encounter/encounter.handlers.ts";
import { noteSlice } from "./note/note.handlers.ts";
import { patientSlice } from "./patient/patient.handlers.ts";
import { recordingSlice } from "./recording/recording.handlers.ts";
import { roomSlice } from "./room/room.handlers.ts";
import { staffSlice } from "./staff/staff.handlers.ts";
import type { ServerSlice } from "./sync/slice.ts";
import { tokenSlice } from "./token/token.handlers.ts";
import { transcriptSlice } from "./transcript/transcript.handlers.ts";
import { visitTypeSlice } from "./visit-type/visit-type.handlers.ts";

/** The server's side of every collection. The type demands an entry for each one in the registry. */
export const slices: Readonly<Record<CollectionName, ServerSlice>> = {
  staff: staffSlice,
  room: roomSlice,
  "visit-type": visitTypeSlice,
  patient: patientSlice,
  appointment: appointmentSlice,
  encounter: encounterSlice,
  note: noteSlice,
  recording: recordingSlice,
  transcript: transcriptSlice,
  device: deviceSlice,
  token: tokenSlice,
};

/** The slice whose records lie in a table; tables are named as collections with `_` for `-`. */
export const sliceOfTable = (table: string): ServerSlice | undefined =>
  slices[table.replaceAll("_", "-") as CollectionName];
