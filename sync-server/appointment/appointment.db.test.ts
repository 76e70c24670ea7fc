import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { addMinutes } from "#domain/kernel/instant.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { booking, people, startVisit } from "../testing/visit.ts";

let practice: TestPractice;

beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

const day = "2032-03-01T15:00:00.000Z";
const push = async (session: TestSession, ...mutations: ReturnType<typeof mutation>[]) =>
  (await practice.push(session, mutations)).results;
const outcome = ({ status, code }: { status: string; code?: string }) => code ?? status;

describe("a slot", () => {
  it("that is taken is refused with the three nearest free ones, and any of them can be booked (C21)", async () => {
    const desk = await practice.signIn("frontdesk");
    const at = (minutes: number) => booking({ start: addMinutes(day, minutes) });
    const taken = [0, 15, -15].map((minutes, index) =>
      mutation(desk, index + 1, "appointment.book", at(minutes)),
    );
    const [, , , refused] = await push(desk, ...taken, mutation(desk, 4, "appointment.book", at(0)));
    expect(refused).toMatchObject({ status: "conflict", code: "slot_taken" });
    const { nearest } = refused!.detail as { nearest: string[] };
    expect(nearest).toEqual([30, -30, 45].map((minutes) => addMinutes(day, minutes)));
    const results = await push(
      desk,
      ...nearest.map((start, index) => mutation(desk, 5 + index, "appointment.book", booking({ start }))),
    );
    expect(results.map(outcome)).toEqual(Array(3).fill("applied"));
  });

  it("partly covered is taken; of another clinician, right after, or cancelled it is free", async () => {
    const desk = await practice.signIn("frontdesk");
    const start = "2032-03-02T15:00:00.000Z";
    const first = booking({ start });
    const again = booking({ start });
    const results = await push(
      desk,
      mutation(desk, 1, "appointment.book", first),
      mutation(desk, 2, "appointment.book", booking({ start: addMinutes(start, 10) })),
      mutation(desk, 3, "appointment.book", booking({ start: addMinutes(start, -10) })),
      mutation(desk, 4, "appointment.book", booking({ start: addMinutes(start, 15) })),
      mutation(desk, 5, "appointment.book", booking({ start, clinicianId: people.clinician2 })),
      mutation(desk, 6, "appointment.cancel", { id: first.id }),
      mutation(desk, 7, "appointment.book", again),
      mutation(desk, 8, "appointment.move", {
        id: again.id,
        clinicianId: people.clinician2,
        start,
        minutes: 15,
      }),
      mutation(desk, 9, "appointment.move", {
        id: again.id,
        clinicianId: people.clinician,
        start: addMinutes(start, 5),
        minutes: 10,
      }),
    );
    expect(results.map(outcome)).toEqual([
      "applied",
      "slot_taken",
      "slot_taken",
      "applied",
      "applied",
      "applied",
      "applied",
      "slot_taken",
      "applied",
    ]);
  });

  it("is given only to somebody who is here and holds a clinical role", async () => {
    const desk = await practice.signIn("frontdesk");
    const left = await practice.addPerson("left", ["clinician"]);
    const good = booking();
    const mine = [
      mutation(desk, 1, "appointment.book", booking({ clinicianId: left })),
      mutation(desk, 2, "appointment.book", good),
    ];
    expect((await push(desk, ...mine)).map(outcome)).toEqual(["applied", "applied"]);
    await practice.practice.ledger.transact(async ({ em, audit }) => {
      await em.execute("update staff set active = false, version = version + 1 where id = ?", [left]);
      audit({ actor: { type: "system", id: "test" }, action: "staff.created", outcome: "ok" });
    });
    const to = { id: good.id, start: good.start, minutes: 15 };
    const results = await push(
      desk,
      mutation(desk, 3, "appointment.book", booking({ clinicianId: left })),
      mutation(desk, 4, "appointment.book", booking({ clinicianId: desk.user.id })),
      mutation(desk, 5, "appointment.move", { ...to, clinicianId: left }),
      mutation(desk, 6, "appointment.book", booking({ clinicianId: newId() })),
    );
    expect(results.map(outcome)).toEqual(["not_bookable", "not_bookable", "not_bookable", "missing_parent"]);
  });

  it("wanted by many at once is given to exactly one each; nothing overlaps (I8)", async () => {
    const desks = await Promise.all(
      Array.from({ length: 6 }, (_, index) => practice.signIn(index % 2 ? "frontdesk" : "frontdesk2")),
    );
    const start = "2032-03-03T14:00:00.000Z";
    const answers = await Promise.all(
      desks.map((desk, who) =>
        push(
          desk,
          ...Array.from({ length: 12 }, (_, k) =>
            mutation(
              desk,
              k + 1,
              "appointment.book",
              booking({ start: addMinutes(start, ((k * 5 + who) % 12) * 10), clinicianId: people.clinician }),
            ),
          ),
        ),
      ),
    );
    expect(answers.flat().every((one) => ["applied", "slot_taken"].includes(outcome(one)))).toBe(true);
    const overlaps = await practice.owner(`select 1 from appointment a join appointment b
      on a.id < b.id and a.clinician_id = b.clinician_id and a.lane = b.lane
      and a.status not in ('cancelled', 'no-show') and b.status not in ('cancelled', 'no-show')
      and a.start < b.start + make_interval(mins => b.minutes) and b.start < a.start + make_interval(mins => a.minutes)`);
    expect(overlaps).toEqual([]);
    const booked = await practice.owner("select 1 from appointment where start >= $1 and start < $2", [
      start,
      addMinutes(start, 150),
    ]);
    expect(booked.length).toBeGreaterThanOrEqual(5);
    expect(answers.flat().filter(({ status }) => status === "applied")).toHaveLength(booked.length);
  });
});

describe("a status", () => {
  it("moves forward only, leaves a trail, and the same step twice is harmless (C21)", async () => {
    const desk = await practice.signIn("frontdesk");
    const one = booking();
    const two = booking();
    const results = await push(
      desk,
      mutation(desk, 1, "appointment.book", one),
      mutation(desk, 2, "appointment.checkIn", { id: one.id }),
      mutation(desk, 3, "appointment.checkIn", { id: one.id }),
      mutation(desk, 4, "appointment.move", {
        id: one.id,
        clinicianId: one.clinicianId,
        start: one.start,
        minutes: 20,
      }),
      mutation(desk, 5, "appointment.cancel", { id: one.id }),
      mutation(desk, 6, "appointment.checkIn", { id: one.id }),
      mutation(desk, 7, "appointment.book", one),
      mutation(desk, 8, "appointment.book", two),
      mutation(desk, 9, "appointment.cancel", { id: two.id }),
      mutation(desk, 10, "appointment.cancel", { id: newId() }),
    );
    expect(results.map(outcome)).toEqual([
      "applied",
      "applied",
      "applied",
      "status_not_forward",
      "applied",
      "status_not_forward",
      "already_exists",
      "applied",
      "applied",
      "missing_parent",
    ]);
    const [row] = await practice.owner<{ trail: { status: string; by: string }[]; version: number }>(
      "select trail, version from appointment where id = $1",
      [one.id],
    );
    expect(row!.trail.map(({ status }) => status)).toEqual(["booked", "arrived", "cancelled"]);
    expect(row!.trail.every(({ by }) => by === desk.user.id)).toBe(true);
    expect(row!.version).toBe(3);
  });
});

describe("the day of an appointment", () => {
  const inDays = (days: number) => addMinutes(instantNow(), days * 24 * 60);
  const outcomes = async (
    start: string,
    name: "checkIn" | "room" | "finish" | "miss" | "confirm" | "cancel",
    change: { at?: string } = {},
  ) => {
    const desk = await practice.signIn("frontdesk");
    const one = booking({ start });
    const results = await push(
      desk,
      mutation(desk, 1, "appointment.book", { ...one, overbookReason: "" }),
      mutation(desk, 2, `appointment.${name}`, { id: one.id }, change),
    );
    expect(outcome(results[0]!)).toBe("applied");
    return outcome(results[1]!);
  };

  it("has to begin before anybody arrives, is seen or stays away; it can be confirmed and cancelled (C21)", async () => {
    for (const [index, name] of (["checkIn", "room", "finish", "miss"] as const).entries())
      expect(await outcomes(addMinutes(inDays(40), index * 15), name), name).toBe("day_not_begun");
    expect(await outcomes(addMinutes(inDays(40), 90), "confirm")).toBe("applied");
    expect(await outcomes(addMinutes(inDays(40), 105), "cancel")).toBe("applied");
  });

  it("is not held against a tablet with a wrong clock or work that arrives late", async () => {
    // Made yesterday without a network; a tablet a year behind, and one a month ahead, on their own day.
    expect(await outcomes(inDays(-1), "checkIn", { at: inDays(-1) })).toBe("applied");
    expect(await outcomes(inDays(-2), "checkIn", { at: inDays(-365) })).toBe("applied");
    expect(await outcomes(inDays(30), "checkIn", { at: inDays(30) })).toBe("applied");
  });

  it("has to begin before somebody walks in", async () => {
    const desk = await practice.signIn("frontdesk");
    const results = await push(
      desk,
      mutation(desk, 1, "appointment.walkIn", booking({ start: inDays(41) })),
      mutation(desk, 2, "appointment.walkIn", booking({ start: inDays(-3) })),
    );
    expect(results.map(outcome)).toEqual(["day_not_begun", "applied"]);
  });
});

describe("a cancellation", () => {
  it("is taken back with trail while its time is free, without its reason (C21)", async () => {
    const desk = await practice.signIn("frontdesk");
    const one = booking();
    const results = await push(
      desk,
      mutation(desk, 1, "appointment.book", one),
      mutation(desk, 2, "appointment.confirm", { id: one.id }),
      mutation(desk, 3, "appointment.cancel", { id: one.id, cancelReason: "Wrong line" }),
      mutation(desk, 4, "appointment.undo", { id: one.id }),
    );
    expect(results.map(outcome)).toEqual(Array(4).fill("applied"));
    const [row] = await practice.owner<{ status: string; cancel_reason: string; trail: object[] }>(
      "select status, cancel_reason, trail from appointment where id = $1",
      [one.id],
    );
    expect(row).toMatchObject({ status: "confirmed", cancel_reason: "" });
    expect(row!.trail.at(-1)).toMatchObject({ status: "confirmed", undone: true, by: desk.user.id });
  });

  it("stays when somebody else has the time, and the free ones beside it are named", async () => {
    const desk = await practice.signIn("frontdesk");
    const start = "2032-03-04T15:00:00.000Z";
    const one = booking({ start });
    const results = await push(
      desk,
      mutation(desk, 1, "appointment.book", one),
      mutation(desk, 2, "appointment.cancel", { id: one.id }),
      mutation(desk, 3, "appointment.book", booking({ start })),
      mutation(desk, 4, "appointment.undo", { id: one.id }),
    );
    expect(results.map(outcome)).toEqual(["applied", "applied", "applied", "slot_taken"]);
    expect((results[3]!.detail as { nearest: string[] }).nearest).toHaveLength(3);
  });

  it("stays when the patient has died meanwhile", async () => {
    const desk = await practice.signIn("frontdesk");
    const one = booking({ patientId: people.patient(9) });
    const results = await push(
      desk,
      mutation(desk, 1, "appointment.book", one),
      mutation(desk, 2, "appointment.cancel", { id: one.id }),
      mutation(desk, 3, "patient.markDeceased", { id: one.patientId, deceasedOn: "2026-01-02" }),
      mutation(desk, 4, "appointment.undo", { id: one.id }),
    );
    expect(results.map(outcome)).toEqual(["applied", "applied", "applied", "not_bookable"]);
  });
});

describe("an encounter", () => {
  it("started on two tablets is one; its id follows from the appointment", async () => {
    const [a, b] = [await practice.signIn("clinician"), await practice.signIn("nurse")];
    const visit = await startVisit(practice, a);
    const args = {
      id: visit.encounterId,
      appointmentId: visit.appointmentId,
      patientId: visit.patientId,
      clinicianId: people.clinician,
    };
    const results = await push(
      b,
      mutation(b, 1, "encounter.start", args),
      mutation(b, 2, "encounter.start", { ...args, id: newId() }),
      mutation(b, 3, "encounter.start", { ...args, patientId: people.patient(8) }),
      mutation(b, 4, "encounter.start", { ...args, appointmentId: newId(), id: encounterIdOf(newId()) }),
      mutation(b, 5, "encounter.finish", { id: visit.encounterId }),
      mutation(b, 6, "encounter.finish", { id: visit.encounterId }),
      mutation(b, 7, "encounter.finish", { id: newId() }),
    );
    expect(results.map(outcome)).toEqual([
      "applied",
      "invalid_arguments",
      "invalid_arguments",
      "missing_parent",
      "applied",
      "applied",
      "missing_parent",
    ]);
    const rows = await practice.owner("select status, version from encounter where appointment_id = $1", [
      visit.appointmentId,
    ]);
    expect(rows).toEqual([{ status: "finished", version: 2 }]);
  });
});

describe("a patient", () => {
  it("is not born tomorrow, nor before anybody living", async () => {
    const desk = await practice.signIn("frontdesk");
    const born = (birthDate: string) => ({ id: newId(), givenName: "A", familyName: "B", birthDate });
    const results = await push(
      desk,
      ...["2999-01-01", "1850-01-01", "1930-01-01"].map((date, index) =>
        mutation(desk, index + 1, "patient.register", born(date)),
      ),
      mutation(desk, 4, "patient.update", { id: people.patient(8), birthDate: "2999-01-01" }),
    );
    expect(results.map(outcome)).toEqual([
      "invalid_arguments",
      "invalid_arguments",
      "applied",
      "invalid_arguments",
    ]);
  });

  it("gets a number of the practice when registered, and only the fields that were sent change", async () => {
    const desk = await practice.signIn("frontdesk");
    const id = newId();
    const person = {
      id,
      givenName: "New",
      familyName: "Person",
      birthDate: "2000-02-29",
      sex: "other" as const,
    };
    const results = await push(
      desk,
      mutation(desk, 1, "patient.register", { ...person, preferredName: "", phone: "" }),
      mutation(desk, 2, "patient.register", { ...person, preferredName: "", phone: "" }),
      mutation(desk, 3, "patient.update", { id, phone: "555-0199" }),
      mutation(desk, 4, "patient.update", { id: newId(), phone: "555-0199" }),
      mutation(desk, 5, "patient.update", { id, recordNumber: "TRIAL-000001" } as never),
    );
    expect(results.map(outcome)).toEqual([
      "applied",
      "already_exists",
      "applied",
      "missing_parent",
      "invalid_arguments",
    ]);
    const [row] = await practice.owner("select * from patient where id = $1", [id]);
    expect(row).toMatchObject({
      given_name: "New",
      phone: "555-0199",
      sex: "other",
      active: true,
      version: 2,
    });
    expect(row!.record_number).toMatch(/^TRIAL-\d{6}$/);
  });
});
