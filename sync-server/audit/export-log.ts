import { instantNow } from "#domain/kernel/clock.ts";
import type { EntityManager } from "#server/database/database.ts";

const PAGE = 1000;

/**
 * The log for a verifier, one JSON object a line: {log: {version, key, at}} with the practice's verifier key, every signed
 * head {checkpoint: {size, note}}, every record {seq, id, salt, body, leaf, hash}, and {end: {records}}.
 */
export async function* exportLog(em: EntityManager, key: string): AsyncGenerator<string, number> {
  yield `${JSON.stringify({ log: { version: 1, key, at: instantNow() } })}\n`;
  const notes: { size: string; note: string }[] = await em.execute(
    "select size, note from audit_checkpoint order by size",
  );
  for (const { size, note } of notes)
    yield `${JSON.stringify({ checkpoint: { size: Number(size), note } })}\n`;
  let records = 0;
  for (;;) {
    const rows: { seq: string }[] = await em.execute(
      `select seq, id, encode(salt, 'hex') as salt, body, encode(leaf, 'hex') as leaf, encode(hash, 'hex') as hash
       from audit_log where seq > ? order by seq limit ?`,
      [records, PAGE],
    );
    for (const row of rows) yield `${JSON.stringify({ ...row, seq: Number(row.seq) })}\n`;
    records += rows.length;
    if (rows.length < PAGE) break;
  }
  yield `${JSON.stringify({ end: { records } })}\n`;
  return records;
}
