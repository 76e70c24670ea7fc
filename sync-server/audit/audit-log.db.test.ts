import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditBodySchema } from "#domain/audit/record.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { booking, people } from "../testing/visit.ts";
import { verifyAudit } from "./verify-database.ts";

let practice: TestPractice;
let privacy: TestSession;
let security: TestSession;

beforeAll(async () => {
  practice = await openTestPractice();
  privacy = await practice.signIn("privacy");
  security = await practice.signIn("security");
});
afterAll(() => practice.close());

interface Found {
  records: { seq: number; action: string; patientId?: string; resource?: object; actor: { id: string } }[];
  names: Record<string, string>;
  next?: number;
  code?: string;
}
const search = (caller: TestSession, query: string) =>
  practice.request<Found>(caller, "GET", `/api/audit${query}`);

describe("a change", () => {
  it("one by one is one record in one transaction each; a refused one leaves no effect", async () => {
    const desk = await practice.signIn("frontdesk");
    const before = await practice.head();
    await practice.push(desk, [mutation(desk, 1, "appointment.book", booking())]);
    await practice.push(desk, [mutation(desk, 2, "appointment.cancel", { id: newId() })]);
    const records = await practice.audit(before);
    expect(records.map(({ action }) => action)).toEqual(["appointment.booked", "mutation.refused"]);
    const marks = await practice.owner("select 1 from sync_row where seq = $1", [records[1]!.seq]);
    expect(marks).toEqual([]);
  });
});

describe("the records", () => {
  it("all have the published shape, a known action, and no secrets", async () => {
    const { isAuditAction } = await import("#domain/audit/actions.ts");
    const stored = await practice.owner<{ body: string }>("select body from audit_log");
    expect(stored.length).toBeGreaterThan(40);
    for (const { body } of stored) {
      const parsed = auditBodySchema.safeParse(JSON.parse(body));
      expect(parsed.error?.issues, body).toBeUndefined();
      expect(isAuditAction(parsed.data!.action), body).toBe(true);
      expect(body).not.toMatch(/jamemr-trial-practice|eyJ|\$argon2/);
    }
  });
});

describe("the search", () => {
  it("takes several actions at once and no unknown one", async () => {
    const { body } = await search(privacy, "?action=session.started,access.denied");
    expect(body.records.length).toBeGreaterThan(0);
    for (const { action } of body.records) expect(["session.started", "access.denied"]).toContain(action);
    expect((await search(privacy, "?action=session.started,made.up")).status).toBe(400);
  });

  it("says what tokens and devices among the actors are called", async () => {
    const [token] = await practice.owner<{ id: string; purpose: string }>(
      "select id, purpose from token limit 1",
    );
    await practice.practice.ledger.record({
      actor: { type: "token", id: token!.id, tokenId: token!.id },
      action: "job.claimed",
      outcome: "ok",
    });
    const { body } = await search(privacy, "?action=job.claimed");
    expect(body.names[token!.id]).toBe(token!.purpose);
    await practice.owner(
      `insert into ai_node(id, token_id, name, version, device, models, last_heartbeat_at)
       values ($1, $2, 'Back office', '1', 'cpu', '[]', now())`,
      [newId(), token!.id],
    );
    expect((await search(privacy, "?action=job.claimed")).body.names[token!.id]).toBe("Back office");
  });

  it("goes through every page once, whatever is asked for, and a clock that was set back loses nothing", async () => {
    const actor = { type: "user", id: people.nurse, role: "nurse" } as const;
    for (let i = 0; i < 9; i++)
      await practice.practice.ledger.record({
        actor,
        action: i % 2 ? "chart.opened" : "recording.listened",
        outcome: "ok",
        patientId: people.patient(5),
      });
    // Its time is an hour before that of the records before it.
    await practice.owner("select ledger_seal($1::jsonb)", [
      JSON.stringify([
        {
          id: newId(),
          salt: "00",
          body: JSON.stringify({
            actor,
            action: "chart.opened",
            outcome: "ok",
            patientId: people.patient(5),
            recordedAt: new Date(Date.parse(instantNow()) - 3_600_000).toISOString(),
          }),
        },
      ]),
    ]);
    for (const query of [
      `patient=${people.patient(5)}&action=chart.opened,recording.listened,chart.replicated`,
      `person=${people.nurse}&from=2020-01-01T00:00:00Z`,
      `from=2020-01-01T00:00:00Z&to=2099-01-01T00:00:00Z&action=chart.opened,recording.listened`,
    ]) {
      const whole = (await search(privacy, `?${query}&limit=1000`)).body.records.map(({ seq }) => seq);
      expect(whole.length, query).toBeGreaterThan(9);
      const pages: number[] = [];
      let next: number | undefined;
      do {
        const { body } = await search(privacy, `?${query}&limit=2${next ? `&before=${next}` : ""}`);
        pages.push(...body.records.map(({ seq }) => seq));
        next = body.next;
      } while (next);
      expect(pages, query).toEqual(whole);
    }
  });

  it("finds by person, patient, action, outcome and time, newest first, page by page", async () => {
    const doctor = await practice.signIn("clinician2");
    await practice.push(doctor, [
      mutation(doctor, 1, "patient.update", { id: people.patient(3), phone: "1" }),
    ]);
    const from = instantNow();
    await practice.request(doctor, "GET", "/api/users");
    const seqs = async (query: string) => (await search(privacy, query)).body.records.map(({ seq }) => seq);
    const all = (await practice.audit()).reverse();
    const expected = (keep: (record: (typeof all)[0]) => boolean) => all.filter(keep).map(({ seq }) => seq);
    expect(await seqs(`?actor=${doctor.user.id}&limit=1000`)).toEqual(
      expected(({ actor }) => actor.id === doctor.user.id),
    );
    expect(await seqs(`?patient=${people.patient(3)}`)).toEqual(
      expected(({ patientId }) => patientId === people.patient(3)),
    );
    expect(await seqs("?action=patient.updated")).toEqual(
      expected(({ action }) => action === "patient.updated"),
    );
    expect(await seqs("?outcome=denied")).toEqual(expected(({ outcome }) => outcome === "denied"));
    expect((await seqs(`?from=${from}&action=access.denied`)).length).toBe(1);
    expect(await seqs(`?to=2020-01-01T00:00:00Z`)).toEqual([]);
    const pages: number[] = [];
    let next: number | undefined;
    const head = await practice.head();
    do {
      const { body } = await search(privacy, `?limit=7${next ? `&before=${next}` : `&before=${head + 1}`}`);
      pages.push(...body.records.map(({ seq }) => seq));
      next = body.next;
    } while (next);
    expect(pages).toEqual(Array.from({ length: head }, (_, index) => head - index));
    const author = doctor.user.id;
    await practice.practice.ledger.record({
      actor: { type: "device", id: doctor.deviceId },
      onBehalfOf: author,
      action: "patient.updated",
      outcome: "ok",
      requestId: newId(),
    });
    const brought = (await practice.audit()).at(-1)!;
    const byPerson = await seqs(`?person=${author}&limit=1000`);
    expect(byPerson[0]).toBe(brought.seq);
    expect(byPerson.slice(1)).toEqual(expected(({ actor }) => actor.id === author));
    expect(await seqs(`?actor=${author}&limit=1000`)).not.toContain(brought.seq);
  });

  it("is itself recorded, and shows the security officer nothing about patients", async () => {
    const before = await practice.head();
    await search(privacy, `?patient=${people.patient(3)}`);
    expect(await practice.audit(before)).toMatchObject([
      { action: "audit.searched", patientId: people.patient(3), actor: { id: privacy.user.id } },
    ]);
    const { body } = await search(security, "?limit=1000");
    expect(body.records.length).toBeGreaterThan(20);
    for (const record of body.records) {
      expect(record).not.toHaveProperty("patientId");
      expect(record).not.toHaveProperty("resource");
    }
    const narrowed = await search(security, `?patient=${people.patient(3)}`);
    expect([narrowed.status, narrowed.body.code]).toEqual([403, "forbidden"]);
  });

  it("of one's own actions shows nobody else's", async () => {
    const nurse = await practice.signIn("nurse");
    const { body } = await practice.request<Found>(nurse, "GET", "/api/audit/own?limit=1000");
    expect(body.records.length).toBeGreaterThan(0);
    expect(new Set(body.records.map(({ actor }) => actor.id))).toEqual(new Set([nurse.user.id]));
  });
});

describe("the verification", () => {
  const verify = async () =>
    (await practice.request<object>(await practice.signIn("nurse"), "POST", "/api/audit/verify", {})).body;
  /** Somebody with the database's superuser rights. The log is put back as it was. */
  const tamper = async (seq: number, sql: string) => {
    await practice.owner("alter table audit_log disable trigger user");
    await practice.owner("create table kept as select * from audit_log where seq = $1", [seq]);
    await practice.owner(sql, [seq]);
    const verdict = await verify();
    await practice.owner("delete from audit_log where seq = $1", [seq]);
    await practice.owner("insert into audit_log select * from kept");
    await practice.owner("drop table kept");
    await practice.owner("alter table audit_log enable trigger user");
    return verdict;
  };

  it.each([
    ["body", "update audit_log set body = replace(body, 'ok', 'no') where seq = $1", "altered"],
    ["body by a space", "update audit_log set body = body || ' ' where seq = $1", "altered"],
    ["salt", "update audit_log set salt = '\\x00' where seq = $1", "altered"],
    ["leaf", "update audit_log set leaf = sha256('x') where seq = $1", "altered"],
    ["hash", "update audit_log set hash = sha256('x') where seq = $1", "altered"],
    [
      "body with its own leaf made to fit",
      `update audit_log set body = '{}', leaf = sha256('\\x00'::bytea || salt || '{}'::bytea) where seq = $1`,
      "altered",
    ],
    ["existence", "delete from audit_log where seq = $1", "gap"],
  ])("names the record whose %s was changed", async (_, sql, fault) => {
    expect(await verify()).toMatchObject({ whole: true });
    expect(await tamper(9, sql)).toMatchObject({ whole: false, fault, seq: 9 });
    expect(await verify()).toMatchObject({ whole: true });
  });

  it("finds a record that was slipped in under the first one", async () => {
    const forged = `insert into audit_log(seq, id, salt, body, leaf, hash)
      select -5, gen_random_uuid(), salt, body, leaf, hash from audit_log where seq = $1`;
    await practice.owner("alter table audit_log disable trigger user");
    await practice.owner(forged, [1]);
    expect(await verify()).toMatchObject({ whole: false, fault: "gap", seq: 1 });
    await practice.owner("delete from audit_log where seq < 1");
    await practice.owner("alter table audit_log enable trigger user");
  });

  it("finds that the end was cut off, while a row or an answer still carries its number", async () => {
    const doctor = await practice.signIn("clinician2");
    const phone = { id: people.patient(4), phone: "2" };
    await practice.push(doctor, [mutation(doctor, 1, "patient.update", phone)]);
    const head = await practice.head();
    const em = practice.practice.database.em.fork();
    expect(await verifyAudit(em, practice.practice.checkpoints.key)).toMatchObject({ whole: true });
    await practice.owner("alter table audit_log disable trigger user");
    await practice.owner("create table kept as select * from audit_log where seq > $1", [head - 3]);
    await practice.owner("delete from audit_log where seq > $1", [head - 3]);
    expect(await verifyAudit(em, practice.practice.checkpoints.key)).toEqual({
      whole: false,
      fault: "gap",
      seq: head - 2,
    });
    await practice.owner("insert into audit_log select * from kept");
    await practice.owner("drop table kept");
    await practice.owner("alter table audit_log enable trigger user");
    expect(await verifyAudit(em, practice.practice.checkpoints.key)).toMatchObject({ whole: true });
  });

  it("names the first record when the beginning is missing", async () => {
    expect(await tamper(1, "delete from audit_log where seq = $1")).toMatchObject({ fault: "gap", seq: 1 });
  });

  it("recounts what the database computed, to the last record", async () => {
    const verdict = (await verify()) as { records: number; head: string };
    const [row] = await practice.owner<{ hash: string }>(
      "select encode(hash, 'hex') as hash from audit_log where seq = $1",
      [verdict.records],
    );
    expect(row!.hash).toBe(verdict.head);
  });
});
