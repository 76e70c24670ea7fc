import { afterAll, beforeAll, expect, it } from "vitest";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { booking, people } from "../testing/visit.ts";

let practice: TestPractice;

beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

const push = async (session: TestSession, ...mutations: ReturnType<typeof mutation>[]) =>
  (await practice.push(session, mutations)).results.map(({ status, code }) => code ?? status);
const startOf = (booked: ReturnType<typeof booking>, clinicianId = booked.clinicianId) => ({
  id: encounterIdOf(booked.id),
  appointmentId: booked.id,
  patientId: booked.patientId,
  clinicianId,
});

it("of a cancelled appointment does not start; one that runs is not cancelled, and starts again as itself", async () => {
  const clinician = await practice.signIn("clinician");
  const [cancelled, kept] = [booking(), booking()];
  expect(
    await push(
      clinician,
      mutation(clinician, 1, "appointment.book", cancelled),
      mutation(clinician, 2, "appointment.cancel", { id: cancelled.id }),
      mutation(clinician, 3, "encounter.start", startOf(cancelled)),
      mutation(clinician, 4, "appointment.book", kept),
      mutation(clinician, 5, "encounter.start", startOf(kept)),
      mutation(clinician, 6, "appointment.cancel", { id: kept.id }),
      mutation(clinician, 7, "encounter.start", startOf(kept)),
    ),
  ).toEqual([
    "applied",
    "applied",
    "status_not_forward",
    "applied",
    "applied",
    "status_not_forward",
    "applied",
  ]);
});

it("is started or cancelled, never both, when two tablets do it at once", async () => {
  const [desk, clinician] = [await practice.signIn("frontdesk"), await practice.signIn("clinician")];
  for (let n = 1; n <= 8; n++) {
    const booked = booking();
    await push(desk, mutation(desk, 2 * n - 1, "appointment.book", booked));
    const outcomes = await Promise.all([
      push(desk, mutation(desk, 2 * n, "appointment.cancel", { id: booked.id })),
      push(clinician, mutation(clinician, n, "encounter.start", startOf(booked))),
    ]);
    expect(outcomes.flat().sort()).toEqual(["applied", "status_not_forward"]);
  }
});

it("is led by the booked clinician or another one, and by nobody else", async () => {
  const nurse = await practice.signIn("nurse");
  const [first, second] = [booking(), booking()];
  expect(
    await push(
      nurse,
      mutation(nurse, 1, "appointment.book", first),
      mutation(nurse, 2, "encounter.start", startOf(first, nurse.user.id)),
      mutation(nurse, 3, "encounter.start", startOf(first, (await practice.signIn("frontdesk")).user.id)),
      mutation(nurse, 4, "encounter.start", startOf(first, people.clinician2)),
      mutation(nurse, 5, "appointment.book", second),
      mutation(nurse, 6, "encounter.start", startOf(second)),
    ),
  ).toEqual(["applied", "not_bookable", "not_bookable", "applied", "applied", "applied"]);
});
