import { EntityManager } from "@mikro-orm/core";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { permissions } from "#domain/access/permissions.ts";
import { roles } from "#domain/access/roles.ts";
import { scope } from "#domain/access/scope.ts";
import { sha256Hex } from "#domain/kernel/canonical.ts";
import { newId } from "#domain/kernel/id.ts";
import { collections } from "#domain/registry.ts";
import { streamDigest } from "#domain/sync/protocol.ts";
import { clientRows, serverRows, type TestClient, testClient } from "../testing/test-client.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { booking, noteText, people, revise, startVisit } from "../testing/visit.ts";

let practice: TestPractice;
const planted = "PLANTED-CLINICAL-WORD";

beforeAll(async () => {
  practice = await openTestPractice();
  const clinician = await practice.signIn("clinician");
  // Patient 0 has a visit today; patient 9 has one far outside the window.
  for (const [n, patient] of [
    [1, 0],
    [4, 9],
  ] as const) {
    const visit = await startVisit(practice, clinician, n, people.patient(patient));
    const { results } = await practice.push(clinician, [
      revise(clinician, visit.next, visit, noteText(`${planted} ${patient}`)),
    ]);
    expect(results[0]).toMatchObject({ status: "applied" });
  }
});
afterAll(() => practice.close());

const expectTheServersRows = async (client: TestClient) =>
  expect(clientRows(client)).toEqual(await serverRows(practice, client.streams.keys()));
const chart = (index: number) => `chart:${people.patient(index)}`;

describe("joining", () => {
  it.each([1, 2, 3, 4, 5, 6, 7])("gives exactly the server's rows with pages of %i", async (limit) => {
    const client = testClient(practice, await practice.signIn("clinician"), { limit });
    const pages = await client.pull();
    await expectTheServersRows(client);
    expect(client.published.size).toBeGreaterThan(40);
    expect(pages).toBeGreaterThanOrEqual(Math.ceil(client.published.size / limit));
    // Nothing more to say: one page, no rows.
    const idle = await client.page();
    expect([idle.body.rows, idle.body.more]).toEqual([[], false]);
  });

  it("goes on when replies are lost and when the client forgets everything", async () => {
    const session = await practice.signIn("clinician");
    const client = testClient(practice, session, { limit: 3 });
    for (let page = 0; page < 4; page++) {
      await client.loseReply();
      await client.page();
    }
    await client.pull();
    await expectTheServersRows(client);
    // With the next request the server learns that the client has everything.
    await client.pull();
    const anew = testClient(practice, session, { limit: 5 });
    await anew.pull();
    await expectTheServersRows(anew);
    for (const [stream, { generation }] of client.streams)
      expect(anew.streams.get(stream)!.generation).toBeGreaterThan(generation);
  });

  it("sends a stream again that the client said it had, and lost before it was stored", async () => {
    const session = await practice.signIn("clinician");
    const client = testClient(practice, session, { limit: 3 });
    const cut = () => [...client.streams].find(([, { after }]) => after !== null);
    while (!cut()) await client.page();
    // It asks for more while it stores a page, is killed before that is done, and comes back with what is on its disk.
    const held = [...client.streams].map(([stream, { generation }]) => [stream, generation, null]);
    const { epoch, cursor } = client;
    const ahead = { epoch, cursor, clientId: session.clientId, scopeHash: null, held, want: [], limit: 3 };
    expect((await practice.request(session, "POST", "/api/sync/pull", ahead)).status).toBe(200);
    expect(cut()).toBeDefined();
    await client.pull();
    await expectTheServersRows(client);
  });

  it("comes to an end for both copies of a profile that ask for page after page at one time", async () => {
    const session = await practice.signIn("clinician");
    const [first, second] = [1, 2].map(() => testClient(practice, session, { limit: 3 }));
    for (let times = 0; times < 2; times++) await first!.pull();
    const copies = [second!, first!];
    const waiting = new Set(copies);
    for (let round = 0; round < 200 && waiting.size > 0; round++)
      for (const copy of waiting) if (!(await copy.page()).body.more) waiting.delete(copy);
    expect(waiting.size).toBe(0);
    for (const copy of copies) {
      await copy.pull();
      await expectTheServersRows(copy);
    }
  });

  it("sends what another copy of the profile began anew and finished while this one waited for its turn", async () => {
    const session = await practice.signIn("clinician");
    const client = testClient(practice, session, { limit: 1000 });
    await client.pull();
    await client.pull();
    const other = new pg.Client({ connectionString: practice.ownerUrl });
    await other.connect();
    try {
      await practice.owner("delete from sync_client_stream where client_id = $1 and stream = 'directory'", [
        session.clientId,
      ]);
      await other.query("begin");
      await other.query("select from sync_client where client_id = $1 for update", [session.clientId]);
      const pulling = client.pull();
      await vi.waitFor(async () => {
        const waiting = await practice.owner(
          "select 1 from pg_locks where not granted and transactionid is not null",
        );
        expect(waiting).toHaveLength(1);
      });
      await other.query(
        "update sync_client_stream set generation = generation + 1 where client_id = $1 and stream = 'demographics'",
        [session.clientId],
      );
      await other.query("commit");
      await pulling;
      await expectTheServersRows(client);
    } finally {
      await other.end();
    }
  });

  it("calls nothing whole of which a copy of the profile said so while this one was being answered", async () => {
    const session = await practice.signIn("clinician");
    await testClient(practice, session, { limit: 3 }).page();
    const client = testClient(practice, session);
    const other = new pg.Client({ connectionString: practice.ownerUrl });
    await other.connect();
    const left = [session.clientId, chart(9)];
    try {
      await practice.owner("insert into sync_client_stream values ($1, $2, 1, 'ready')", left);
      await other.query("begin");
      await other.query(
        "select from sync_client_stream where client_id = $1 and stream = $2 for update",
        left,
      );
      const pulling = client.pull();
      await vi.waitFor(async () => {
        const waiting = await practice.owner(
          "select 1 from pg_locks where not granted and transactionid is not null",
        );
        expect(waiting).toHaveLength(1);
      });
      await practice.owner(
        "update sync_client_stream set state = 'ready' where client_id = $1 and stream <> $2",
        left,
      );
      await other.query("rollback");
      await pulling;
      await expectTheServersRows(client);
    } finally {
      await other.end();
    }
  });

  it("tells count and digest of each stream that became complete", async () => {
    const client = testClient(practice, await practice.signIn("frontdesk"));
    const { body } = await client.page();
    for (const [stream, { count }] of Object.entries(body.digests))
      expect(count).toBe((await serverRows(practice, [stream])).size);
    expect(Object.keys(body.digests).sort()).toEqual([...client.streams.keys()].sort());
  });

  it("tells the digests of all complete streams when they are asked for, and only with the last page", async () => {
    const client = testClient(practice, await practice.signIn("clinician"), { limit: 3 });
    const { body: first } = await client.page({ verify: true });
    expect([first.more, first.digests]).toEqual([true, {}]);
    await client.pull();
    expect((await client.page()).body.digests).toEqual({});
    const { digests } = (await client.page({ verify: true })).body;
    expect(Object.keys(digests).sort()).toEqual([...client.streams.keys()].sort());
    for (const [stream, { rows }] of client.streams) {
      const held = [...rows].map(([id, { version }]) => ({ id, version }));
      expect(digests[stream]).toEqual(streamDigest(held, sha256Hex));
    }
  });

  it("sends a stream anew whose copy did not fit, and writes both values down once", async () => {
    const session = await practice.signIn("clinician");
    const client = testClient(practice, session);
    await client.pull();
    await client.pull();
    const stream = chart(0);
    const generation = client.streams.get(stream)!.generation;
    const expected = (await client.page({ verify: true })).body.digests[stream]!;
    const held = { count: 1, xor: "00000000000000ff" };
    const mismatches = [{ stream, generation, held, expected }];
    const { body } = await client.page({ mismatches });
    expect(body.scope.streams).toContainEqual([stream, generation + 1, "ready"]);
    expect(body.rows.filter((row) => row.stream === stream)).toHaveLength(expected.count);
    await client.page({ mismatches });
    await expectTheServersRows(client);
    const found = await practice.owner("select * from sync_mismatch where device_id = $1", [
      session.deviceId,
    ]);
    expect(found).toMatchObject([{ kind: "chart", held_count: 1, expected_count: expected.count }]);
    expect(JSON.stringify(found)).not.toContain(people.patient(0));
    const log = await practice.owner<{ body: string }>(
      "select body from audit_log where body::jsonb ->> 'action' = 'sync.mismatch'",
    );
    expect(log.map(({ body: text }) => JSON.parse(text))).toMatchObject([
      { patientId: people.patient(0), before: `1 ${held.xor}`, after: `${expected.count} ${expected.xor}` },
    ]);
  });

  it("gives exactly the server's rows while others write (I1, I10)", async () => {
    const [desk, clinician] = [await practice.signIn("frontdesk2"), await practice.signIn("clinician2")];
    const client = testClient(practice, clinician, { limit: 3 });
    let writing = true;
    let cuts = 0;
    const writer = (async () => {
      for (let n = 1; n <= 40 || cuts < 2; n++) {
        const one = n % 4;
        await practice.push(
          desk,
          one === 0
            ? [mutation(desk, n, "patient.update", { id: people.patient(n % 15), phone: `555-01${n}` })]
            : [mutation(desk, n, "appointment.book", booking({ patientId: people.patient(n % 15) }))],
        );
      }
      writing = false;
    })();
    while (writing) {
      await client.pull();
      cuts++;
    }
    await writer;
    await client.pull();
    await expectTheServersRows(client);
    expect(cuts).toBeGreaterThan(1);
  });

  it("is not led astray by a commit larger than a page that is the newest one", async () => {
    const desk = await practice.signIn("frontdesk2");
    const clinician = await practice.signIn("clinician2");
    const client = testClient(practice, clinician, { limit: 4 });
    for (let page = 0; page < 5; page++) await client.page();
    await practice.push(
      desk,
      Array.from({ length: 12 }, (_, index) => mutation(desk, index + 1, "appointment.book", booking())),
    );
    await client.pull();
    await expectTheServersRows(client);
  });

  it("what just changed is read once for all tablets that ask at the same moment", async () => {
    const desk = await practice.signIn("frontdesk");
    const tablets = await Promise.all(
      ["clinician", "clinician2", "frontdesk2"].map(async (name) => {
        const client = testClient(practice, await practice.signIn(name));
        await client.pull();
        await client.pull();
        return client;
      }),
    );
    const args = booking();
    await practice.push(desk, [mutation(desk, 1, "appointment.book", args)]);
    const transactions = vi.spyOn(EntityManager.prototype, "transactional");
    try {
      await Promise.all(tablets.map((tablet) => tablet.page()));
      expect(transactions).toHaveBeenCalledTimes(1);
    } finally {
      transactions.mockRestore();
    }
    for (const tablet of tablets) {
      await tablet.pull();
      await expectTheServersRows(tablet);
      expect(tablet.published.has(`schedule/${args.id}`)).toBe(true);
    }
  });

  it("writes chart.replicated once per client, chart and generation, before the bytes leave", async () => {
    const before = await practice.head();
    const client = testClient(practice, await practice.signIn("clinician"), { limit: 2 });
    const first = await client.page();
    const records = (await practice.audit(before)).filter(({ action }) => action === "chart.replicated");
    const charts = [...client.streams.keys()].filter((name) => name.startsWith("chart:"));
    expect(records.map(({ patientId }) => `chart:${patientId}`).sort()).toEqual(charts.sort());
    expect(Math.max(...records.map(({ seq }) => seq))).toBeLessThanOrEqual(first.body.head);
    await client.pull();
    await client.pull();
    const later = (await practice.audit(before)).filter(({ action }) => action === "chart.replicated");
    expect(later).toHaveLength(records.length);
  });
});

describe("results", () => {
  it("come through the pull too, so that an answer lost by the push is not lost", async () => {
    const session = await practice.signIn("frontdesk");
    const client = testClient(practice, session);
    await client.pull();
    const sent = [
      mutation(session, 1, "appointment.book", booking()),
      mutation(session, 2, "appointment.checkIn", { id: newId() }),
    ];
    const { results } = await practice.push(session, sent);
    await client.pull();
    // Each says whose answer it is: a copied profile has other work under the same numbers.
    expect([...client.results.values()]).toEqual(
      results.map((result, index) => ({ ...result, hash: sent[index]!.hash })),
    );
    expect(client.cursor).toBeGreaterThanOrEqual(results[1]!.seq!);
  });

  it("are never another client's", async () => {
    const [mine, other] = [await practice.signIn("frontdesk"), await practice.signIn("frontdesk2")];
    const first = testClient(practice, mine);
    await first.pull();
    await practice.push(mine, [mutation(mine, 1, "appointment.book", booking())]);
    const held = [...first.streams].map(([stream, { generation }]) => [stream, generation, null]);
    const answer = await practice.request(other, "POST", "/api/sync/pull", {
      epoch: null,
      clientId: mine.clientId,
      cursor: 1,
      scopeHash: null,
      held,
      want: [],
    });
    expect([answer.status, answer.body.code]).toEqual([409, "client_unknown"]);
  });
});

describe("scope", () => {
  const streamsOf = async (session: TestSession, want: string[] = []) => {
    const client = testClient(practice, session);
    client.want.push(...want);
    await client.pull();
    return { client, names: [...client.streams.keys()] };
  };

  it("gives the front desk no chart, whatever it asks for, and no clinical word on the wire", async () => {
    const { client, names } = await streamsOf(await practice.signIn("frontdesk"), [chart(0), chart(9)]);
    expect(names.sort()).toEqual([
      "demographics",
      "directory",
      "schedule",
      `tasks:${people.frontdesk}`,
      "tasks:front-desk",
    ]);
    const kinds = new Set([...client.published.values()].map(({ collection }) => collection));
    for (const clinical of ["note", "recording", "transcript"]) expect(kinds).not.toContain(clinical);
    expect(client.wire.join()).not.toContain(planted);
    expect(client.wire.join()).not.toContain("chart:");
  });

  it("gives practice IT nothing of patients", async () => {
    const { client, names } = await streamsOf(await practice.signIn("it"), [
      chart(0),
      "demographics",
      "schedule",
    ]);
    expect(names.sort()).toEqual(["directory", "ops", `tasks:${people.it}`]);
    const wire = client.wire.join();
    for (const word of [planted, "Trial-Lopez", people.patient(0)]) expect(wire).not.toContain(word);
  });

  it("gives a clinician the charts of the window, and one outside it on request", async () => {
    const session = await practice.signIn("clinician");
    const { client, names } = await streamsOf(session);
    expect(names).toContain(chart(0));
    expect(names).not.toContain(chart(9));
    expect(client.wire.join()).toContain(`${planted} 0`);
    expect(client.wire.join()).not.toContain(`${planted} 9`);
    client.want.push(chart(9), chart(999), `chart:${newId()}`, "ops", "chart:' or true --");
    await client.pull();
    expect(client.streams.has(chart(9))).toBe(true);
    expect([...client.streams.keys()]).not.toContain("ops");
    expect(client.wire.at(-1)).toContain(`${planted} 9`);
    // A chart that is no longer wanted goes.
    client.want.length = 0;
    const before = await practice.head();
    await client.pull();
    expect(client.streams.has(chart(9))).toBe(false);
    expect((await practice.audit(before)).map(({ action, patientId }) => [action, patientId])).toEqual([
      ["chart.purged", people.patient(9)],
    ]);
  });

  it("follows a switch of role at once: what the new role may not hold is purged, later it starts anew", async () => {
    await practice.addPerson("doctor-and-desk", ["clinician", "front-desk"]);
    const session = await practice.signIn("doctor-and-desk");
    const { client } = await streamsOf(session);
    const generation = client.streams.get(chart(0))!.generation;
    await practice.request(session, "POST", "/api/session/role", { role: "front-desk" });
    await client.pull();
    expect([...client.streams.keys()].sort()).toEqual([
      "demographics",
      "directory",
      "schedule",
      `tasks:${session.user.id}`,
      "tasks:front-desk",
    ]);
    await practice.request(session, "POST", "/api/session/role", { role: "clinician" });
    await client.pull();
    await expectTheServersRows(client);
    expect(client.streams.get(chart(0))!.rows.size).toBeGreaterThan(0);
    expect(client.streams.get(chart(0))!.generation).toBeGreaterThanOrEqual(generation);
  });

  it("gives a stream that left unnoticed a new generation when it comes back", async () => {
    await practice.addPerson("two-hats", ["clinician", "front-desk"]);
    const session = await practice.signIn("two-hats");
    const { client } = await streamsOf(session);
    const { generation } = client.streams.get(chart(0))!;
    await practice.request(session, "POST", "/api/session/role", { role: "front-desk" });
    await client.loseReply();
    await practice.request(session, "POST", "/api/session/role", { role: "clinician" });
    await client.pull();
    expect(client.streams.get(chart(0))!.generation).toBeGreaterThan(generation);
    await expectTheServersRows(client);
  });

  it("moves a record between streams: gone from the old one, there in the new one", async () => {
    const session = await practice.signIn("clinician");
    const visit = await startVisit(practice, session, 1, people.patient(1));
    const { results } = await practice.push(session, [revise(session, 3, visit, noteText("moves"))]);
    expect(results[0]!.status).toBe("applied");
    const { client } = await streamsOf(session);
    expect(client.published.has(`${chart(1)}/${visit.noteId}`)).toBe(true);
    await practice.practice.ledger.transact(async ({ em, audit }) => {
      await em.execute("update note set patient_id = ?, version = version + 1 where id = ?", [
        people.patient(2),
        visit.noteId,
      ]);
      audit({ actor: { type: "system", id: "test" }, action: "note.revised", outcome: "ok" });
    });
    await client.pull();
    expect(client.published.has(`${chart(1)}/${visit.noteId}`)).toBe(false);
    expect(client.published.has(`${chart(2)}/${visit.noteId}`)).toBe(true);
    await expectTheServersRows(client);
  });

  it("every collection's right to read is implied by the rule of its stream, or it would be left out quietly", () => {
    const patientId = newId();
    const row = { id: newId(), patientId } as never;
    for (const role of roles) {
      const facts = {
        userId: newId(),
        role,
        deviceId: newId(),
        todayPatientIds: [],
        seenPatientIds: [patientId],
        openedPatientIds: [],
        brokenGlassPatientIds: [],
        restricted: new Map(),
      };
      const allowed = scope(facts);
      for (const { name, stream, permissions: needed } of Object.values(collections)) {
        const inStream = stream(row);
        if (inStream === null || !allowed.includes(inStream)) continue;
        expect(Object.keys(permissions[needed.read].roles), `${role} reads ${name}`).toContain(role);
      }
    }
  });
});

describe("an epoch", () => {
  it("of another history, or a cursor beyond the head, is refused with the present one", async () => {
    const session = await practice.signIn("clinician");
    const ask = (change: object) =>
      practice.request(session, "POST", "/api/sync/pull", {
        epoch: session.epoch,
        clientId: session.clientId,
        cursor: 0,
        scopeHash: null,
        held: [],
        want: [],
        ...change,
      });
    for (const change of [{ epoch: newId() }, { cursor: 1_000_000_000 }]) {
      const { status, body } = await ask(change);
      expect([status, body.code, body.detail]).toEqual([
        409,
        "epoch_mismatch",
        JSON.stringify({ epoch: session.epoch }),
      ]);
    }
  });
});
