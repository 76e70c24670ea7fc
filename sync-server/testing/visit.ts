import { encounterIdOf } from "#domain/encounter/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { emptyContent, type NoteContent, noteIdOf } from "#domain/note/index.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import { trialId } from "../practice/trial/trial-practice.ts";
import { mutation, type TestPractice, type TestSession } from "./test-practice.ts";

/** Ids of the trial practice that tests use. */
export const people = {
  clinician: trialId("staff", "clinician"),
  clinician2: trialId("staff", "clinician2"),
  nurse: trialId("staff", "nurse"),
  frontdesk: trialId("staff", "frontdesk"),
  it: trialId("staff", "it"),
  patient: (index: number) => trialId("patient", String(index)),
  visitType: trialId("visit-type", "Follow-up"),
};

let minute = 0;

/** A start that no other call of this test process gets, far from the trial's own day and past: every step can be taken. */
export const nextStart = (): string =>
  new Date(Date.parse("2021-01-04T14:00:00Z") + minute++ * 15 * 60_000).toISOString();

export const booking = (
  change: Partial<Record<"id" | "patientId" | "clinicianId" | "start", string>> = {},
) => ({
  id: newId(),
  patientId: people.patient(5),
  clinicianId: people.clinician,
  visitTypeId: people.visitType,
  start: nextStart(),
  minutes: 15,
  reason: "",
  ...change,
});

export const noteText = (text: string): NoteContent => ({
  ...emptyContent(),
  subjective: [{ text, origin: "typed" }],
});

export interface TestVisit {
  readonly appointmentId: string;
  readonly encounterId: string;
  readonly patientId: string;
  readonly noteId: string;
}

/** Books and starts a visit: two mutations, numbered from `n`. */
export function visitMutations(
  session: TestSession,
  n: number,
  patientId = people.patient(5),
): { visit: TestVisit; mutations: PushedMutation[] } {
  const args = booking({ patientId, clinicianId: session.user.id });
  const encounterId = encounterIdOf(args.id);
  const visit = { appointmentId: args.id, encounterId, patientId, noteId: noteIdOf(encounterId) };
  const start = { id: encounterId, appointmentId: args.id, patientId, clinicianId: session.user.id };
  return {
    visit,
    mutations: [
      mutation(session, n, "appointment.book", args),
      mutation(session, n + 1, "encounter.start", start),
    ],
  };
}

export const revise = (
  session: TestSession,
  n: number,
  visit: TestVisit,
  content: NoteContent,
  options: {
    revisionId?: string;
    base?: string | null;
    seen?: string[];
    changed?: ("subjective" | "objective_exam" | "objective_results" | "assessment_and_plan")[];
  } = {},
): PushedMutation =>
  mutation(session, n, "note.revise", {
    id: visit.noteId,
    encounterId: visit.encounterId,
    patientId: visit.patientId,
    revisionId: options.revisionId ?? newId(),
    base: options.base ?? null,
    ...(options.seen && { seen: options.seen }),
    content,
    changed: options.changed ?? ["subjective"],
  });

/** Pushes a started visit under the session's client and returns the next free number. */
export async function startVisit(
  practice: TestPractice,
  session: TestSession,
  n = 1,
  patientId?: string,
): Promise<TestVisit & { next: number }> {
  const { visit, mutations } = visitMutations(session, n, patientId);
  const { results } = await practice.push(session, mutations);
  const failed = results.find((result) => result.status !== "applied");
  if (failed) throw new Error(`visit: ${JSON.stringify(failed)}`);
  return { ...visit, next: n + 2 };
}
