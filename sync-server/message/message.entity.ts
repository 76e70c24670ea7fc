import { defineEntity, p } from "@mikro-orm/core";
import type { Message } from "#domain/message/index.ts";
import type { Pool } from "#domain/task/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "Message",
  tableName: "message",
  properties: {
    ...rowColumns,
    kind: p.text().$type<Message["kind"]>(),
    fromId: p.uuid(),
    toId: p.uuid().nullable(),
    pool: p.text().$type<Pool>().nullable(),
    patientId: p.uuid().nullable(),
    replyTo: p.uuid().nullable(),
    text: p.text(),
    sentAt: instantColumn(),
    readBy: p.uuid().nullable(),
    readAt: instantColumn().nullable(),
  },
});
export class MessageEntity extends schema.class {}
schema.setClass(MessageEntity);
