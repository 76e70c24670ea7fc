import { defineEntity, p } from "@mikro-orm/core";
import type { Role } from "#domain/access/roles.ts";
import { rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "Staff",
  tableName: "staff",
  properties: {
    ...rowColumns,
    name: p.text(),
    suffix: p.text(),
    roles: p.array().columnType("text[]").$type<Role[]>(),
    active: p.boolean(),
  },
});
export class StaffEntity extends schema.class {}
schema.setClass(StaffEntity);
