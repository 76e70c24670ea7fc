import { DomainError } from "#domain/errors/catalog.ts";
import { recording, recordingHash } from "#domain/recording/index.ts";
import { EncounterEntity } from "#server/encounter/index.ts";
import { takeHeldSound } from "#server/held-sound/index.ts";
import { samePerson } from "#server/patient/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { storeWhenComplete } from "./recording.completion.ts";
import { RecordingEntity } from "./recording.entity.ts";
import { keepParts } from "./recording.keep-parts.ts";
import { moveRecording } from "./recording.move.ts";

export const recordingSlice = defineSlice({
  collection: recording,
  entity: RecordingEntity,
  handlers: {
    begin: async ({ practice, tx, args, user, load, apply, save }) => {
      if (await load()) throw new DomainError("already_exists");
      const encounter = await tx.em.findOne(EncounterEntity, { id: args.encounterId });
      if (!encounter) throw new DomainError("missing_parent");
      if (!(await samePerson(tx.em, encounter.patientId, args.patientId)))
        throw new DomainError("invalid_arguments", {
          field: "patientId",
          problem: "is not the encounter's patient",
        });
      const contentKey = await practice.keys.openFromTablet(args.sealedKey);
      if (contentKey.length !== 32) throw new DomainError("invalid_arguments", { field: "sealedKey" });
      await practice.keys.visitKey(args.encounterId, { create: true });
      const { patientId } = encounter;
      const { id, encounterId, sealedKey } = args;
      const begun = { ...apply(undefined)!, patientId };
      await save(begun, { sealedKey, deviceId: user.deviceId });
      const held = await takeHeldSound(tx.em, { id, authorId: begun.clinicianId, sealedKey });
      if (held) await keepParts(practice, tx, { id, encounterId, ...held });
    },
    complete: async ({ practice, tx, args, user, load, apply, save }) => {
      const present = await load();
      if (!present) throw new DomainError("missing_parent");
      if (present.clinicianId !== user.id) throw new DomainError("not_yours");
      if (present.status !== "recording") {
        if (present.sha256 === args.sha256) return;
        throw new DomainError("recording_closed");
      }
      if (new Set(args.parts.map(({ part }) => part)).size !== args.parts.length)
        throw new DomainError("invalid_arguments", { field: "parts", problem: "names a part twice" });
      if (recordingHash(args.parts) !== args.sha256) throw new DomainError("checksum_mismatch");
      await save(apply(present)!);
      await storeWhenComplete(practice, tx, args.id);
    },
    /** Recorded on the wrong patient: sound and transcript go to the right visit, under its key (C05). */
    move: moveRecording,
  },
});
