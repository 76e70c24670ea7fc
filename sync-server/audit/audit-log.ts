import type { AuditBody } from "#domain/audit/record.ts";
import { recordsOf } from "#domain/patient/index.ts";
import type { Database, EntityManager } from "#server/database/database.ts";
import { mergeLinks } from "#server/patient/index.ts";
import { type Asked, type AuditFilter, countQuery, pageQuery } from "./audit-query.ts";

/** A record as it is shown: its place in the log and its body. */
export type AuditRecord = AuditBody & { readonly seq: number; readonly id: string; readonly hash: string };

export interface AuditSearch extends AuditFilter {
  readonly limit: number;
  /** Records after this one in the answer: the `next` of the page before. */
  readonly before?: number | undefined;
  /** No record with a higher number, so that an answer of many pages is one of a single moment. */
  readonly through?: number | undefined;
}

/** Newest first: by number, or where a time is asked for, by the time. `next` is there when more may follow. */
export async function searchAudit(
  database: Database,
  search: AuditSearch,
): Promise<{ records: AuditRecord[]; next?: number }> {
  const em = database.em.fork();
  const { sql, params } = pageQuery(await boundsOf(em, search), search.limit + 1);
  const rows: { seq: string; id: string; body: string; hash: string }[] = await em.execute(sql, params);
  const found = rows
    .slice(0, search.limit)
    .map(({ seq, id, body, hash }) => ({ seq: Number(seq), id, hash, ...(JSON.parse(body) as AuditBody) }));
  return rows.length > search.limit ? { records: found, next: found.at(-1)!.seq } : { records: found };
}

/** How many records up to `through` match. What is in the log stays, so the number does, too. */
export async function countAudit(database: Database, search: AuditFilter & { readonly through: number }) {
  const em = database.em.fork();
  const { sql, params } = countQuery(await boundsOf(em, search));
  const [row]: [{ count: string }] = await em.execute(sql, params);
  return Number(row.count);
}

/** The number of the newest record. */
export async function auditHead(database: Database): Promise<number> {
  const [row]: [{ seq: string | null }] = await database.em
    .fork()
    .execute("select max(seq) as seq from audit_log");
  return Number(row.seq ?? 0);
}

/** Every record that matches, page by page, in the order of {@link searchAudit}. */
export async function* matching(
  database: Database,
  filter: AuditFilter & { readonly through: number },
): AsyncGenerator<AuditRecord[]> {
  let before: number | undefined;
  do {
    const page = await searchAudit(database, {
      ...filter,
      limit: EXPORT_PAGE,
      before,
    });
    yield page.records;
    before = page.next;
  } while (before !== undefined);
}

const EXPORT_PAGE = 1000;

async function boundsOf(em: EntityManager, search: AuditFilter & Partial<AuditSearch>): Promise<Asked> {
  const { patient, before, from, to } = search;
  // Who looked at one record of a person looked at the person (C07).
  const patients = patient ? recordsOf(await mergeLinks(em), patient) : undefined;
  const byTime = from !== undefined || to !== undefined;
  const [last]: { at: string }[] =
    byTime && before !== undefined
      ? await em.execute("select (body::jsonb)->>'recordedAt' as at from audit_log where seq = ?", [before])
      : [];
  return { ...search, patients, byTime, beforeTime: last?.at };
}

/** The security officer sees who did what when, but not to whom. */
export const withoutPatient = ({
  patientId: _patient,
  namedPatientId: _named,
  resource: _resource,
  ...rest
}: AuditRecord) => rest;

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
