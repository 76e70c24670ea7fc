import { newSalt } from "#domain/capture/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import { recordingHash } from "#domain/recording/index.ts";
import type { MutationName } from "#domain/registry.ts";
import { type Generator, one, openVisits, patients, type Scene } from "./scene.ts";

const waiting = (scene: Scene) => scene.rows("capture").filter(({ status }) => status === "waiting");

/** Now and then somebody goes on with what is at the clinic already, and a colleague may be deciding about. */
const ownOrNew = (scene: Scene): string => {
  const own = scene.rows("capture").filter(({ authorId }) => authorId === scene.userId);
  return (scene.random.chance(0.4) ? one(scene, own)?.id : undefined) ?? newId();
};

/** What is written and said without reading, and what becomes of it. */
export const captureGenerators = {
  "capture.write": (scene) => ({
    id: ownOrNew(scene),
    label: scene.typed(),
    text: scene.typed(),
    salt: newSalt(),
  }),
  "capture.beginRecording": async (scene) => ({
    id: ownOrNew(scene),
    consent: { by: "patient" as const, at: instant(scene.now) },
    sealedKey: await scene.sealedKey(),
  }),
  "capture.completeRecording": (scene) => {
    const begun = waiting(scene).filter(({ sound }) => sound && sound.sha256 === null);
    const capture = one(scene, begun);
    return (
      capture && {
        id: capture.id,
        parts: [],
        gaps: [],
        endedAt: instant(scene.now),
        sha256: recordingHash([]),
      }
    );
  },
  "capture.open": (scene) => {
    const capture = one(scene, waiting(scene));
    return capture && { id: capture.id };
  },
  "capture.match": (scene) => {
    const capture = one(scene, scene.rows("capture"));
    const visit = scene.random.chance(0.5) ? one(scene, openVisits(scene)) : null;
    const patientId = visit?.patientId ?? one(scene, patients(scene))?.id;
    return capture && patientId ? { id: capture.id, patientId, encounterId: visit?.id ?? null } : null;
  },
  "capture.discard": (scene) => {
    const capture = one(scene, waiting(scene));
    return capture && { id: capture.id, reason: scene.typed() };
  },
  "capture.release": (scene) => {
    const matched = scene.rows("capture").filter(({ status }) => status !== "waiting");
    const capture = one(scene, matched);
    return capture && { id: capture.id, patientId: capture.patientId, reason: scene.typed() };
  },
} satisfies { readonly [K in MutationName]?: Generator<K> };
