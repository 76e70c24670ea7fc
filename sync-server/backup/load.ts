import type pg from "pg";
import { copyIn } from "./copy.ts";
import type { Moment } from "./dump.ts";
import type { EntryWithBytes } from "./frames.ts";

interface Constraint {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

const foreignKeys = `
  select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
  from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`;

/**
 * Fills a freshly migrated database, in one transaction, with the owner's login: references are taken off before and put
 * on again after, which checks each of them; triggers are at rest, because the rows are not changes.
 */
export async function loadTables(
  client: pg.Client,
  moment: Pick<Moment, "sequences">,
  each: (take: (table: EntryWithBytes) => Promise<void>) => Promise<void>,
): Promise<void> {
  await client.query("begin");
  const { rows: keys } = await client.query<Constraint>(foreignKeys);
  const { rows: guarded } = await client.query<{ table: string }>(
    `select distinct tgrelid::regclass::text as table from pg_trigger join pg_class c on c.oid = tgrelid
     where not tgisinternal and c.relnamespace = 'public'::regnamespace`,
  );
  for (const { table, name } of keys) await client.query(`alter table ${table} drop constraint ${name}`);
  for (const { table } of guarded) await client.query(`alter table ${table} disable trigger user`);
  await each(async ({ entry, bytes }) => {
    // The migrations themselves may have left rows.
    await client.query(`delete from ${entry.name}`);
    await copyIn(client, `${entry.name} (${(entry.columns ?? []).join(", ")})`, bytes);
  });
  for (const { name, last } of moment.sequences)
    if (last !== null) await client.query("select setval($1::regclass, $2)", [name, last]);
  for (const { table, name, definition } of keys)
    await client.query(`alter table ${table} add constraint ${name} ${definition}`);
  for (const { table } of guarded) await client.query(`alter table ${table} enable trigger user`);
  await client.query("commit");
}
