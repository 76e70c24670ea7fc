import type pg from "pg";
import { copyOut } from "./copy.ts";
import type { EntryWithBytes } from "./frames.ts";

/** The state of the practice that a backup holds: one moment, whatever is written meanwhile. */
export interface Moment {
  readonly practiceId: string;
  readonly at: string;
  readonly epoch: string;
  readonly auditHead: number;
  /** Hash of the newest audit record, in hex. */
  readonly auditHash: string;
  /** Migrations that had been applied, oldest first. */
  readonly migrations: readonly string[];
  readonly sequences: readonly { readonly name: string; readonly last: string | null }[];
}

/** What the migrations of a restore write themselves. */
const madeAnew = new Set(["public.schema_migration"]);

/** Begins a transaction that sees one moment until it ends. The login is the owner's. */
export async function beginMoment(client: pg.Client): Promise<Moment> {
  await client.query("begin isolation level repeatable read read only");
  const one = async <T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> =>
    (await client.query<T>(sql, values)).rows;
  const [practice] = await one<{ id: string }>("select id from practice");
  const [epoch] = await one<{ epoch: string }>(
    "select epoch from sync_epoch order by started_at desc limit 1",
  );
  const [head] = await one<{ seq: string; hash: string }>(
    "select seq, encode(hash, 'hex') as hash from audit_log order by seq desc limit 1",
  );
  const migrations = await one<{ name: string }>("select name from schema_migration order by id");
  const sequences = await one<{ name: string; last: string | null }>(
    `select format('%I.%I', schemaname, sequencename) as name, last_value::text as last from pg_sequences
     where schemaname = 'public' and sequencename not like 'schema_migration%' order by 1`,
  );
  const [began] = await one<{ at: Date }>("select transaction_timestamp() as at");
  return {
    practiceId: practice?.id ?? "",
    at: began!.at.toISOString(),
    epoch: epoch?.epoch ?? "",
    auditHead: Number(head?.seq ?? 0),
    auditHash: head?.hash ?? "",
    migrations: migrations.map(({ name }) => name.replace(/\.ts$/, "")),
    sequences,
  };
}

interface TableRow {
  readonly name: string;
  readonly columns: string[];
}

/**
 * Tables with the columns that are stored by themselves. Of the audit log the transaction numbers stay out: in another
 * database they would name other transactions.
 */
const tablesSql = `
  select format('%I.%I', n.nspname, c.relname) as name,
    array(select quote_ident(a.attname) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
      and not a.attisdropped and a.attgenerated = '' and not (c.relname = 'audit_log' and a.attname = 'xid')
      order by a.attnum) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'r' order by 1`;

/** Every table of the practice as it was at the {@link beginMoment moment}. */
export async function* dumpTables(client: pg.Client): AsyncGenerator<EntryWithBytes> {
  const { rows } = await client.query<TableRow>(tablesSql);
  for (const { name, columns } of rows)
    if (!madeAnew.has(name))
      yield {
        entry: { type: "table", name, columns },
        bytes: copyOut(client, `${name} (${columns.join(", ")})`),
      };
}
