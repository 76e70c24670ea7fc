import { createHash } from "node:crypto";
import type { AuditBody } from "#domain/audit/record.ts";
import { recordsOf } from "#domain/patient/index.ts";
import type { Database, EntityManager } from "#server/database/database.ts";
import { mergeLinks } from "#server/patient/index.ts";

/** A record as it is shown: its place in the log and its body. */
export type AuditRecord = AuditBody & { readonly seq: number; readonly id: string; readonly hash: string };

export interface AuditSearch {
  readonly actor?: string;
  /** Who did it or wrote it, whoever brought it in: a device for somebody who is locked out, a colleague in review. */
  readonly person?: string;
  readonly patient?: string;
  readonly action?: string;
  readonly outcome?: AuditBody["outcome"];
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  /** Records older than this number: the `next` of the page before. */
  readonly before?: number;
}

/** Newest first. `next` is there when more may follow. */
export async function searchAudit(
  database: Database,
  search: AuditSearch,
): Promise<{ records: AuditRecord[]; next?: number }> {
  const em = database.em.fork();
  const where: string[] = [];
  const params: unknown[] = [];
  const add = (condition: string, value: unknown) => {
    if (value === undefined) return;
    where.push(condition);
    params.push(value);
  };
  add("(body::jsonb)->'actor'->>'id' = ?", search.actor);
  if (search.person !== undefined) {
    where.push("((body::jsonb)->'actor'->>'id' = ? or (body::jsonb)->>'onBehalfOf' = ?)");
    params.push(search.person, search.person);
  }
  // Who looked at one record of a person looked at the person (C07).
  const records = search.patient && recordsOf(await mergeLinks(em), search.patient);
  add("(body::jsonb)->>'patientId' = any(?::text[])", records && `{${records.join(",")}}`);
  if (search.action !== undefined) {
    const actions = search.action.split(",");
    where.push(`(body::jsonb)->>'action' in (${actions.map(() => "?").join(", ")})`);
    params.push(...actions);
  }
  add("(body::jsonb)->>'outcome' = ?", search.outcome);
  add("(body::jsonb)->>'recordedAt' >= ?", search.from);
  add("(body::jsonb)->>'recordedAt' <= ?", search.to);
  add("seq < ?", search.before);
  const filter = where.length > 0 ? `where ${where.join(" and ")}` : "";
  const rows: { seq: string; id: string; body: string; hash: string }[] = await em.execute(
    `select seq, id, body, encode(hash, 'hex') as hash from audit_log ${filter} order by seq desc limit ?`,
    [...params, search.limit + 1],
  );
  const found = rows
    .slice(0, search.limit)
    .map(({ seq, id, body, hash }) => ({ seq: Number(seq), id, hash, ...(JSON.parse(body) as AuditBody) }));
  return rows.length > search.limit ? { records: found, next: found.at(-1)!.seq } : { records: found };
}

/** What the tokens and devices among the actors, and the devices that people used, are called. A token of an AI node goes by the node's name. */
export async function actorNames(
  database: Database,
  records: readonly AuditRecord[],
): Promise<Record<string, string>> {
  const ids = [
    ...new Set(
      records.flatMap(({ actor: { type, id, deviceId } }) =>
        [type === "user" ? null : id, deviceId].filter((one) => typeof one === "string"),
      ),
    ),
  ];
  if (ids.length === 0) return {};
  const listed = ids.map(() => "?").join(", ");
  const rows: { id: string; name: string }[] = await database.em.fork().execute(
    `select t.id::text as id, coalesce((select n.name from ai_node n where n.token_id = t.id
         order by n.last_heartbeat_at desc limit 1), t.purpose) as name
       from token t where t.id::text in (${listed})
     union all select d.id::text, d.name from device d where d.id::text in (${listed})`,
    [...ids, ...ids],
  );
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}

export type Verdict =
  | { readonly whole: true; readonly records: number; readonly head: string }
  | { readonly whole: false; readonly fault: "altered" | "gap"; readonly seq: number };

const PAGE = 5000;
const sha256 = (...parts: (Buffer | string)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Below every number a row could have: a record slipped in under the first one would be shown by the search. */
const LOWEST = "-9223372036854775808";

/**
 * Recomputes every leaf and the whole chain, and names the first record that does not fit. Records cut from the end leave
 * a whole chain; they show as long as a synced row or an answered mutation still carries their number.
 */
export async function verifyAudit(em: EntityManager): Promise<Verdict> {
  let previous: Buffer = Buffer.alloc(32);
  let seq = 0;
  let after = LOWEST;
  for (;;) {
    const rows: { seq: string; salt: Buffer; body: string; leaf: Buffer; hash: Buffer }[] = await em.execute(
      "select seq, salt, body, leaf, hash from audit_log where seq > ? order by seq limit ?",
      [after, PAGE],
    );
    for (const row of rows) {
      seq++;
      after = row.seq;
      if (Number(row.seq) !== seq) return { whole: false, fault: "gap", seq };
      const number = Buffer.alloc(8);
      number.writeBigInt64BE(BigInt(seq));
      const leaf = sha256(Buffer.of(0), row.salt, row.body);
      const hash = sha256(Buffer.of(2), previous, number, leaf);
      if (!leaf.equals(row.leaf) || !hash.equals(row.hash)) return { whole: false, fault: "altered", seq };
      previous = hash;
    }
    if (rows.length === PAGE) continue;
    const [later]: [{ seq: string } | undefined] = await em.execute(
      // A commit that came since the last page has its record in the same snapshot.
      `select seq from (select seq from sync_row where seq > ? union all select seq from sync_mutation where seq > ?) used
       where not exists (select 1 from audit_log where audit_log.seq = used.seq) limit 1`,
      [seq, seq],
    );
    if (later) return { whole: false, fault: "gap", seq: seq + 1 };
    return { whole: true, records: seq, head: previous.toString("hex") };
  }
}
