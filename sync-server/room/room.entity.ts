import { defineEntity, p } from "@mikro-orm/core";
import { rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "Room",
  tableName: "room",
  properties: { ...rowColumns, name: p.text(), active: p.boolean() },
});
export class RoomEntity extends schema.class {}
schema.setClass(RoomEntity);
