import { defineEntity, p } from "@mikro-orm/core";
import type { Role } from "#domain/access/roles.ts";
import type { Capture } from "#domain/capture/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "Capture",
  tableName: "capture",
  properties: {
    ...rowColumns,
    authorId: p.uuid(),
    role: p.text().$type<Role>(),
    label: p.text(),
    text: p.text(),
    sound: p.json<Capture["sound"]>().nullable(),
    writtenAt: instantColumn(),
    changedAt: instantColumn(),
    status: p.text().$type<Capture["status"]>(),
    patientId: p.uuid().nullable(),
    encounterId: p.uuid().nullable(),
    decidedBy: p.uuid().nullable(),
    decidedAt: instantColumn().nullable(),
    reason: p.text(),
    deviceId: p.uuid(),
    /** See soundIdOf in the domain; null while it has none. */
    soundId: p.uuid().nullable(),
    /** The content key of its sound as the tablet sealed it to the server; never synced. */
    sealedKey: p.text().nullable(),
  },
});
export class CaptureEntity extends schema.class {}
schema.setClass(CaptureEntity);

/** A part of its sound whose bytes are durable on the server, while it belongs to no visit. */
const partSchema = defineEntity({
  name: "CapturePart",
  tableName: "capture_part",
  properties: {
    soundId: p.uuid().primary(),
    part: p.integer().primary(),
    bytes: p.bigint("number"),
    sealedBytes: p.bigint("number"),
    sha256: p.text(),
    storedAt: instantColumn(),
  },
});
export class CapturePartEntity extends partSchema.class {}
partSchema.setClass(CapturePartEntity);
