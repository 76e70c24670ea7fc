import { encounterIdOf } from "#domain/encounter/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import { emptyContent, noteIdOf, noteSections, revisionHash } from "#domain/note/index.ts";
import { recordingHash } from "#domain/recording/index.ts";
import type { MutationName } from "#domain/registry.ts";
import { captureGenerators } from "./capture-generators.ts";
import { chartGenerators, workGenerators } from "./chart-generators.ts";
import { booked, clinicians, type Generator, one, openVisits, patients, type Scene, slot } from "./scene.ts";

const bookedOne = (scene: Scene) => {
  const appointment = one(scene, booked(scene));
  return appointment && { id: appointment.id };
};

/** Whether the own name is on this tablet already: the list of colleagues may be on its way. */
const isHere = (scene: Scene) => scene.rows("staff").some(({ id }) => id === scene.userId);

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
  ...captureGenerators,

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
    const patient = one(scene, patients(scene).slice(0, 4)); // few, so that tablets meet on them
    if (!patient) return null;
    const { id } = patient;
    if (scene.random.chance(0.3)) return { id, phone: `(212) 555-01${10 + scene.random.below(90)}` };
    const field = scene.random.pick(["givenName", "familyName", "preferredName", "address"] as const);
    return { id, [field]: scene.typed(), birthDate: `19${60 + scene.random.below(40)}-03-09` };
  },

  "demographics-review.decide": (scene) => {
    const open = scene.rows("demographics-review").filter(({ decision }) => decision === null);
    const question = one(scene, open);
    const patient = scene.rows("patient").find(({ id }) => id === question?.patientId);
    if (!question || !patient) return null;
    const decision = scene.random.pick(["keep", "take"] as const);
    return { id: question.id, decision, seen: patient[question.field] };
  },

  "emergency-access.begin": ({ now }) => ({
    id: newId(),
    reason: "The clinic does not answer",
    until: instant(now + 3_600_000),
  }),
  "break-glass.end": (scene) => {
    const running = one(
      scene,
      scene.rows("break-glass").filter(({ userId, endedAt }) => userId === scene.userId && endedAt === null),
    );
    return running && { id: running.id };
  },
  "patient.openChart": (scene) => {
    const patient = one(scene, patients(scene));
    return patient && { id: patient.id };
  },

  "staff.printDay": (scene) =>
    isHere(scene) ? { id: scene.userId, day: instant(scene.now).slice(0, 10) } : null,
  "staff.printLooks": (scene) => {
    const patient = one(scene, patients(scene));
    return isHere(scene) && patient ? { id: scene.userId, patientId: patient.id } : null;
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
      seen: [present?.sectionRevisions[section] ?? []].flat(),
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
    const running = scene
      .rows("recording")
      .filter(({ id, status }) => status === "recording" && !scene.sounds.has(id));
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
