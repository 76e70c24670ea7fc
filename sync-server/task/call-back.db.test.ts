import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { addMinutes } from "#domain/kernel/instant.ts";
import type { Task } from "#domain/task/index.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { testClient } from "../testing/test-client.ts";
import { mutation, openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { booking, people } from "../testing/visit.ts";

let practice: TestPractice;
let desk: AtWork;
let other: AtWork;
beforeAll(async () => {
  practice = await openTestPractice();
  desk = await atWork(practice, "frontdesk");
  other = await atWork(practice, "frontdesk2");
});
afterAll(() => practice.close());

let day = 0;
/** A morning that nothing else of this file books. */
const morning = () => addMinutes("2033-03-01T15:00:00.000Z", day++ * 24 * 60);
const tasks = async (appointmentId: string): Promise<(Task & { closed_by: string | null })[]> => {
  const rows = await practice.owner<Task & { call_back: Task["callBack"]; closed_by: string }>(
    "select * from task where call_back->>'appointmentId' = $1 order by id",
    [appointmentId],
  );
  return rows.map((row) => ({ ...row, callBack: row.call_back }));
};
/** A time that somebody else has. */
async function taken(start = morning()): Promise<string> {
  expect(await other.does("appointment.book", booking({ start }))).toBe("applied");
  return start;
}

describe("a booking that the clinic refuses later", () => {
  it("becomes a task of the desk in the same commit: whom to call, what was promised, three times to offer", async () => {
    const start = await taken();
    const args = { ...booking({ start, patientId: people.patient(8) }), reason: "Form to be signed" };
    const before = await practice.head();
    const at = "2026-11-20T15:00:00.000Z";
    const refused = await desk.result("appointment.book", args, { at });
    const [task, ...more] = await tasks(args.id);
    expect(more).toEqual([]);
    expect(refused).toMatchObject({ code: "slot_taken", detail: { callBack: task!.id } });
    expect(task).toMatchObject({
      kind: "administrative",
      status: "open",
      pool: "front-desk",
      assignee_id: null,
      patient_id: people.patient(8),
      callBack: {
        appointmentId: args.id,
        change: "book",
        clinicianId: people.clinician,
        visitTypeId: people.visitType,
        start,
        minutes: 15,
        reason: "Form to be signed",
        promisedAt: at,
      },
    });
    expect(task!.callBack!.times).toEqual([15, -15, 30].map((minutes) => addMinutes(start, minutes)));
    const records = await practice.audit(before);
    expect(records.map(({ action }) => action)).toEqual(["mutation.refused", "task.call_back_asked"]);
    expect(records[1]).toMatchObject({
      resource: { type: "task", id: task!.id },
      patientId: people.patient(8),
      reason: "slot_taken",
    });
    expect(records.every(({ seq }) => seq <= refused.seq!)).toBe(true);
  });

  it("is on every desk's list, and on nobody else's", async () => {
    const args = booking({ start: await taken() });
    const { detail } = await desk.result("appointment.book", args);
    const { callBack } = detail as { callBack: string };
    const received = async (username: string) => {
      const client = testClient(practice, await practice.signIn(username));
      await client.pull();
      return [...client.published.keys()].filter((key) => key.endsWith(callBack));
    };
    expect(await received("frontdesk2")).toEqual([`tasks:front-desk/${callBack}`]);
    expect([...(await received("clinician")), ...(await received("admin"))]).toEqual([]);
  });

  it("is the task of whoever promised it, where that was not the desk", async () => {
    const doctor = await atWork(practice, "clinician2");
    const args = booking({ start: await taken() });
    expect(await doctor.does("appointment.book", args)).toBe("slot_taken");
    expect(await tasks(args.id)).toMatchObject([{ assignee_id: doctor.session.user.id, pool: null }]);
  });

  it("is called about until the patient has another time, whichever desk books it", async () => {
    const args = booking({ start: await taken() });
    await desk.does("appointment.book", args);
    const [task] = await tasks(args.id);
    const [time] = task!.callBack!.times;
    const before = await practice.head();
    expect(await other.does("appointment.book", { ...args, start: time! })).toBe("applied");
    expect(await tasks(args.id)).toMatchObject([{ status: "done", closed_by: other.session.user.id }]);
    const records = await practice.audit(before);
    expect(records.map(({ action }) => action)).toEqual(["task.completed", "appointment.booked"]);
    // The other desk, a moment later, does not book the patient twice.
    expect(await desk.does("appointment.book", { ...args, start: task!.callBack!.times[1]! })).toBe(
      "already_exists",
    );
  });

  it("that fails again asks for the same call, with other times", async () => {
    const start = await taken();
    const args = booking({ start });
    const first = await desk.result("appointment.book", args);
    const [time] = (await tasks(args.id))[0]!.callBack!.times;
    expect(await other.does("appointment.book", booking({ start: time! }))).toBe("applied");
    const again = await desk.result("appointment.book", { ...args, start: time! });
    expect((again.detail as { callBack: string }).callBack).toBe(
      (first.detail as { callBack: string }).callBack,
    );
    const [task, ...more] = await tasks(args.id);
    expect(more).toEqual([]);
    expect(task).toMatchObject({ status: "open", callBack: { start: time } });
    expect(task!.callBack!.times).not.toContain(time);
  });

  it("can be dismissed: the patient wants no other time", async () => {
    const args = booking({ start: await taken() });
    await desk.does("appointment.book", args);
    const [task] = await tasks(args.id);
    expect(await other.does("task.cancel", { id: task!.id })).toBe("applied");
    expect(await tasks(args.id)).toMatchObject([{ status: "cancelled" }]);
  });
});

describe("a move that the clinic refuses later", () => {
  it("leaves the appointment and asks for a call; a cancelled appointment needs none", async () => {
    const args = booking({ start: morning() });
    await desk.does("appointment.book", args);
    const start = await taken();
    const to = { id: args.id, clinicianId: people.clinician, start, minutes: 15 };
    expect(await desk.does("appointment.move", to)).toBe("slot_taken");
    expect(await tasks(args.id)).toMatchObject([{ status: "open", callBack: { change: "move", start } }]);
    const [row] = await practice.owner<{ start: Date }>("select start from appointment where id = $1", [
      args.id,
    ]);
    expect(row!.start.toISOString()).toBe(args.start);
    expect(await desk.does("appointment.cancel", { id: args.id })).toBe("applied");
    expect(await tasks(args.id)).toMatchObject([{ status: "done" }]);
  });

  it("that was promised twice is called about once; a later one that succeeds settles it", async () => {
    const args = booking({ start: morning() });
    await desk.does("appointment.book", args);
    const [first, second] = [await taken(), await taken()];
    const free = morning();
    const to = (start: string) => ({ id: args.id, clinicianId: people.clinician, start, minutes: 15 });
    const fresh = await atWork(practice, "frontdesk");
    const moves = [first, second].map((start, index) =>
      mutation(fresh.session, index + 1, "appointment.move", to(start)),
    );
    const { results } = await practice.push(fresh.session, moves);
    expect(results.map(({ code }) => code)).toEqual(["slot_taken", "slot_taken"]);
    expect(await tasks(args.id)).toMatchObject([{ status: "open", callBack: { start: second } }]);
    const last = mutation(fresh.session, 3, "appointment.move", to(free));
    expect((await practice.push(fresh.session, [last])).results).toMatchObject([{ status: "applied" }]);
    expect(await tasks(args.id)).toMatchObject([{ status: "done" }]);
  });
});

it("a cancellation that cannot be taken back asks for a call too", async () => {
  const args = booking({ start: morning() });
  await desk.does("appointment.book", args);
  await desk.does("appointment.cancel", { id: args.id });
  await taken(args.start);
  expect(await desk.does("appointment.undo", { id: args.id })).toBe("slot_taken");
  expect(await tasks(args.id)).toMatchObject([
    { status: "open", callBack: { change: "undo", start: args.start } },
  ]);
});

it("every other refusal asks for no call", async () => {
  const args = booking({ start: morning(), patientId: newId() });
  expect(await desk.does("appointment.book", args)).toBe("missing_parent");
  expect(await tasks(args.id)).toEqual([]);
});
