import { defineEntity, p } from "@mikro-orm/core";
import type { SentMessage } from "#domain/sent-message/index.ts";
import type { Pool } from "#domain/task/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "SentMessage",
  tableName: "sent_message",
  properties: {
    ...rowColumns,
    messageId: p.uuid(),
    kind: p.text().$type<SentMessage["kind"]>(),
    fromId: p.uuid(),
    toId: p.uuid().nullable(),
    pool: p.text().$type<Pool>().nullable(),
    patientId: p.uuid().nullable(),
    text: p.text(),
    sentAt: instantColumn(),
    readBy: p.uuid().nullable(),
    readAt: instantColumn().nullable(),
  },
});
export class SentMessageEntity extends schema.class {}
schema.setClass(SentMessageEntity);
