import { encounterIdOf } from "#domain/encounter/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import { emptyContent, noteIdOf, noteSections, revisionHash } from "#domain/note/index.ts";
import { recordingHash } from "#domain/recording/index.ts";
import type { ArgsOf, CollectionName, MutationName, RowOf } from "#domain/registry.ts";
import type { Random } from "../random.ts";

/** What a person sees and has at hand when doing something. */
export interface Scene {
  readonly random: Random;
  readonly now: number;
  readonly userId: string;
  /** What the tablet shows, by id. */
  rows<N extends CollectionName>(name: N): readonly RowOf<N>[];
  /** A word that nobody typed before; the simulator looks for it later. */
  typed(): string;
  /** A content key sealed to the clinic, as a recording needs one. */
  sealedKey(): Promise<string>;
  /** Patients that people never touch: see the world's planted charts and pairs. */
  readonly reserved: ReadonlySet<string>;
}

/** Arguments that make sense now, or null when there is nothing to do it with. */
type Generator<K extends MutationName> = (scene: Scene) => ArgsOf<K> | null | Promise<ArgsOf<K> | null>;

const one = <T>({ random }: Scene, list: readonly T[]): T | null =>
  list.length > 0 ? random.pick(list) : null;

const patients = (scene: Scene) => scene.rows("patient").filter(({ id }) => !scene.reserved.has(id));

/** Few slots, so that tablets meet on them. */
function slot({ random, now }: Scene): { start: string; minutes: number } {
  const hour = Math.ceil(now / 3_600_000) * 3_600_000;
  return { start: instant(hour + random.below(12) * 900_000), minutes: random.pick([15, 30]) };
}

const clinicians = (scene: Scene) => scene.rows("staff").filter(({ roles }) => roles.includes("clinician"));

const openVisits = (scene: Scene) => scene.rows("encounter").filter(({ status }) => status === "in-progress");

const booked = (scene: Scene) =>
  scene.rows("appointment").filter(({ patientId }) => !scene.reserved.has(patientId));

/** One entry per mutation of the registry: a new slice joins the simulator by the type error that stands here. */
export const generators: { readonly [K in MutationName]: Generator<K> } = {
  "patient.register": ({ random, typed }) => ({
    id: newId(),
    givenName: random.pick(["Ana", "Bo", "Cy"]),
    familyName: typed(),
    preferredName: "",
    birthDate: `19${60 + random.below(40)}-03-09`,
    sex: random.pick(["female", "male"] as const),
    phone: "",
  }),

  "patient.update": (scene) => {
    const patient = one(scene, patients(scene));
    if (!patient) return null;
    return scene.random.chance(0.5)
      ? { id: patient.id, phone: `(212) 555-01${10 + scene.random.below(90)}` }
      : { id: patient.id, preferredName: scene.typed() };
  },

  "appointment.book": (scene) => {
    const patient = one(scene, patients(scene));
    const clinician = one(scene, clinicians(scene));
    const visitType = one(scene, scene.rows("visit-type"));
    if (!patient || !clinician || !visitType) return null;
    return {
      id: newId(),
      patientId: patient.id,
      clinicianId: clinician.id,
      visitTypeId: visitType.id,
      ...slot(scene),
      reason: scene.typed(),
    };
  },

  "appointment.move": (scene) => {
    const appointment = one(scene, booked(scene));
    return appointment && { id: appointment.id, clinicianId: appointment.clinicianId, ...slot(scene) };
  },

  "appointment.checkIn": (scene) => {
    const appointment = one(scene, booked(scene));
    return appointment && { id: appointment.id };
  },

  "appointment.cancel": (scene) => {
    const appointment = one(scene, booked(scene));
    return appointment && { id: appointment.id };
  },

  "encounter.start": (scene) => {
    const appointment = one(scene, booked(scene));
    return (
      appointment && {
        id: encounterIdOf(appointment.id),
        appointmentId: appointment.id,
        patientId: appointment.patientId,
        clinicianId: appointment.clinicianId,
      }
    );
  },

  "encounter.finish": (scene) => {
    const visit = one(scene, openVisits(scene));
    return visit && { id: visit.id };
  },

  "note.revise": (scene) => {
    const visit = one(scene, openVisits(scene));
    if (!visit) return null;
    const id = noteIdOf(visit.id);
    const present = scene.rows("note").find((note) => note.id === id);
    const content = present?.content ?? emptyContent();
    const section = scene.random.pick(noteSections);
    const words = { text: scene.typed(), origin: "typed" as const };
    const kept = scene.random.chance(0.8) ? content[section] : [];
    return {
      id,
      encounterId: visit.id,
      patientId: visit.patientId,
      revisionId: newId(),
      base: present?.revisionId ?? null,
      content: { ...content, [section]: [...kept, words] },
      changed: [section],
    };
  },

  "note.sign": (scene) => {
    const own = scene
      .rows("note")
      .filter(({ status, authorId }) => status === "draft" && authorId === scene.userId);
    const note = one(scene, own);
    return note && { id: note.id, revisionId: note.revisionId, hash: revisionHash(note.id, note.content) };
  },

  "recording.begin": async (scene) => {
    const visit = one(scene, openVisits(scene));
    if (!visit) return null;
    return {
      id: newId(),
      encounterId: visit.id,
      patientId: visit.patientId,
      consent: { by: "patient" as const, at: instant(scene.now) },
      sealedKey: await scene.sealedKey(),
    };
  },

  "recording.complete": (scene) => {
    const running = scene.rows("recording").filter(({ status }) => status === "recording");
    const recording = one(scene, running);
    if (!recording) return null;
    const part = {
      part: 0,
      mime: "audio/webm;codecs=opus" as const,
      bytes: 1000,
      seconds: 5,
      startOffset: 0,
      sha256: scene.random.below(4_294_967_296).toString(16).padStart(64, "0"),
    };
    return {
      id: recording.id,
      parts: [part],
      gaps: [],
      endedAt: instant(scene.now),
      sha256: recordingHash([part]),
    };
  },
};
