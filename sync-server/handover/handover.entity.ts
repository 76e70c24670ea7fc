import { defineEntity, p } from "@mikro-orm/core";
import type { Handover } from "#domain/handover/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "Handover",
  tableName: "handover",
  properties: {
    ...rowColumns,
    authorId: p.uuid(),
    toId: p.uuid(),
    kind: p.text().$type<Handover["kind"]>(),
    /** What was handed over lies sealed in quarantine, as does why it was discarded. */
    mutation: p.json<Handover["mutation"]>().nullable().persist(false).hydrate(false),
    code: p.text().nullable(),
    patientId: p.uuid().nullable(),
    words: p.text(),
    handedAt: instantColumn(),
    decision: p.text().$type<Handover["decision"]>().nullable(),
    decidedBy: p.uuid().nullable(),
    decidedAt: instantColumn().nullable(),
    decisionReason: p.text().nullable().persist(false).hydrate(false),
    closed: p.boolean(),
  },
});
export class HandoverEntity extends schema.class {}
schema.setClass(HandoverEntity);
