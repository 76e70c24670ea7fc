import { careTeamIdOf } from "#domain/care-team/index.ts";
import { chartLists } from "#domain/chart/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { addDays, instant } from "#domain/kernel/instant.ts";
import { noneKnownIdOf } from "#domain/none-known/index.ts";
import { revisionHash } from "#domain/note/index.ts";
import type { CollectionName, MutationName, RowOf } from "#domain/registry.ts";
import { handoverKind, mayTake } from "#domain/sync/review.ts";
import { workingHoursIdOf } from "#domain/working-hours/index.ts";
import { type Generator, one, openVisits, patients, type Scene } from "./scene.ts";

const today = ({ now }: Scene): string => instant(now).slice(0, 10);

/** A patient and, half of the time, a visit of theirs in which something is entered. */
function entry(scene: Scene): { id: string; patientId: string; encounterId: string | null } | null {
  const patient = one(scene, patients(scene));
  if (!patient) return null;
  const visit = one(
    scene,
    openVisits(scene).filter(({ patientId }) => patientId === patient.id),
  );
  return {
    id: newId(),
    patientId: patient.id,
    encounterId: scene.random.chance(0.5) ? (visit?.id ?? null) : null,
  };
}

const anyOf = <N extends CollectionName>(scene: Scene, name: N): RowOf<N> | null =>
  one(scene, scene.rows(name));

/** Names an entry of a patient that nobody plants. */
function touched<N extends CollectionName>(scene: Scene, name: N) {
  const row = anyOf(scene, name) as { id: string; patientId: string } | null;
  return row && !scene.reserved.has(row.patientId) ? { id: row.id, patientId: row.patientId } : null;
}

/** The change of an entry that this tablet shows. */
function seen<N extends CollectionName>(scene: Scene, name: N, id: string): string {
  const rows = scene.rows(name) as readonly { id: string; lastChange?: { id: string } }[];
  return rows.find((row) => row.id === id)?.lastChange?.id ?? newId();
}

/** Two entries of one patient, of which one is to stay. */
function twoOf(scene: Scene, name: "problem" | "allergy" | "medication") {
  const at = touched(scene, name);
  const others = (scene.rows(name) as readonly { id: string; patientId: string }[]).filter(
    ({ id, patientId }) => at && patientId === at.patientId && id !== at.id,
  );
  const kept = one(scene, others);
  return at && kept
    ? { ...at, keptId: kept.id, seen: seen(scene, name, at.id), keptSeen: seen(scene, name, kept.id) }
    : null;
}

const dosage = (scene: Scene) => ({
  dose: scene.typed(),
  route: "by mouth",
  frequency: "once daily",
  instructions: "",
});

/** Clinical facts. */
export const chartGenerators = {
  "problem.add": (scene) => {
    const at = entry(scene);
    return at && { ...at, title: scene.typed() };
  },
  "problem.correct": (scene) => {
    const at = touched(scene, "problem");
    return (
      at && {
        ...at,
        seen: seen(scene, "problem", at.id),
        title: scene.typed(),
        code: null,
        onset: null,
        note: "",
      }
    );
  },
  "problem.confirm": (scene) => touched(scene, "problem"),
  "problem.resolve": (scene) => {
    const at = touched(scene, "problem");
    return at && { ...at, resolvedOn: today(scene) };
  },
  "problem.reopen": (scene) => touched(scene, "problem"),
  "problem.join": (scene) => twoOf(scene, "problem"),
  "problem.separate": (scene) => touched(scene, "problem"),
  "problem.enterInError": (scene) => touched(scene, "problem"),
  "allergy.add": (scene) => {
    const at = entry(scene);
    return at && { ...at, substance: scene.typed() };
  },
  "allergy.correct": (scene) => {
    const at = touched(scene, "allergy");
    return (
      at && {
        ...at,
        seen: seen(scene, "allergy", at.id),
        reactions: [],
        severity: "mild" as const,
        note: scene.typed(),
      }
    );
  },
  "allergy.confirm": (scene) => touched(scene, "allergy"),
  "allergy.refute": (scene) => {
    const at = touched(scene, "allergy");
    return at && { ...at, seen: seen(scene, "allergy", at.id), statusReason: scene.typed() };
  },
  "allergy.end": (scene) => {
    const at = touched(scene, "allergy");
    return at && { ...at, seen: seen(scene, "allergy", at.id), statusReason: scene.typed() };
  },
  "allergy.reinstate": (scene) => touched(scene, "allergy"),
  "allergy.join": (scene) => twoOf(scene, "allergy"),
  "allergy.separate": (scene) => touched(scene, "allergy"),
  "allergy.enterInError": (scene) => {
    const at = touched(scene, "allergy");
    return at && { ...at, statusReason: scene.typed() };
  },
  "medication.add": (scene) => {
    const at = entry(scene);
    return at && { ...at, name: scene.typed(), ...dosage(scene) };
  },
  "medication.changeDose": (scene) => {
    const at = touched(scene, "medication");
    return at && { ...at, ...dosage(scene), seen: seen(scene, "medication", at.id) };
  },
  "medication.stop": (scene) => {
    const at = touched(scene, "medication");
    return (
      at && {
        ...at,
        stoppedOn: today(scene),
        stopReason: scene.typed(),
        seen: seen(scene, "medication", at.id),
      }
    );
  },
  "medication.resume": (scene) => touched(scene, "medication"),
  "medication.decide": (scene) => {
    const waiting = scene.rows("medication").filter(({ pending }) => pending.length > 0);
    const row = one(scene, waiting);
    return (
      row && {
        id: row.id,
        patientId: row.patientId,
        pendingId: row.pending[0]!.id,
        decision: scene.random.pick(["take", "drop"] as const),
      }
    );
  },
  "medication.confirm": (scene) => touched(scene, "medication"),
  "medication.join": (scene) => twoOf(scene, "medication"),
  "medication.separate": (scene) => touched(scene, "medication"),
  "medication.enterInError": (scene) => touched(scene, "medication"),
  "immunization.add": (scene) => {
    const at = entry(scene);
    return at && { ...at, vaccine: scene.typed(), givenOn: today(scene), source: "told" as const };
  },
  "immunization.enterInError": (scene) => touched(scene, "immunization"),
  "vitals.record": (scene) => {
    const at = entry(scene);
    const value = 50 + scene.random.below(50);
    return (
      at && {
        ...at,
        takenAt: instant(scene.now),
        measurements: [{ code: "8867-4", value, unit: "/min", confirmed: false }],
        note: scene.typed(),
      }
    );
  },
  "vitals.enterInError": (scene) => {
    const at = touched(scene, "vitals");
    return at && { ...at, statusReason: scene.typed() };
  },
  "vitals.move": (scene) => {
    const at = touched(scene, "vitals");
    const to = one(scene, patients(scene));
    return at && to && { id: at.id, patientId: to.id, encounterId: null, reason: scene.typed() };
  },
  "alert.add": (scene) => {
    const at = entry(scene);
    return at && { ...at, kind: "safety" as const, text: scene.typed() };
  },
  "alert.end": (scene) => touched(scene, "alert"),
  "alert.resume": (scene) => touched(scene, "alert"),
  "none-known.assert": (scene) => {
    const patient = one(scene, patients(scene));
    const list = scene.random.pick(chartLists);
    return patient && { id: noneKnownIdOf(patient.id, list), patientId: patient.id, list };
  },
  "none-known.retire": (scene) => touched(scene, "none-known"),
  "care-team.restrict": (scene) => {
    const patient = one(scene, patients(scene));
    return patient && { id: careTeamIdOf(patient.id), patientId: patient.id, memberIds: [scene.userId] };
  },
  "note.signNurseNote": (scene) => {
    const own = scene
      .rows("note")
      .filter(
        ({ kind, status, authorId }) => kind === "nurse" && status === "draft" && authorId === scene.userId,
      );
    const note = one(scene, own);
    return note && { id: note.id, revisionId: note.revisionId, hash: revisionHash(note.id, note.content) };
  },
  "note.retract": (scene) => {
    const own = scene
      .rows("note")
      .filter(({ status, authorId }) => status === "signed" && authorId === scene.userId);
    const note = one(scene, own);
    return note && { id: note.id, patientId: note.patientId, reason: scene.typed() };
  },
  "addendum.write": (scene) => {
    const note = one(
      scene,
      scene.rows("note").filter(({ status }) => status === "signed"),
    );
    return note && { id: newId(), noteId: note.id, patientId: note.patientId, text: scene.typed() };
  },
  "recording.move": (scene) => {
    const recording = one(
      scene,
      scene.rows("recording").filter(({ status }) => status !== "recording"),
    );
    const visit = one(scene, openVisits(scene));
    return (
      recording &&
      visit && { id: recording.id, encounterId: visit.id, patientId: visit.patientId, reason: scene.typed() }
    );
  },
} satisfies { readonly [K in MutationName]?: Generator<K> };

/** Wait list, places, hours, tasks and messages. */
export const workGenerators = {
  "patient.markDeceased": () => null, // would end the bookings that the other generators live on
  "room.add": (scene) => ({ id: newId(), name: scene.typed() }),
  "room.change": (scene) => {
    const room = anyOf(scene, "room");
    return room && { ...room, name: scene.typed() };
  },
  "visit-type.add": (scene) => ({ id: newId(), name: scene.typed(), minutes: 15 }),
  "visit-type.change": (scene) => {
    const type = anyOf(scene, "visit-type");
    return type && { ...type, name: scene.typed() };
  },
  "working-hours.set": (scene) => {
    const clinician = one(
      scene,
      scene.rows("staff").filter(({ roles }) => roles.includes("clinician")),
    );
    const weekday = 1 + scene.random.below(7);
    return (
      clinician && {
        id: workingHoursIdOf(clinician.id, weekday),
        clinicianId: clinician.id,
        weekday,
        spans: [{ from: "08:00", to: "17:00" }],
        capacity: 1 + scene.random.below(2),
      }
    );
  },
  "slot-lease.giveBack": (scene) => named(anyOf(scene, "slot-lease")),
  "wait-list.add": (scene) => {
    const patient = one(scene, patients(scene));
    const type = anyOf(scene, "visit-type");
    const from = today(scene);
    return (
      patient &&
      type && {
        id: newId(),
        patientId: patient.id,
        visitTypeId: type.id,
        from,
        until: addDays(from, 7),
        note: scene.typed(),
      }
    );
  },
  "wait-list.fulfil": (scene) => {
    const waiting = anyOf(scene, "wait-list");
    const appointment = anyOf(scene, "appointment");
    return waiting && appointment && { id: waiting.id, appointmentId: appointment.id };
  },
  "wait-list.remove": (scene) => named(anyOf(scene, "wait-list")),
  "wait-list.restore": (scene) => named(anyOf(scene, "wait-list")),
  "task.create": (scene) => ({
    id: newId(),
    kind: scene.random.pick(kinds),
    title: scene.typed(),
    ...address(scene),
  }),
  "task.complete": (scene) => named(anyOf(scene, "task")),
  "task.cancel": (scene) => named(anyOf(scene, "task")),
  "task.reopen": (scene) => named(anyOf(scene, "task")),
  "task.assign": (scene) => {
    const task = anyOf(scene, "task");
    return task && { id: task.id, ...address(scene) };
  },
  "handover.give": (scene) => {
    const mutation = one(scene, scene.refused());
    const able = scene
      .rows("staff")
      .filter(({ roles }) => roles.some((role) => mayTake(role, mutation?.name ?? "")));
    const colleague = one(scene, scene.random.chance(0.9) ? able : scene.rows("staff"));
    if (!mutation || !colleague) return null;
    return { id: newId(), toId: colleague.id, kind: handoverKind(mutation), mutation, words: scene.typed() };
  },
  "handover.takeBack": (scene) => named(anyOf(scene, "handover")),
  "handover.close": (scene) => named(anyOf(scene, "handover")),
  "message.send": (scene) => {
    const { assigneeId: toId, pool } = address(scene);
    return { id: newId(), kind: scene.random.pick(kinds), toId, pool, text: scene.typed() };
  },
  "message.markRead": (scene) => named(anyOf(scene, "message")),
} satisfies { readonly [K in MutationName]?: Generator<K> };

const kinds = ["administrative", "clinical"] as const;

const named = (row: { readonly id: string } | null) => row && { id: row.id };

function address(scene: Scene) {
  const person = one(scene, scene.rows("staff"));
  return scene.random.chance(0.5) && person
    ? { assigneeId: person.id, pool: null }
    : { assigneeId: null, pool: scene.random.pick(["clinicians", "nurses", "front-desk"] as const) };
}
