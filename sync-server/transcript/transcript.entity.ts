import { defineEntity, p } from "@mikro-orm/core";
import type { TranscriptRow } from "#domain/transcript/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "Transcript",
  tableName: "transcript",
  properties: {
    ...rowColumns,
    recordingId: p.uuid(),
    encounterId: p.uuid(),
    patientId: p.uuid(),
    /** Segments, gaps and draft, encrypted under the visit's key. */
    sealed: p.blob(),
    model: p.json<TranscriptRow["model"]>(),
    audioSeconds: p.double().$type<number>(),
    wallSeconds: p.double().$type<number>(),
    createdAt: instantColumn(),
  },
});
export class TranscriptEntity extends schema.class {}
schema.setClass(TranscriptEntity);
