import type { EntityManager } from "#server/database/database.ts";
import { LogVerifier, type Verdict } from "./verify-log.ts";

const PAGE = 5000;
/** Below every number a row could have: a record slipped in under the first one would be shown by the search. */
const LOWEST = "-9223372036854775808";

interface Row {
  readonly seq: string;
  readonly salt: Buffer;
  readonly body: string;
  readonly leaf: Buffer;
  readonly hash: Buffer;
}

/**
 * Judges the log in the database beside the heads that the practice signed, and those that witnesses have kept. Records
 * cut from its end show as long as a signed head, a synced row or an answered mutation carries their number.
 * @param key verifier key of the practice
 */
export async function verifyAudit(
  em: EntityManager,
  key: string,
  witnessed: readonly string[] = [],
): Promise<Verdict> {
  const notes: { size: string; note: string }[] = await em.execute(
    "select size, note from audit_checkpoint order by size",
  );
  const signed = notes.map(({ size, note }) => ({ size: Number(size), note }));
  const verifier = await LogVerifier.open(key, signed, witnessed);
  let records = 0;
  for (let after = LOWEST; ; ) {
    const rows: Row[] = await em.execute(
      "select seq, salt, body, leaf, hash from audit_log where seq > ? order by seq limit ?",
      [after, PAGE],
    );
    for (const row of rows) {
      if (!verifier.add({ ...row, seq: Number(row.seq) })) return verifier.end();
      after = row.seq;
      records++;
    }
    if (rows.length < PAGE) break;
  }
  const [later]: [{ seq: string } | undefined] = await em.execute(
    // A commit that came since the last page has its record in the same snapshot.
    `select seq from (select seq from sync_row where seq > ? union all select seq from sync_mutation where seq > ?) used
     where not exists (select 1 from audit_log where audit_log.seq = used.seq) limit 1`,
    [records, records],
  );
  return verifier.end({ cut: later !== undefined });
}
