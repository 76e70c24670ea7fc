import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { newId } from "#domain/kernel/id.ts";
import { type SentMessage, sentMessage, sentMessageIdOf } from "#domain/sent-message/index.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { testClient } from "../testing/test-client.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { people } from "../testing/visit.ts";

let practice: TestPractice;
let clinician: AtWork;
let nurse: AtWork;
let desk: AtWork;
const planted = "PLANTED-CLINICAL-WORD";
beforeAll(async () => {
  practice = await openTestPractice();
  clinician = await atWork(practice, "clinician");
  nurse = await atWork(practice, "nurse");
  desk = await atWork(practice, "frontdesk");
  await practice.addPerson("both", ["nurse", "front-desk"]);
});
afterAll(() => practice.close());

const patientId = people.patient(3);
const toPool = (pool: "clinicians" | "nurses" | "front-desk") => ({ assigneeId: null, pool });
const toPerson = (assigneeId: string) => ({ assigneeId, pool: null });
const task = (kind: "clinical" | "administrative", to: ReturnType<typeof toPool | typeof toPerson>) => ({
  id: newId(),
  kind,
  title: `${kind === "clinical" ? planted : "Call"} about the visit`,
  patientId,
  ...to,
});
const message = (
  kind: "clinical" | "administrative",
  to: ReturnType<typeof toPool | typeof toPerson>,
  replyTo: string | null = null,
) => ({
  id: newId(),
  kind,
  toId: to.assigneeId,
  pool: to.pool,
  text: kind === "clinical" ? planted : "Please call back",
  patientId,
  replyTo,
});
/** Everything that a fresh device of this person is given. */
const received = async (username: string, role?: "nurse" | "front-desk") => {
  const client = testClient(practice, await practice.signIn(username, role ? { role } : {}));
  await client.pull();
  return client;
};

describe("C19: clinical work", () => {
  it("never goes to the desk: not by giving it, not by handing it over, not by a message", async () => {
    expect(await clinician.does("task.create", task("clinical", toPool("front-desk")))).toBe("clinical_only");
    expect(await clinician.does("task.create", task("clinical", toPerson(people.frontdesk)))).toBe(
      "clinical_only",
    );
    const mine = task("clinical", toPool("nurses"));
    expect(await clinician.does("task.create", mine)).toBe("applied");
    expect(await nurse.does("task.assign", { id: mine.id, ...toPool("front-desk") })).toBe("clinical_only");
    expect(await nurse.does("task.assign", { id: mine.id, ...toPerson(people.frontdesk) })).toBe(
      "clinical_only",
    );
    expect(await nurse.does("message.send", message("clinical", toPool("front-desk")))).toBe("clinical_only");
    expect(await nurse.does("message.send", message("clinical", toPerson(people.frontdesk)))).toBe(
      "clinical_only",
    );
  });

  it("is not made, taken or read by the desk", async () => {
    const theirs = task("clinical", toPool("nurses"));
    await clinician.does("task.create", theirs);
    expect(await desk.does("task.create", task("clinical", toPool("nurses")))).toBe("forbidden");
    expect(await desk.does("message.send", message("clinical", toPool("nurses")))).toBe("forbidden");
    expect(await desk.does("task.complete", { id: theirs.id })).toBe("not_yours");
    expect(await desk.does("task.assign", { id: theirs.id, ...toPerson(people.frontdesk) })).toBe(
      "not_yours",
    );
  });

  it("is in a stream that no session at the desk is given, whatever else the person may do", async () => {
    const [both] = await practice.owner<{ id: string }>("select id from staff where name = 'both'");
    const toBoth = task("clinical", toPerson(both!.id));
    expect(await clinician.does("task.create", toBoth)).toBe("applied");
    expect(await clinician.does("message.send", message("clinical", toPerson(both!.id)))).toBe("applied");
    const asNurse = await received("both", "nurse");
    expect(asNurse.published.has(`${streams.tasks(both!.id, "clinical")}/${toBoth.id}`)).toBe(true);
    for (const client of [await received("both", "front-desk"), await received("frontdesk")]) {
      expect([...client.streams.keys()].filter((name) => name.endsWith(":clinical"))).toEqual([]);
      expect(client.wire.join("")).not.toContain(planted);
    }
  });
});

describe("C19: the desk", () => {
  it("writes to nursing and to nobody else, and answers whoever wrote to it", async () => {
    expect(await desk.does("message.send", message("administrative", toPool("nurses")))).toBe("applied");
    expect(await desk.does("message.send", message("administrative", toPerson(people.nurse)))).toBe(
      "applied",
    );
    expect(await desk.does("message.send", message("administrative", toPool("clinicians")))).toBe(
      "forbidden",
    );
    expect(await desk.does("message.send", message("administrative", toPerson(people.clinician)))).toBe(
      "forbidden",
    );
    const asked = message("administrative", toPool("front-desk"));
    expect(await clinician.does("message.send", asked)).toBe("applied");
    const answer = message("administrative", toPerson(people.clinician), asked.id);
    expect(await desk.does("message.send", answer)).toBe("applied");
  });

  it("sees what it sent, to whom, and that it was read; nobody else's desk does", async () => {
    const asked = message("administrative", toPool("nurses"));
    await desk.does("message.send", asked);
    const copy = `${streams.tasks(people.frontdesk, "administrative")}/${sentMessageIdOf(asked.id)}`;
    expect((await received("frontdesk")).published.get(copy)?.data).toMatchObject({
      messageId: asked.id,
      pool: "nurses",
      text: asked.text,
      readBy: null,
      readAt: null,
    });
    await nurse.does("message.markRead", { id: asked.id });
    const after = await received("frontdesk");
    expect(after.published.get(copy)?.data).toMatchObject({ readBy: people.nurse });
    // The message itself stays in its readers' stream.
    expect([...after.published.keys()].filter((key) => key.endsWith(asked.id))).toEqual([]);
    for (const other of [await received("both", "front-desk"), await received("clinician2")])
      expect(other.published.has(copy)).toBe(false);
  });

  it("has no copy at the desk of what its person sent as a nurse", async () => {
    const both = await atWork(practice, "both", { role: "nurse" });
    const clinical = message("clinical", toPool("clinicians"));
    expect(await both.does("message.send", clinical)).toBe("applied");
    const copy = sentMessageIdOf(clinical.id);
    const held = async (role: "nurse" | "front-desk") =>
      [...(await received("both", role)).published].find(([key]) => key.endsWith(copy));
    const [key, row] = (await held("nurse"))!;
    expect(key).toBe(`${sentMessage.stream(row.data as SentMessage)}/${copy}`);
    expect(await held("front-desk")).toBeUndefined();
  });

  it("does not see the clinical answer to its own message", async () => {
    const asked = message("administrative", toPool("nurses"));
    await desk.does("message.send", asked);
    expect(await nurse.does("message.send", message("clinical", toPool("clinicians"), asked.id))).toBe(
      "applied",
    );
    expect((await received("frontdesk")).wire.join("")).not.toContain(planted);
    expect((await received("clinician2")).wire.join("")).toContain(planted);
  });

  it("marks only its own messages as read", async () => {
    const theirs = message("administrative", toPool("nurses"));
    await desk.does("message.send", theirs);
    expect(await desk.does("message.markRead", { id: theirs.id })).toBe("not_yours");
    expect(await nurse.does("message.markRead", { id: theirs.id })).toBe("applied");
  });
});

describe("a task", () => {
  it("is done by one of its pool, undone, handed over and then no longer the pool's", async () => {
    const one = task("clinical", toPool("nurses"));
    await clinician.does("task.create", one);
    expect(await nurse.does("task.complete", { id: one.id })).toBe("applied");
    expect(await nurse.does("task.complete", { id: one.id })).toBe("status_not_forward");
    expect(await nurse.does("task.reopen", { id: one.id })).toBe("applied");
    expect(await nurse.does("task.assign", { id: one.id, ...toPerson(people.clinician2) })).toBe("applied");
    expect(await nurse.does("task.complete", { id: one.id })).toBe("not_yours");
    expect(await clinician.does("task.cancel", { id: one.id })).toBe("applied");
  });
});
