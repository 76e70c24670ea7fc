// The peers' servers in one process: RxDB's HTTP endpoints on the same PostgreSQL, and express-pouchdb.
// node bench/sync/peer-server.ts DATABASE_URL DOCS_FILE; prints its port.
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import express from "express";
import expressPouchdb from "express-pouchdb";
import pg from "pg";
import memory from "pouchdb-adapter-memory";
import PouchDB from "pouchdb-core";
import mapreduce from "pouchdb-mapreduce";
import replication from "pouchdb-replication";
import type { Doc } from "./page/contestant.ts";

const [databaseUrl = "", docsFile = ""] = process.argv.slice(2);
const docs = JSON.parse(await readFile(docsFile, "utf8")) as Doc[];
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
const listeners = new Set<express.Response>();

async function fillTable(): Promise<void> {
  await pool.query(`create table rx_row(id text primary key, deleted boolean not null default false,
    doc jsonb not null, seq bigint generated always as identity)`);
  await pool.query("create index on rx_row(seq)");
  await pool.query("insert into rx_row(id, doc) select d->>'id', d from jsonb_array_elements($1::jsonb) d", [
    JSON.stringify(docs),
  ]);
}

interface PushedRow {
  readonly newDocumentState: Doc & { _deleted?: boolean };
  readonly assumedMasterState?: Doc & { _deleted?: boolean };
}

/** RxDB's contract: rows whose assumed state is not the stored one come back as conflicts, the others are stored. */
async function pushRows(rows: readonly PushedRow[]): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const ids = rows.map(({ newDocumentState }) => newDocumentState.id);
    const { rows: stored } = await client.query<{ id: string; doc: Doc; deleted: boolean }>(
      "select id, doc, deleted from rx_row where id = any($1) for update",
      [ids],
    );
    const byId = new Map(stored.map((row) => [row.id, row]));
    const conflicts: unknown[] = [];
    const accepted: PushedRow[] = [];
    for (const row of rows) {
      const master = byId.get(row.newDocumentState.id);
      const { _deleted, ...assumed } = row.assumedMasterState ?? {};
      if (master && JSON.stringify(sorted(master.doc)) !== JSON.stringify(sorted(assumed)))
        conflicts.push({ ...master.doc, _deleted: master.deleted });
      else accepted.push(row);
    }
    await client.query(
      `insert into rx_row(id, doc, deleted)
       select r->>'id', r - '_deleted', coalesce((r->>'_deleted')::boolean, false) from jsonb_array_elements($1::jsonb) r
       on conflict (id) do update set doc = excluded.doc, deleted = excluded.deleted, seq = default`,
      [JSON.stringify(accepted.map(({ newDocumentState }) => newDocumentState))],
    );
    await client.query("commit");
    return conflicts;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

/** The same object with its members in order, all the way down: how a document database compares. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}

function rxdbRoutes(app: express.Express): void {
  app.get("/rx/pull", async (request, response) => {
    const since = Number(request.query.since);
    const { rows } = await pool.query<{ seq: string; doc: Doc; deleted: boolean }>(
      "select seq, doc, deleted from rx_row where seq > $1 order by seq limit $2",
      [since, Number(request.query.limit)],
    );
    response.json({
      documents: rows.map(({ doc, deleted }) => ({ ...doc, _deleted: deleted })),
      checkpoint: { seq: Number(rows.at(-1)?.seq ?? since) },
    });
  });
  app.post("/rx/push", express.json({ limit: "20mb" }), async (request, response) => {
    response.json(await pushRows(request.body as PushedRow[]));
    for (const listener of listeners) listener.write("data: {}\n\n");
  });
  app.get("/rx/events", (request, response) => {
    response.set({ "content-type": "text/event-stream", "cache-control": "no-store" });
    response.flushHeaders();
    listeners.add(response);
    request.on("close", () => listeners.delete(response));
  });
}

async function fillPouch(port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}/pouch/bench`;
  await fetch(url, { method: "PUT" });
  for (let i = 0; i < docs.length; i += 1000) {
    const body = JSON.stringify({
      docs: docs.slice(i, i + 1000).map(({ id, ...doc }) => ({ _id: id, ...doc })),
    });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}/_bulk_docs`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(`PouchDB did not take the documents: ${answer.status}`);
  }
}

PouchDB.plugin(memory).plugin(replication).plugin(mapreduce);
const app = express();
rxdbRoutes(app);
app.use(
  "/pouch",
  expressPouchdb(PouchDB.defaults({ adapter: "memory" }), {
    mode: "minimumForPouchDB",
    inMemoryConfig: true,
  }),
);
const server = app.listen(0, "127.0.0.1", async () => {
  const { port } = server.address() as AddressInfo;
  await fillTable();
  await fillPouch(port);
  process.stdout.write(`${port}\n`);
});
