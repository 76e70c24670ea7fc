import { defineEntity, p } from "@mikro-orm/core";
import type { Recording } from "#domain/recording/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const recordingSchema = defineEntity({
  name: "Recording",
  tableName: "recording",
  properties: {
    ...rowColumns,
    encounterId: p.uuid(),
    patientId: p.uuid(),
    clinicianId: p.uuid(),
    status: p.text().$type<Recording["status"]>(),
    consent: p.json<Recording["consent"]>(),
    startedAt: instantColumn(),
    endedAt: instantColumn().nullable(),
    parts: p.json<Recording["parts"]>(),
    gaps: p.json<Recording["gaps"]>(),
    sha256: p.text().nullable(),
    progress: p.double().$type<number>(),
    failure: p.text().nullable(),
    moves: p.json<Recording["moves"]>(),
    /** The content key as the tablet sealed it to the server; never synced. */
    sealedKey: p.text(),
    deviceId: p.uuid(),
  },
});
export class RecordingEntity extends recordingSchema.class {}
recordingSchema.setClass(RecordingEntity);

/** A part whose bytes are durable on the server. */
const partSchema = defineEntity({
  name: "RecordingPart",
  tableName: "recording_part",
  properties: {
    recordingId: p.uuid().primary(),
    part: p.integer().primary(),
    bytes: p.bigint("number"),
    sealedBytes: p.bigint("number"),
    sha256: p.text(),
    storedAt: instantColumn(),
  },
});
export class RecordingPartEntity extends partSchema.class {}
partSchema.setClass(RecordingPartEntity);

/** What is known of a part, whatever it is a part of. */
export type StoredPart = Pick<RecordingPartEntity, "part" | "bytes" | "sealedBytes" | "sha256" | "storedAt">;

/** Where a part of a recording lies in the store. */
export const partAtRest = (
  recording: Pick<RecordingEntity, "id" | "startedAt" | "encounterId">,
  part: number,
) => ({
  recordingId: recording.id,
  startedAt: recording.startedAt,
  encounterId: recording.encounterId,
  part,
});
