import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { now, useClock } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { PushedMutation, PushResult } from "#domain/sync/protocol.ts";
import { backUp, bringBack, type TestBackup } from "../testing/restored.ts";
import { testClient } from "../testing/test-client.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { deviceProof, envelope, signInTablet, type Tablet } from "../testing/test-tablet.ts";
import { booking, people } from "../testing/visit.ts";
import { settleHeld } from "./settle-held.ts";

let before: TestPractice;
let backup: TestBackup;
/** Two desks that both worked before the backup and after it. */
let first: Tablet;
let second: Tablet;
const opened: TestPractice[] = [];

beforeAll(async () => {
  before = await openTestPractice();
  first = await signInTablet(before, "frontdesk");
  second = await signInTablet(before, "frontdesk2");
  for (const { session } of [first, second])
    await before.push(session, [mutation(session, 1, "appointment.book", booking())]);
  backup = await backUp(before);
});
afterAll(() => before.close());
afterEach(async () => {
  for (const practice of opened.splice(0)) await practice.close();
});

/** The clinic as it was at the backup, and both desks signed in there again on the same tablets. */
async function restored() {
  const { practice } = await bringBack(before, backup);
  opened.push(practice);
  const again = ({ session }: Tablet): Promise<TestSession> =>
    practice.signIn(session.user.name === first.session.user.name ? "frontdesk" : "frontdesk2", {
      device: session.deviceId,
      clientId: session.clientId,
    });
  return { practice, one: await again(first), two: await again(second) };
}

/** Looks at what is held when nothing came for it in seven days. */
async function settleAWeekLater({ practice }: TestPractice): Promise<void> {
  const later = now() + 8 * 86_400_000;
  const restoreClock = useClock({ now: () => later });
  try {
    await settleHeld(practice);
  } finally {
    restoreClock();
  }
}

const registration = (id: string) => ({
  id,
  givenName: "Given",
  familyName: "Back",
  birthDate: "1980-05-01",
  sex: "female" as const,
});
const outcomes = ({ results }: PushResult) => results.map(({ n, status, code }) => [n, code ?? status]);
const all = (through: number, more: { from?: number; decided?: number[] } = {}) => ({
  givenBack: { from: 1, through, decided: [], ...more },
});

describe("after a restore", () => {
  it("the backup's epoch is over, and so is every session of it", async () => {
    const { practice, one } = await restored();
    expect(one.epoch).not.toBe(first.session.epoch);
    expect((await practice.request(first.session, "GET", "/api/session")).body.code).toBe("session_ended");
    const { cookie, deviceId } = first.session;
    const refreshed = await practice.request(null, "POST", "/api/session/refresh", { deviceId }, { cookie });
    expect(refreshed.body.code).toBe("session_ended");
    const push = { epoch: first.session.epoch, clientId: one.clientId, mutations: [] };
    expect((await practice.request(one, "POST", "/api/sync/push", push)).body.code).toBe("epoch_mismatch");
    const client = testClient(practice, one);
    const page = await client.page();
    expect(page.body).toMatchObject({ epoch: one.epoch, lastN: 1, restored: { at: expect.any(String) } });
    expect(Date.parse(page.body.restored?.backupAt ?? "")).toBeLessThan(Date.parse(page.body.restored!.at));
  });

  it("what the backup missed is carried out once, under its own numbers, however often it comes", async () => {
    const args = booking();
    const missed = [
      mutation(first.session, 2, "appointment.book", args),
      mutation(first.session, 3, "appointment.cancel", { id: args.id }),
    ];
    const { practice, one } = await restored();
    const answer = await practice.push(one, missed, all(3));
    expect(outcomes(answer)).toEqual([
      [2, "applied"],
      [3, "applied"],
    ]);
    expect((await practice.push(one, missed, all(3))).results).toEqual(answer.results);
    const [row] = await practice.owner("select status, version from appointment where id = $1", [args.id]);
    expect(row).toEqual({ status: "cancelled", version: 2 });
  });

  it("work waits for what another tablet has still to give back, and is carried out when that comes", async () => {
    const { practice, one, two } = await restored();
    const patientId = newId();
    const args = booking({ patientId });
    const client = testClient(practice, two);
    await client.pull();
    const early = await practice.push(
      two,
      [
        mutation(two, 2, "appointment.book", args),
        mutation(two, 3, "appointment.cancel", { id: args.id }),
        mutation(two, 4, "appointment.book", booking()),
      ],
      all(4),
    );
    expect(early.results.map(({ n, status, code }) => [n, status, code])).toEqual([
      [2, "held", "missing_parent"],
      [3, "held", "missing_parent"],
      [4, "applied", undefined],
    ]);
    await client.pull();
    expect(client.results.get(2)?.status).toBe("held");
    const stored = await practice.owner<{ sealed: Buffer }>("select sealed from held_mutation");
    expect(stored.map(({ sealed }) => sealed.toString("latin1")).join()).not.toContain(patientId);

    const parent = mutation(one, 2, "patient.register", registration(patientId) as never);
    expect(outcomes(await practice.push(one, [parent], all(2)))).toEqual([[2, "applied"]]);
    await client.pull();
    expect([2, 3].map((n) => client.results.get(n)?.status)).toEqual(["applied", "applied"]);
    expect(await practice.owner("select status from appointment where id = $1", [args.id])).toEqual([
      { status: "cancelled" },
    ]);
    expect(await practice.owner("select 1 from held_mutation")).toEqual([]);
    const told = (await practice.audit()).filter(({ resource }) => resource?.id === args.id);
    expect(told.map(({ action, deviceSeq, onBehalfOf }) => [action, deviceSeq, onBehalfOf])).toEqual([
      ["mutation.held", undefined, undefined],
      ["mutation.held", undefined, undefined],
      ["appointment.booked", 2, two.user.id],
      ["appointment.cancelled", 3, two.user.id],
    ]);
  });

  it("a change of a version that is not back yet waits; a change that lost against somebody does not", async () => {
    const { practice, one, two } = await restored();
    const args = booking();
    const moved = mutation(two, 2, "appointment.cancel", { id: args.id }, { base: 1 });
    const book = mutation(one, 2, "appointment.book", args);
    expect(outcomes(await practice.push(two, [moved], all(2)))).toEqual([[2, "missing_parent"]]);
    await practice.push(one, [book], all(2));
    const taken = booking({ start: args.start });
    expect(outcomes(await practice.push(two, [mutation(two, 3, "appointment.book", taken)], all(3)))).toEqual(
      [
        [3, "applied"], // the other one was cancelled by what had waited
      ],
    );
    const late = mutation(one, 3, "appointment.book", booking({ start: args.start }));
    expect(outcomes(await practice.push(one, [late], all(3)))).toEqual([[3, "slot_taken"]]);
  });

  it("what had come second before comes second again, whoever gives back first", async () => {
    const { practice, one, two } = await restored();
    const { start } = booking();
    const won = mutation(one, 2, "appointment.book", booking({ start }));
    const lost = mutation(two, 2, "appointment.book", booking({ start }));
    const after = mutation(two, 3, "appointment.book", booking());
    const given = { givenBack: { from: 1, through: 3, decided: [], yields: [2] } };
    expect((await practice.push(two, [lost, after], given)).results).toMatchObject([
      { n: 2, status: "held", code: "yields_to_others" },
      { n: 3, status: "applied" },
    ]);
    expect(outcomes(await practice.push(one, [won], all(2)))).toEqual([[2, "applied"]]);
    const client = testClient(practice, two);
    await client.pull();
    expect(client.results.get(2)).toMatchObject({ status: "conflict", code: "slot_taken" });
  });

  it("what nobody came before after all is carried out after seven days", async () => {
    const { practice, two } = await restored();
    const given = { givenBack: { from: 1, through: 2, decided: [], yields: [2] } };
    await practice.push(two, [mutation(two, 2, "appointment.book", booking())], given);
    await settleHeld(practice.practice);
    const status = () => practice.owner("select status from sync_mutation where n = 2");
    expect(await status()).toEqual([{ status: "held" }]);
    await settleAWeekLater(practice);
    expect(await status()).toEqual([{ status: "applied" }]);
  });

  it("new work with a missing parent is refused as ever", async () => {
    const { practice, one } = await restored();
    const orphan = mutation(one, 2, "appointment.book", booking({ patientId: newId() }));
    expect((await practice.push(one, [orphan], all(1))).results).toMatchObject([
      { n: 2, status: "rejected", code: "missing_parent" },
    ]);
  });

  it("in a practice that never went back nothing waits, whatever a device says", async () => {
    const session = await before.signIn("frontdesk");
    const orphan = mutation(session, 1, "appointment.book", booking({ patientId: newId() }));
    expect((await before.push(session, [orphan], all(1))).results).toMatchObject([{ status: "rejected" }]);
    const far = mutation(session, 9, "appointment.book", booking());
    expect((await before.push(session, [far], all(0, { from: 9 }))).results).toEqual([]);
  });

  it("what nothing came for is judged after seven days", async () => {
    const { practice, two } = await restored();
    const orphan = mutation(two, 2, "appointment.book", booking({ patientId: newId() }));
    await practice.push(two, [orphan], all(2));
    await settleAWeekLater(practice);
    expect(
      await practice.owner("select n, status, result->>'code' as code from sync_mutation where n = 2"),
    ).toEqual([{ n: "2", status: "rejected", code: "missing_parent" }]);
  });

  it("one that cannot be opened any more keeps no other waiting", async () => {
    const { practice, one, two } = await restored();
    const id = newId();
    for (const who of [one, two])
      await practice.push(who, [mutation(who, 2, "appointment.book", booking({ patientId: id }))], all(2));
    const [broken, whole] = [one, two].sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
    await practice.owner("update held_mutation set sealed = '\\x00' where client_id = $1", [
      broken!.clientId,
    ]);
    await practice.push(one, [mutation(one, 3, "patient.register", registration(id))], all(3));
    const settled = await practice.owner(
      "select client_id, status from sync_mutation where n = 2 and client_id = any($1) order by client_id",
      [[broken!.clientId, whole!.clientId]],
    );
    expect(settled).toEqual([
      { client_id: broken!.clientId, status: "held" },
      { client_id: whole!.clientId, status: "applied" },
    ]);
  });

  it("numbers that nobody has any more are passed over, once and on record", async () => {
    const { practice, one } = await restored();
    const late = mutation(one, 40, "appointment.book", booking());
    expect((await practice.push(one, [late])).results).toEqual([]);
    expect((await practice.push(one, [late], all(0, { from: 40 }))).results).toMatchObject([
      { n: 40, status: "applied" },
    ]);
    const records = (await practice.audit()).filter(({ action }) => action === "client.numbers_lost");
    expect(records).toMatchObject([{ before: "1", after: "39", resource: { id: one.clientId } }]);
  });

  it("what its author had decided about is not carried out after all", async () => {
    const { practice, one } = await restored();
    const args = booking();
    const answer = await practice.push(
      one,
      [mutation(one, 2, "appointment.book", args), mutation(one, 3, "appointment.book", booking())],
      all(3, { decided: [2] }),
    );
    expect(outcomes(answer)).toEqual([
      [2, "set_aside_before"],
      [3, "applied"],
    ]);
    expect(await practice.owner("select 1 from appointment where id = $1", [args.id])).toEqual([]);
  });

  it("a locked tablet gives back under its device key; each envelope says when it was written", async () => {
    const { practice, one } = await restored();
    const orphan: PushedMutation = mutation(
      first.session,
      2,
      "appointment.book",
      booking({ patientId: newId() }),
    );
    const known = mutation(first.session, 3, "appointment.book", booking({ patientId: people.patient(2) }));
    const path = "/api/sync/deliver";
    const envelopes = [await envelope(first, orphan), await envelope(first, known)];
    const proof = await deviceProof(practice, first, "POST", path);
    const { body } = await practice.request<PushResult>(proof, "POST", path, { envelopes });
    expect(body.results.map(({ n, status }) => [n, status])).toEqual([
      [2, "held"],
      [3, "applied"],
    ]);
    expect(one.clientId).toBe(first.session.clientId);
  });

  it("a tablet that is told to wipe itself hears how much of its work the backup holds", async () => {
    const { practice, one } = await restored();
    await practice.request(await practice.signIn("it"), "POST", `/api/devices/${one.deviceId}/wipe`, {});
    const path = "/api/devices/wiped";
    const proof = await deviceProof(practice, first, "POST", path);
    const { status, body } = await practice.request(proof, "POST", path, { left: 0 });
    expect([status, body]).toEqual([
      200,
      { clients: [{ clientId: one.clientId, lastN: 1, lastHash: expect.any(String) }] },
    ]);
  });
});
