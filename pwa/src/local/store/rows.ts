import { toBase64Url, utf8 } from "#domain/kernel/bytes.ts";
import { openJson, sealJson } from "../keys/aes.ts";
import type { Keyring } from "../keys/keyring.ts";
import { type LocalDatabase, type RowRecord, withReconnect } from "./database.ts";
import type { HeldStream } from "./sync-state.ts";

/** A confirmed row: what the clinic said, and through which stream it came. */
export interface ConfirmedRow {
  readonly collection: string;
  readonly id: string;
  readonly version: number;
  readonly seq: number;
  readonly kid: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * What a release expects of the rows that lie on the disk. Raise it when older ones would not do any more: nothing of them
 * opens then, and the streams are fetched anew. Rows are never migrated.
 */
export const ROW_SCHEMA = 1;

const rowContext = (id: string, kid: string, seq: number, schema: number) =>
  `rows|${id}|${kid}|${seq}|${schema}`;

/** A row's name on disk: the same record gets the same name again, and the name tells nothing without the key. */
export async function rowName(
  keyring: Keyring,
  kid: string,
  row: { readonly collection: string; readonly id: string },
): Promise<string> {
  const mac = await crypto.subtle.sign("HMAC", keyring.index, utf8(`${kid}|${row.collection}|${row.id}`));
  return toBase64Url(new Uint8Array(mac).subarray(0, 18));
}

export async function sealRow(
  keyring: Keyring,
  held: HeldStream,
  row: ConfirmedRow,
  schema = ROW_SCHEMA,
): Promise<RowRecord> {
  const id = await rowName(keyring, held.kid, row);
  const { collection, id: rowId, version, data } = row;
  const sealed = await sealJson(
    await held.key(),
    { collection, id: rowId, version, data },
    rowContext(id, held.kid, row.seq, schema),
  );
  return { id, kid: held.kid, seq: row.seq, ...sealed };
}

export async function openRow(held: HeldStream, record: RowRecord): Promise<ConfirmedRow> {
  const { id, kid, seq } = record;
  const row = await openJson<Pick<ConfirmedRow, "collection" | "id" | "version" | "data">>(
    await held.key(),
    record,
    rowContext(id, kid, seq, ROW_SCHEMA),
  );
  return { ...row, kid, seq };
}

/** Opens every row of the given streams, a stream at a time, so that the first ones can be shown while others follow. */
export async function* loadRows(
  database: LocalDatabase,
  streams: readonly HeldStream[],
): AsyncGenerator<readonly ConfirmedRow[]> {
  for (const held of streams) {
    const records = await database.rows.where("kid").equals(held.kid).toArray();
    for (let i = 0; i < records.length; i += 2000)
      yield await Promise.all(records.slice(i, i + 2000).map((record) => openRow(held, record)));
  }
}

/** A stream goes, its key first, so that nothing of it can be read whatever comes between. */
export async function removeStream(database: LocalDatabase, kid: string): Promise<void> {
  await withReconnect(database, () => database.streams.delete(kid));
  await withReconnect(database, () => database.rows.where("kid").equals(kid).delete());
}
