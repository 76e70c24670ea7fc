import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { TOO_LARGE } from "#domain/sync/envelope.ts";
import { mutationHash, type PushedMutation, type PushResult } from "#domain/sync/protocol.ts";
import type { ReviewItem } from "#domain/sync/review-items.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { booking, nextStart, people, startVisit } from "../testing/visit.ts";

let practice: TestPractice;
let desk: TestSession;

beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

/** A fresh client of the front desk, so that tests do not share numbers. */
const newDesk = async () => {
  desk = await practice.signIn("frontdesk");
  return desk;
};
const book = (n: number, change = {}, of: Partial<PushedMutation> = {}) =>
  mutation(desk, n, "appointment.book", booking(change), of);
const appointments = async () =>
  Number((await practice.owner<{ n: string }>("select count(*) as n from appointment"))[0]!.n);

describe("the queue of one client", () => {
  it("applies in order, and a batch out of order is sorted", async () => {
    await newDesk();
    const [a, b, c] = [book(1), book(2), book(3)];
    const answer = await practice.push(desk, [c, a, b]);
    expect(answer.results.map(({ n, status }) => [n, status])).toEqual([
      [1, "applied"],
      [2, "applied"],
      [3, "applied"],
    ]);
    expect(answer.lastN).toBe(3);
    expect(new Set(answer.results.map(({ seq }) => seq)).size).toBe(1);
  });

  it("stops at a gap and takes the rest once the missing one came", async () => {
    await newDesk();
    const [a, b, c] = [book(1), book(2), book(3)];
    expect(await practice.push(desk, [a, c])).toMatchObject({ lastN: 1, results: [{ n: 1 }] });
    expect(await practice.push(desk, [c])).toMatchObject({ lastN: 1, results: [] });
    expect(await practice.push(desk, [b, c])).toMatchObject({ lastN: 3, results: [{ n: 2 }, { n: 3 }] });
  });

  it("goes on behind a change that no request holds: its number comes without its words, and is refused", async () => {
    await newDesk();
    const stub = mutation(desk, 1, "appointment.cancel", { id: newId() } as never, { name: TOO_LARGE });
    const { lastN, results } = await practice.push(desk, [stub, book(2)]);
    expect([lastN, results]).toMatchObject([
      2,
      [{ status: "rejected", code: "payload_too_large" }, { status: "applied" }],
    ]);
  });

  it("answers a repeat from the store and changes nothing", async () => {
    await newDesk();
    const batch = [book(1), mutation(desk, 2, "appointment.checkIn", { id: newId() })];
    const first = await practice.push(desk, batch);
    const [rows, head] = [await appointments(), await practice.head()];
    const again = await practice.push(desk, batch);
    expect(again).toEqual(first);
    expect(first.results.map(({ status, code }) => [status, code])).toEqual([
      ["applied", undefined],
      ["rejected", "missing_parent"],
    ]);
    expect([await appointments(), await practice.head()]).toEqual([rows, head]);
    // Together with something new, which is what a tablet sends after a lost answer.
    const grown = await practice.push(desk, [...batch, book(3)]);
    expect(grown.results.slice(0, 2)).toEqual(first.results);
    expect(grown).toMatchObject({ lastN: 3, results: [{}, {}, { n: 3, status: "applied" }] });
    expect(await appointments()).toBe(rows + 1);
  });

  it("keeps what a copied profile writes for review, once, and applies nothing of it unseen", async () => {
    await newDesk();
    await practice.push(desk, [book(1)]);
    const [before, rows] = [await practice.head(), await appointments()];
    const fork = (n: number) => ({ n, status: "quarantined", code: "client_fork" });
    const copied = [book(1), book(2)];
    expect((await practice.push(desk, copied)).results).toMatchObject([fork(1), fork(2)]);
    expect((await practice.audit(before)).map(({ action, reason }) => [action, reason])).toEqual([
      ["client.forked", undefined],
      ["mutation.quarantined", "client_fork"],
      ["mutation.quarantined", "client_fork"],
    ]);
    const head = await practice.head();
    expect((await practice.push(desk, copied)).results).toMatchObject([fork(1), fork(2)]);
    expect(await practice.head()).toBe(head);
    // Nobody can say which of the two is the person's own: what the first one goes on to write waits as well.
    expect((await practice.push(desk, [book(2), book(3)])).results).toMatchObject([fork(2), fork(3)]);
    expect(await appointments()).toBe(rows);
    const { body } = await practice.request<{ items: ReviewItem[] }>(desk, "GET", "/api/quarantine");
    const waiting = body.items.filter(({ reason }) => reason === "client_fork");
    expect(waiting.map(({ name }) => name)).toEqual(Array(4).fill("appointment.book"));
    await newDesk();
    expect((await practice.push(desk, [book(1)])).results).toMatchObject([{ n: 1, status: "applied" }]);
  });

  it("keeps for review what a copied profile writes while the other one takes the next number", async () => {
    await newDesk();
    await practice.push(desk, [book(1)]);
    const { ledger } = practice.practice;
    const transact = ledger.transact.bind(ledger);
    let transactions = 0;
    const spy = vi.spyOn(ledger, "transact").mockImplementation(async (...asked) => {
      // It finds the number taken, keeps what stands there, and comes to the rest.
      if (++transactions === 3) await practice.push(desk, [book(2)]);
      return transact(...(asked as Parameters<typeof transact>));
    });
    const { results } = await practice.push(desk, [book(1), book(2)]).finally(() => spy.mockRestore());
    expect(results).toMatchObject([1, 2].map((n) => ({ n, status: "quarantined", code: "client_fork" })));
    const held = await practice.owner<{ n: string }>(
      "select n from quarantine where client_id = $1 order by n",
      [desk.clientId],
    );
    expect(held.map(({ n }) => Number(n))).toEqual([1, 2, 2]);
  });

  it("refuses work under an id that was settled before, without blocking what follows", async () => {
    await newDesk();
    const once = book(1);
    await practice.push(desk, [once]);
    const copied = await practice.signIn("frontdesk");
    const repeated = [
      once,
      mutation(copied, 2, "appointment.book", booking()),
      mutation(copied, 3, "appointment.book", booking(), { id: once.id }),
    ];
    const { results } = await practice.push(copied, repeated);
    expect(results.map(({ status, code }) => [status, code])).toEqual([
      ["conflict", "already_exists"],
      ["applied", undefined],
      ["conflict", "already_exists"],
    ]);
  });

  it("refuses another epoch, another person's client and another device's client", async () => {
    await newDesk();
    const other = await practice.signIn("frontdesk2");
    const sameUser = await practice.signIn("frontdesk");
    const attempt = async (session: TestSession, change: { clientId?: string; epoch?: string }) =>
      (
        await practice.request(session, "POST", "/api/sync/push", {
          epoch: session.epoch,
          clientId: session.clientId,
          mutations: [book(1)],
          ...change,
        })
      ).body.code;
    expect(await attempt(desk, { epoch: newId() })).toBe("epoch_mismatch");
    const before = await practice.head();
    expect(await attempt(other, { clientId: desk.clientId })).toBe("client_unknown");
    expect(await practice.audit(before)).toMatchObject([
      { action: "access.denied", reason: "client_unknown", actor: { id: other.user.id } },
    ]);
    expect(await attempt(sameUser, { clientId: desk.clientId })).toBe("client_unknown");
  });
});

describe("a refusal", () => {
  it("has its reason, advances n and never blocks", async () => {
    await newDesk();
    const nameless = { ...booking(), patientId: "nobody" };
    const changed = book(7);
    const cases: [PushedMutation, string, string][] = [
      [{ ...book(1), hash: "0".repeat(64) }, "rejected", "hash_mismatch"],
      [book(2, {}, { name: "appointment.explode" as never }), "rejected", "unknown_mutation"],
      [book(3, {}, { name: "nothing.book" }), "rejected", "unknown_mutation"],
      [mutation(desk, 4, "appointment.book", nameless as never), "rejected", "invalid_arguments"],
      [book(5, {}, { actor: people.clinician }), "rejected", "forbidden"],
      [book(6, { patientId: newId() }), "rejected", "missing_parent"],
      [{ ...changed, args: { ...changed.args, minutes: 20 } }, "rejected", "hash_mismatch"],
      [book(8, {}, { at: "yesterday" }), "rejected", "invalid_arguments"],
      [
        mutation(desk, 9, "note.sign", { id: newId(), revisionId: newId(), hash: "0".repeat(64) }),
        "rejected",
        "forbidden",
      ],
      [
        mutation(desk, 10, "appointment.book", { ...booking(), colour: "red" } as never),
        "rejected",
        "invalid_arguments",
      ],
    ];
    const { lastN, results } = await practice.push(desk, [...cases.map(([m]) => m), book(11)]);
    expect(results.map(({ n, status, code }) => [n, status, code])).toEqual([
      ...cases.map(([{ n }, status, code]) => [n, status, code]),
      [11, "applied", undefined],
    ]);
    expect(lastN).toBe(11);
    expect(results[3]!.detail).toMatchObject({ field: "patientId" });
  });

  it.each([
    ["NUL", "a\u0000b"],
    ["half an emoji", "a\ud83d"],
  ])("of text that cannot be stored (%s) names the field and lets the queue go on", async (_, text) => {
    await newDesk();
    const hash = "0".repeat(64);
    const batch = [
      mutation(desk, 1, "appointment.book", { ...booking(), reason: text }, { hash }),
      mutation(desk, 2, "appointment.book", { ...booking(), [text]: 1 } as never, { hash }),
      mutation(desk, 3, "patient.update", { id: people.patient(7), givenName: text }, { hash }),
      book(4, { patientId: text }, { hash }),
      book(5, {}, { name: "nothing.here" as never, args: { id: newId(), patientId: text }, hash }),
      book(6),
    ];
    const { results } = await practice.push(desk, batch);
    expect(results.map(({ code }) => code)).toEqual([...Array(5).fill("invalid_arguments"), undefined]);
    expect(results[0]!.detail).toMatchObject({ field: "reason" });
    expect(await practice.push(desk, batch)).toMatchObject({ results });
  });

  it("of what nests without end, of impossible dates and of numbers out of range lets the queue go on", async () => {
    await newDesk();
    const deep = { ...book(1, {}, { hash: "0".repeat(64) }), args: { id: newId(), deep: "HERE" } };
    const batch = [
      deep,
      book(2, { start: "2027-02-30T10:00:00Z" }),
      book(3, { start: "0000-01-01T10:00:00Z" }),
      mutation(desk, 4, "patient.update", { id: people.patient(7), birthDate: "2027-02-29" }),
      mutation(desk, 5, "patient.update", { id: people.patient(7), birthDate: "0000-01-01" }),
      mutation(desk, 6, "appointment.book", { ...booking(), minutes: 1e308 }),
      book(7),
    ];
    const text = JSON.stringify({ epoch: null, clientId: desk.clientId, mutations: batch });
    const levels = 200_000;
    const body = text.replace('"HERE"', "[".repeat(levels) + "]".repeat(levels));
    const answer = await practice.request<PushResult>(desk, "POST", "/api/sync/push", body, {
      "content-type": "application/json",
    });
    expect(answer.body.results.map(({ code }) => code)).toEqual([
      ...Array(6).fill("invalid_arguments"),
      undefined,
    ]);
  });

  it("of what could not be kept for review either is refused all the same, and lets the queue go on", async () => {
    const doctor = await practice.signIn("clinician");
    const capture = (n: number) =>
      mutation(
        doctor,
        n,
        "capture.write",
        { id: newId(), label: "", text: "TEXT", salt: "x".repeat(22) },
        { hash: "0".repeat(64) },
      );
    const pushRaw = async (mutations: PushedMutation[], text: string) => {
      const body = JSON.stringify({ epoch: null, clientId: doctor.clientId, mutations });
      const answer = await practice.request<PushResult>(
        doctor,
        "POST",
        "/api/sync/push",
        body.replaceAll('"TEXT"', text),
        { "content-type": "application/json" },
      );
      return answer.body.results?.map(({ code }) => code);
    };
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(await pushRaw([capture(1)], '"\\ud800"')).toEqual(["invalid_arguments"]);
    expect(await pushRaw([capture(2)], deep)).toEqual(["invalid_arguments"]);
    await practice.owner("update sync_client set forked_at = now() where client_id = $1", [doctor.clientId]);
    expect(await pushRaw([capture(3)], '"\\ud800"')).toEqual(["client_fork"]);
    expect(await pushRaw([capture(4)], deep)).toEqual(["client_fork"]);
  });

  it("keeps words out of the log: a patient id that is none is not recorded", async () => {
    await newDesk();
    const before = await practice.head();
    await practice.push(desk, [book(1, { patientId: "depression, started sertraline" })]);
    expect(JSON.stringify(await practice.audit(before))).not.toContain("sertraline");
  });
});

describe("a batch", () => {
  it("of 50 with refusals among them is one transaction with one number", async () => {
    await newDesk();
    const before = await practice.head();
    const batch = Array.from({ length: 50 }, (_, index) =>
      index % 7 === 3 ? mutation(desk, index + 1, "appointment.cancel", { id: newId() }) : book(index + 1),
    );
    const { results, lastN } = await practice.push(desk, batch);
    expect(lastN).toBe(50);
    expect(results.filter(({ status }) => status === "applied")).toHaveLength(43);
    expect(results.filter(({ code }) => code === "missing_parent")).toHaveLength(7);
    expect(new Set(results.map(({ seq }) => seq))).toEqual(new Set([before + 50]));
    const transactions = await practice.owner(
      "select distinct xid::text from audit_log where seq > $1 and seq <= $2",
      [before, before + 50],
    );
    expect(transactions).toHaveLength(1);
    // One record per mutation, with the person and the role of the moment (I6).
    const records = await practice.audit(before);
    expect(records.map(({ deviceSeq }) => deviceSeq)).toEqual(batch.map(({ n }) => n));
    expect(records.every(({ actor }) => actor.id === desk.user.id && actor.role === "front-desk")).toBe(true);
  });

  it("of 51 is refused whole", async () => {
    await newDesk();
    const batch = Array.from({ length: 51 }, (_, index) => book(index + 1));
    const answer = await practice.request(desk, "POST", "/api/sync/push", {
      epoch: null,
      clientId: desk.clientId,
      mutations: batch,
    });
    expect([answer.status, answer.body.code]).toEqual([400, "malformed_request"]);
  });

  it("that meets a deadlock is done one by one and loses nothing", async () => {
    const [a, b] = [await practice.signIn("frontdesk"), await practice.signIn("frontdesk2")];
    const orders = [
      [people.clinician, people.clinician2],
      [people.clinician2, people.clinician],
    ];
    const pushes = [a, b].map((session, index) =>
      Array.from({ length: 40 }, (_, k) =>
        mutation(session, k + 1, "appointment.book", booking({ clinicianId: orders[index]![k % 2]! })),
      ),
    );
    const answers = await Promise.all([practice.push(a, pushes[0]!), practice.push(b, pushes[1]!)]);
    for (const { lastN, results } of answers) {
      expect(lastN).toBe(40);
      expect(results.every(({ status }) => status === "applied")).toBe(true);
    }
  });
});

describe("rights", () => {
  it("are those of now: work of a role that was taken away waits in quarantine, sealed", async () => {
    const id = await practice.addPerson("both", ["clinician", "front-desk"]);
    const session = await practice.signIn("both", { role: "front-desk" });
    const asClinician = { role: "clinician" as const };
    const visit = booking({ clinicianId: id });
    const encounterId = encounterIdOf(visit.id);
    const start = { id: encounterId, appointmentId: visit.id, patientId: visit.patientId, clinicianId: id };
    await practice.push(session, [mutation(session, 1, "appointment.book", visit)]);
    // The row is synced: taking a role away needs the seal like every change.
    await practice.practice.ledger.transact(async ({ em, audit }) => {
      await em.execute("update staff set roles = '{front-desk}', version = version + 1 where id = ?", [id]);
      audit({ actor: { type: "system", id: "test" }, action: "staff.created", outcome: "ok" });
    });
    const before = await practice.head();
    const { results } = await practice.push(session, [
      mutation(session, 2, "encounter.start", start, asClinician),
      mutation(session, 3, "appointment.checkIn", { id: visit.id }),
      mutation(session, 4, "encounter.finish", { id: encounterId }, asClinician),
      mutation(session, 5, "appointment.checkIn", { id: newId() }),
    ]);
    expect(results.map(({ status, code }) => [status, code])).toEqual([
      ["quarantined", "revoked_before_arrival"],
      ["applied", undefined],
      ["quarantined", "revoked_before_arrival"],
      ["rejected", "missing_parent"],
    ]);
    const [kept, also] = await practice.owner<{ sealed: Buffer; patient_id: string }>(
      "select sealed, patient_id from quarantine where client_id = $1 order by n",
      [session.clientId],
    );
    // Neither a later success nor a later refusal in the same batch takes one out again.
    expect(also).toBeDefined();
    expect(kept?.patient_id).toBe(visit.patientId);
    expect(kept?.sealed.includes(Buffer.from(encounterId))).toBe(false);
    expect((await practice.audit(before))[0]).toMatchObject({ action: "mutation.quarantined" });
    expect(await practice.owner("select 1 from encounter where id = $1", [encounterId])).toEqual([]);
  });

  it("cannot be borrowed: a role the matrix does not allow is denied and recorded", async () => {
    await newDesk();
    const nurse = await practice.signIn("nurse");
    const visit = await startVisit(practice, nurse);
    const before = await practice.head();
    const { results } = await practice.push(desk, [
      mutation(desk, 1, "encounter.finish", { id: visit.encounterId }),
      mutation(desk, 2, "encounter.finish", { id: visit.encounterId }, { role: "clinician" }),
    ]);
    expect(results.map(({ status, code }) => [status, code])).toEqual([
      ["rejected", "forbidden"],
      ["quarantined", "revoked_before_arrival"],
    ]);
    expect((await practice.audit(before)).map(({ action, outcome }) => [action, outcome])).toEqual([
      ["access.denied", "denied"],
      ["mutation.quarantined", "denied"],
    ]);
  });
});

describe("when the record cannot be written", () => {
  it("nothing is changed and the answer is 503 audit_unavailable; later the same push works", async () => {
    await newDesk();
    const batch = [book(1)];
    const before = await appointments();
    await practice.owner(`create function refuse_audit() returns trigger language plpgsql as
      $$ begin raise exception 'disk failure'; end $$`);
    await practice.owner(
      "create trigger a_refuse before insert on audit_log for each row execute function refuse_audit()",
    );
    try {
      const answer = await practice.request(desk, "POST", "/api/sync/push", {
        epoch: desk.epoch,
        clientId: desk.clientId,
        mutations: batch,
      });
      expect([answer.status, answer.body.code]).toEqual([503, "audit_unavailable"]);
      expect(answer.headers.get("retry-after")).toBe("2");
      expect(await appointments()).toBe(before);
      // A denial stays a denial.
      const denied = await practice.request(desk, "GET", "/api/users");
      expect([denied.status, denied.body.auditSeq]).toEqual([403, undefined]);
      const forged = await practice.request("Bearer a.b.c", "GET", "/api/users");
      expect([forged.status, forged.body.code]).toEqual([401, "invalid_token"]);
    } finally {
      await practice.owner("drop trigger a_refuse on audit_log");
      await practice.owner("drop function refuse_audit()");
    }
    expect(await practice.push(desk, batch)).toMatchObject({ lastN: 1, results: [{ status: "applied" }] });
    expect(await appointments()).toBe(before + 1);
  });
});

describe("the hash", () => {
  it("is over everything but itself", () => {
    const session = { user: { ...desk.user } };
    const one = mutation(session, 1, "appointment.book", { ...booking(), start: nextStart() });
    expect(mutationHash({ ...one, hash: "ignored" })).toBe(one.hash);
    for (const key of Object.keys(one).filter((name) => name !== "hash"))
      expect(mutationHash({ ...one, [key]: "other" } as never)).not.toBe(one.hash);
  });
});
