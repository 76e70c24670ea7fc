import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomBytes, sleep } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { verifyAudit } from "../audit/verify-database.ts";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { LedgerReplica } from "../testing/ledger-replica.ts";
import { type Database, openDatabase } from "./database.ts";
import { createLedger } from "./ledger.ts";

const WRITERS = 8;
const EACH = 60;

let database: TestDatabase;
let orm: Database;
let owner: pg.Client;
const clients: pg.Client[] = [];

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  clients.push(client);
  return client;
}

beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openDatabase(database.appUrl);
  owner = await connect(database.ownerUrl);
  // A synced table of the test's own, on which the server's role may do everything.
  await owner.query(`
    create table fact(id uuid primary key, version int not null default 1, patient int not null,
      stream text generated always as ('chart:' || patient::text) stored);
    create constraint trigger zz_sync_mark after insert or update or delete on fact
      deferrable initially deferred for each row execute function sync_mark();
    grant select, insert, update, delete on fact to jamemr_app`);
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await orm.close(true);
  await database.drop();
});

/** 0 ≤ chance < 1. */
const chance = (): number => Buffer.from(randomBytes(4)).readUInt32LE() / 2 ** 32;
const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!;
const record = (what: string) =>
  JSON.stringify([{ id: newId(), salt: "00ff", body: JSON.stringify({ action: what }) }]);

/** Changes one row of its own: a new one, another version, another stream, or none any more. */
async function change(client: pg.Client, own: string[]): Promise<void> {
  const dice = chance();
  if (dice < 0.5 || own.length < 4) {
    const id = newId();
    await client.query("insert into fact(id, patient) values ($1, $2)", [id, Math.floor(chance() * 12)]);
    own.push(id);
  } else if (dice < 0.75)
    await client.query("update fact set version = version + 1 where id = $1", [pick(own)]);
  else if (dice < 0.9)
    await client.query("update fact set version = version + 1, patient = (patient + 1) % 12 where id = $1", [
      pick(own),
    ]);
  else await client.query("delete from fact where id = $1", [own.pop()]);
}

/** One writer: mutations of one client, some slow, some of several rows, some rolled back at the last moment. */
async function writer(client: pg.Client, clientId: string): Promise<{ commits: number; rollbacks: number }> {
  const own: string[] = [];
  let n = 0;
  let rollbacks = 0;
  while (n < EACH) {
    const before = [...own];
    await client.query("begin");
    const size = chance() < 0.05 ? 20 : 1;
    for (let i = 0; i < size; i++) await change(client, own);
    if (chance() < 0.4) await sleep(chance() * 4);
    const entries = JSON.stringify(
      Array.from({ length: 1 + Math.floor(chance() * 3) }, () => ({
        id: newId(),
        salt: "0a",
        body: JSON.stringify({ action: "test", n }),
      })),
    );
    await client.query(
      `with s as (select ledger_seal($1::jsonb) as seq),
         m as (insert into sync_mutation select $2, $3::bigint, $4, 'fact.write', '\\x00', 'applied', null, seq from s)
       update sync_client set last_n = $3 where client_id = $2`,
      [entries, clientId, n + 1, newId()],
    );
    if (chance() < 0.1) {
      await client.query("rollback");
      own.splice(0, own.length, ...before);
      rollbacks++;
    } else {
      await client.query("commit");
      n++;
    }
  }
  return { commits: n, rollbacks };
}

describe("the one lock and the one number", () => {
  it("shows pullers only whole commits in order while eight writers write, and leaves a whole chain", async () => {
    const ids = Array.from({ length: WRITERS }, newId);
    for (const id of ids)
      await owner.query("insert into sync_client values ($1, $1, $1, null, 0, null, now())", [id]);
    const replicas = await Promise.all(
      [3, 7, 200].map(async (limit) => new LedgerReplica(await connect(database.appUrl), limit)),
    );
    let writing = true;
    const pulls = replicas.map(async (replica) => {
      while (writing) {
        while (await replica.page());
        await sleep(1);
      }
      while (await replica.page());
    });
    const writes = await Promise.all(
      ids.map(async (id) => writer(await connect(database.appUrl), id)),
    ).finally(() => {
      writing = false;
    });
    await Promise.all(pulls);
    for (const replica of replicas) {
      expect(replica.badCuts).toBe(0);
      expect(replica.cuts).toBeGreaterThan(3);
    }
    expect(replicas[0]!.largeCommits).toBeGreaterThan(0);
    expect(writes.reduce((sum, { rollbacks }) => sum + rollbacks, 0)).toBeGreaterThan(0);

    const { rows } = await owner.query(`select
      (select count(*) from sync_mutation)::int as stored, (select sum(last_n) from sync_client)::int as counted,
      (select count(*) from audit_log)::int as records, (select max(seq) from audit_log)::int as head`);
    expect(rows[0].stored).toBe(WRITERS * EACH);
    expect(rows[0].counted).toBe(rows[0].stored);
    expect(rows[0].records).toBe(rows[0].head);
    expect(await verifyAudit(orm.em.fork(), "")).toMatchObject({ whole: true, records: rows[0].records });
  });

  it("marks a row that left and came back within one commit once per stream", async () => {
    const client = await connect(database.appUrl);
    const id = newId();
    await client.query("begin");
    await client.query("insert into fact(id, patient) values ($1, 100)", [id]);
    await client.query("update fact set patient = 101 where id = $1", [id]);
    await client.query("update fact set patient = 100 where id = $1", [id]);
    await client.query("select ledger_seal($1::jsonb)", [record("moved")]);
    await client.query("commit");
    const { rows } = await client.query("select stream, op from sync_row where doc_id = $1 order by stream", [
      id,
    ]);
    expect(rows).toEqual([
      { stream: "chart:100", op: "put" },
      { stream: "chart:101", op: "rm" },
    ]);
  });
});

/** SQLSTATE of what a statement (or a whole transaction) is refused with; "accepted" when it is not. */
async function refusal(url: string, ...statements: string[]): Promise<string> {
  const client = await connect(url);
  try {
    for (const statement of statements) await client.query(statement);
    return "accepted";
  } catch (error) {
    return String(Reflect.get(error as object, "code"));
  } finally {
    await client.query("rollback");
  }
}
const insert = "insert into fact(id, patient) values (gen_random_uuid(), 1)";

describe("the guards", () => {
  it("refuse a synced row that changes without a record", async () => {
    expect(await refusal(database.appUrl, "begin", insert, "commit")).toBe("JE003");
    expect(await refusal(database.ownerUrl, "begin", insert, "commit")).toBe("JE003");
    const room = "insert into room values (gen_random_uuid(), 1, 'x', true)";
    expect(await refusal(database.appUrl, "begin", room, "commit")).toBe("JE003");
  });

  it("refuse a seal that was forged or belongs to another transaction", async () => {
    const forge = "select set_config('jamemr.seal', pg_current_xact_id()::text || ':1', true)";
    expect(await refusal(database.appUrl, "begin", insert, forge, "commit")).toBe("JE003");
    const old = `select set_config('jamemr.seal', xid::text || ':' || seq, true) from audit_log order by seq desc limit 1`;
    expect(await refusal(database.appUrl, "begin", insert, old, "commit")).toBe("JE003");
  });

  it("refuse a seal outside READ COMMITTED and one without a record", async () => {
    const seal = `select ledger_seal('${record("x")}'::jsonb)`;
    for (const level of ["repeatable read", "serializable"])
      expect(await refusal(database.appUrl, `begin isolation level ${level}`, seal)).toBe("JE001");
    expect(await refusal(database.appUrl, "select ledger_seal('[]'::jsonb)")).toBe("JE002");
  });

  it.each([
    ["update", "update audit_log set body = '{}' where seq = 1"],
    ["delete", "delete from audit_log where seq = 1"],
    ["truncate", "truncate audit_log"],
  ])("refuse %s of the log to the server's role and to its owner", async (_, sql) => {
    expect(await refusal(database.appUrl, sql)).toBe("42501");
    expect(await refusal(database.ownerUrl, sql)).toBe("JE004");
  });

  it("give the server's role no way around the seal", async () => {
    const rows = [
      `insert into audit_log(seq, id, salt, body, leaf, hash) values (999999, gen_random_uuid(), '', '{}', '', '')`,
      "insert into sync_row values ('schedule', gen_random_uuid(), 'room', 1, 'put')",
      "update sync_row set seq = 1",
      "delete from sync_row",
      "truncate sync_row",
      "truncate patient cascade",
      "truncate sync_mutation",
      "delete from patient",
      "delete from note",
      "delete from sync_mutation",
      "delete from quarantine",
      "alter table audit_log disable trigger user",
      "drop trigger zz_sync_mark on patient",
      "set session_replication_role = replica",
      "create or replace function ledger_seal(jsonb) returns bigint language sql as 'select 1::bigint'",
    ];
    for (const sql of rows) expect(await refusal(database.appUrl, sql), sql).toBe("42501");
  });
});

describe("ledger.transact", () => {
  it("changes nothing when the work fails, and leaves no gap", async () => {
    const ledger = createLedger(orm);
    const before = await ledger.record({
      actor: { type: "system", id: "t" },
      action: "audit.verified",
      outcome: "ok",
    });
    await expect(
      ledger.transact(async ({ em, audit }) => {
        await em.execute(insert);
        audit({ actor: { type: "system", id: "t" }, action: "audit.verified", outcome: "ok" });
        throw new Error("stop");
      }),
    ).rejects.toThrow("stop");
    const after = await ledger.record({
      actor: { type: "system", id: "t" },
      action: "audit.verified",
      outcome: "ok",
    });
    expect(after).toBe(before + 1);
  });

  it("refuses work without a record as audit_unavailable", async () => {
    await expect(createLedger(orm).transact(async ({ em }) => em.execute(insert))).rejects.toMatchObject({
      code: "audit_unavailable",
    });
  });

  it("is gap-free under 32 writers", async () => {
    const ledger = createLedger(orm);
    const entry = { actor: { type: "system", id: "t" }, action: "audit.verified", outcome: "ok" } as const;
    const numbers = await Promise.all(
      Array.from({ length: 32 }, async () => [await ledger.record(entry), await ledger.record(entry, entry)]),
    );
    const sorted = numbers.flat().sort((a, b) => a - b);
    expect(new Set(sorted).size).toBe(64);
    expect(await verifyAudit(orm.em.fork(), "")).toMatchObject({ whole: true });
  });
});
