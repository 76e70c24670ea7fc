import { encounterIdOf } from "#domain/encounter/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import { emptyContent, noteIdOf, noteSections, revisionHash } from "#domain/note/index.ts";
import { recordingHash } from "#domain/recording/index.ts";
import type { MutationName } from "#domain/registry.ts";
import { chartGenerators, workGenerators } from "./chart-generators.ts";
import { booked, clinicians, type Generator, one, openVisits, patients, type Scene, slot } from "./scene.ts";

const bookedOne = (scene: Scene) => {
  const appointment = one(scene, booked(scene));
  return appointment && { id: appointment.id };
};

function booking(scene: Scene) {
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
    overbookReason: scene.random.chance(0.1) ? scene.typed() : "",
  };
}

/** One entry per mutation of the registry: a new slice joins the simulator by the type error that stands here. */
export const generators: { readonly [K in MutationName]: Generator<K> } = {
  ...chartGenerators,
  ...workGenerators,

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

  "patient.openChart": (scene) => {
    const patient = one(scene, patients(scene));
    return patient && { id: patient.id };
  },

  "appointment.book": booking,
  "appointment.walkIn": booking,

  "appointment.move": (scene) => {
    const appointment = one(scene, booked(scene));
    return appointment && { id: appointment.id, clinicianId: appointment.clinicianId, ...slot(scene) };
  },

  "appointment.confirm": bookedOne,
  "appointment.checkIn": bookedOne,
  "appointment.room": bookedOne,
  "appointment.finish": bookedOne,
  "appointment.miss": bookedOne,
  "appointment.cancel": bookedOne,
  "appointment.undo": bookedOne,

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
