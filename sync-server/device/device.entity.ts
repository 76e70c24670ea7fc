import { defineEntity, p } from "@mikro-orm/core";
import type { Device } from "#domain/device/index.ts";
import type { PublicKey } from "#domain/sync/session.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "Device",
  tableName: "device",
  properties: {
    ...rowColumns,
    name: p.text(),
    status: p.text().$type<Device["status"]>(),
    key: p.json<PublicKey>().nullable(),
    enrolledAt: instantColumn(),
    lastSeenAt: instantColumn().nullable(),
    wipeAskedAt: instantColumn().nullable(),
    wipeAskedBy: p.uuid().nullable(),
    wipedAt: instantColumn().nullable(),
    wipeLeft: p.integer().nullable(),
  },
});
export class DeviceEntity extends schema.class {}
schema.setClass(DeviceEntity);
