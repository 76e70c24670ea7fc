import { capture, soundIdOf } from "#domain/capture/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { deriveId } from "#domain/kernel/id.ts";
import { recordingHash } from "#domain/recording/index.ts";
import { samePerson } from "#server/patient/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { CaptureEntity } from "./capture.entity.ts";
import { matchCapture } from "./capture.match.ts";
import { completeSound, takeSound } from "./capture.sound.ts";
import { tellAuthor } from "./tell-author.ts";

export const captureSlice = defineSlice({
  collection: capture,
  entity: CaptureEntity,
  /** What stood there before each pause is kept: no word of it vanishes. */
  history: true,
  handlers: {
    write: async ({ tx, args, user, mutation, load, apply, save }) => {
      const present = await load();
      if (present && present.authorId !== user.id) throw new DomainError("not_yours");
      const { deviceId } = user;
      if (!present || present.status === "waiting") return save(apply(present)!, { deviceId });
      // Decided before these words arrived: they are a note of their own, and wait like one.
      if (present.text === args.text && present.label === args.label) return;
      const id = deriveId("capture", mutation.id);
      tx.em.create(CaptureEntity, {
        ...apply(undefined)!,
        id,
        deviceId,
        soundId: null,
        sealedKey: null,
      } as never);
      await tx.em.flush();
    },
    beginRecording: async ({ practice, tx, args, user, load, apply, save }) => {
      const present = await load();
      if (present && present.authorId !== user.id) throw new DomainError("not_yours");
      if (present && present.status !== "waiting") throw new DomainError("capture_decided");
      if (present?.sound) {
        if (present.sound.consent.at === args.consent.at) return;
        throw new DomainError("already_exists");
      }
      const contentKey = await practice.keys.openFromTablet(args.sealedKey);
      if (contentKey.length !== 32) throw new DomainError("invalid_arguments", { field: "sealedKey" });
      const soundId = soundIdOf(args.id);
      await practice.keys.visitKey(soundId, { create: true });
      const { sealedKey } = args;
      const begun = apply(present)!;
      await save(begun, { sealedKey, soundId, deviceId: user.deviceId });
      await takeSound(tx, { id: soundId, authorId: begun.authorId, sealedKey });
    },
    completeRecording: async (context) => {
      const { args, user, load } = context;
      const present = await load();
      if (!present?.sound) throw new DomainError("missing_parent");
      if (present.authorId !== user.id) throw new DomainError("not_yours");
      if (new Set(args.parts.map(({ part }) => part)).size !== args.parts.length)
        throw new DomainError("invalid_arguments", { field: "parts", problem: "names a part twice" });
      if (recordingHash(args.parts) !== args.sha256) throw new DomainError("checksum_mismatch");
      await completeSound(context, present, present.sound);
    },
    open: async ({ load }) => {
      if (!(await load())) throw new DomainError("missing_parent");
    },
    match: matchCapture,
    discard: async ({ tx, user, stamp, load, apply, save }) => {
      const present = await load();
      if (!present) throw new DomainError("missing_parent");
      if (present.status !== "waiting") throw new DomainError("capture_decided", { status: present.status });
      const discarded = apply(present)!;
      await save(discarded);
      await tellAuthor(tx.em, discarded, { by: user.id, ...stamp });
    },
    release: async ({ tx, args, load, apply, save }) => {
      const present = await load();
      if (!present) throw new DomainError("missing_parent");
      const { status, patientId, encounterId, sound } = present;
      const named =
        args.patientId === null
          ? patientId === null
          : patientId !== null && (await samePerson(tx.em, patientId, args.patientId));
      if (status === "waiting" || !named) throw new DomainError("capture_decided", { status });
      if (encounterId !== null && sound) throw new DomainError("capture_in_visit");
      await save(apply(present)!);
    },
  },
});
