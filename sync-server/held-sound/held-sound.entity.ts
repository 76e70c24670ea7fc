import { defineEntity, p } from "@mikro-orm/core";
import { instantColumn } from "#server/database/columns.ts";

/** Sound whose beginning waits for review: see the migration that made the table. */
const schema = defineEntity({
  name: "HeldSound",
  tableName: "held_sound",
  properties: {
    id: p.uuid().primary(),
    quarantineId: p.uuid(),
    authorId: p.uuid(),
    deviceId: p.uuid(),
    patientId: p.uuid().nullable(),
    startedAt: instantColumn(),
    /** The content key as the tablet sealed it to the server. */
    sealedKey: p.text(),
  },
});
export class HeldSoundEntity extends schema.class {}
schema.setClass(HeldSoundEntity);

/** A part of it whose bytes are durable on the server, under the sound's own key. */
const partSchema = defineEntity({
  name: "HeldSoundPart",
  tableName: "held_sound_part",
  properties: {
    soundId: p.uuid().primary(),
    part: p.integer().primary(),
    bytes: p.bigint("number"),
    sealedBytes: p.bigint("number"),
    sha256: p.text(),
    storedAt: instantColumn(),
  },
});
export class HeldSoundPartEntity extends partSchema.class {}
partSchema.setClass(HeldSoundPartEntity);
