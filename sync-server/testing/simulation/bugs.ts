import { withClient } from "#server/operations/postgres-roles.ts";
import type { TestDatabase } from "../database.ts";
import { CursorFirstDatabase } from "./cursor-first-database.ts";
import type { KillableDatabase } from "./killable-database.ts";
import { ClearingDatabase, KeepingDatabase } from "./leaky-databases.ts";
import type { PlayedServer } from "./server.ts";

/** A defect that only the simulator can put in, at the seam where it would stand; the invariants have to find it. */
export interface Bug {
  readonly says: string;
  database?(database: TestDatabase): Promise<void>;
  server?(server: PlayedServer, database: TestDatabase): void;
  readonly store?: typeof KillableDatabase;
}

const synced = [
  "room",
  "visit_type",
  "patient",
  "appointment",
  "encounter",
  "note",
  "recording",
  "transcript",
  "staff",
  "device",
];

const run = (database: TestDatabase, sql: string) =>
  withClient(database.ownerUrl, async (client) => void (await client.query(sql)));

const upsertMark = (stream: string, op: "put" | "rm") => `
  insert into sync_row values (${stream}, case when tg_op = 'DELETE' then old.id else new.id end, tg_table_name, s, '${op}')
    on conflict (stream, doc_id) do update set seq = s, op = '${op}';`;

const syncMark = (number: string, withRm: boolean) => `
  create or replace function sync_mark() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
  declare s bigint := ${number};
  begin
    ${
      withRm
        ? `if (tg_op = 'DELETE' or (tg_op = 'UPDATE' and old.stream is distinct from new.stream)) and old.stream is not null then
      ${upsertMark("old.stream", "rm")} end if;`
        : ""
    }
    if tg_op <> 'DELETE' and new.stream is not null then ${upsertMark("new.stream", "put")} end if;
    return null;
  end $$;`;

export const bugs = {
  B1: {
    says: "the number is taken at the statement, not under the lock of the commit",
    database: (database) =>
      run(
        database,
        syncMark("(select coalesce(max(seq), 0) + 1 from audit_log)", true) +
          synced
            .map(
              (table) => `drop trigger zz_sync_mark on ${table};
                create trigger zz_sync_mark after insert or update or delete on ${table}
                for each row execute function sync_mark();`,
            )
            .join("\n"),
      ),
  },
  B2: {
    says: "a mutation that comes again is carried out again",
    server(server, database) {
      const real = server.fetch.bind(server);
      server.fetch = async (request) => {
        if (new URL(request.url).pathname === "/api/sync/push")
          await forgetPushed(database, await request.clone().json());
        return real(request);
      };
    },
  },
  B3: {
    says: "a row that leaves a stream leaves no mark there",
    database: (database) => run(database, syncMark("ledger_seq()", false)),
  },
  B4: { says: "the cursor is stored before the rows", store: CursorFirstDatabase },
  B5: { says: "what leaves the scope is not purged", store: KeepingDatabase },
  B6: { says: "one acknowledgement clears the whole outbox", store: ClearingDatabase },
  B7: {
    says: "a record is read and changed without a lock",
    server(server) {
      server.tamper = ({ em }) => {
        const real = em.findOne.bind(em) as (...args: unknown[]) => Promise<unknown>;
        const unlocked = (entity: unknown, where: unknown, options: object = {}) =>
          real(entity, where, { ...options, lockMode: undefined });
        Object.defineProperty(em, "findOne", { value: unlocked });
      };
    },
  },
  B8: {
    says: "two pushes of one client are carried out side by side",
    // The keys behind the lock refuse the second one's answers, and it is carried out anew: they would hide the bug.
    database: (database) =>
      run(
        database,
        `alter table sync_mutation drop constraint sync_mutation_pkey cascade,
           drop constraint sync_mutation_mutation_id_key cascade`,
      ),
    server(server) {
      server.tamper = ({ em }) => {
        const real = em.execute.bind(em) as (sql: string, ...rest: unknown[]) => Promise<unknown>;
        const unlocked = (sql: string, ...rest: unknown[]) =>
          real(sql.includes("from sync_client ") ? sql.replace(" for update", "") : sql, ...rest);
        Object.defineProperty(em, "execute", { value: unlocked });
      };
    },
  },
} satisfies Record<string, Bug> as Record<`B${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`, Bug>;

export type BugName = keyof typeof bugs;
export const bugNames = Object.keys(bugs) as BugName[];
export const isBugName = (name: string): name is BugName => Object.hasOwn(bugs, name);

/** Makes the server forget that it knows these mutations. */
async function forgetPushed(database: TestDatabase, body: unknown): Promise<void> {
  const { clientId, mutations } = body as { clientId: string; mutations: { n: number }[] };
  const first = Math.min(...mutations.map(({ n }) => n));
  if (!Number.isSafeInteger(first)) return;
  await withClient(database.ownerUrl, async (client) => {
    await client.query("begin");
    await client.query("select 1 from sync_client where client_id = $1 for update", [clientId]);
    await client.query("delete from sync_mutation where client_id = $1 and n >= $2", [clientId, first]);
    await client.query("update sync_client set last_n = least(last_n, $2) where client_id = $1", [
      clientId,
      first - 1,
    ]);
    await client.query("commit");
  });
}
