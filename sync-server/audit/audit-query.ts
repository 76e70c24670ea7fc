import type { AuditBody } from "#domain/audit/record.ts";

export interface AuditFilter {
  readonly actor?: string | undefined;
  /** Who did it or wrote it, whoever brought it in: a device for somebody who is locked out, a colleague in review. */
  readonly person?: string | undefined;
  readonly patient?: string | undefined;
  /** One action, or several with commas between them. */
  readonly action?: string | undefined;
  readonly outcome?: AuditBody["outcome"] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A search with what had to be looked up for it. */
export interface Asked extends AuditFilter {
  /** The patient's records: several where some were merged. */
  readonly patients: readonly string[] | undefined;
  readonly before?: number | undefined;
  readonly through?: number | undefined;
  /** The answer is in the order of time and not of numbers: the index of time leads to a page of last year at once. */
  readonly byTime: boolean;
  /** The time of the record `before`, when there is such a record. */
  readonly beforeTime: string | undefined;
}

interface Sql {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** As the indexes of `audit_log` have them. */
const column = {
  actor: "(body::jsonb)->'actor'->>'id'",
  author: "(body::jsonb)->>'onBehalfOf'",
  patient: "(body::jsonb)->>'patientId'",
  action: "(body::jsonb)->>'action'",
  outcome: "(body::jsonb)->>'outcome'",
  time: "(body::jsonb)->>'recordedAt'",
} as const;

/** More actions than this are looked for together. */
const APART = 8;

const equal = (name: keyof typeof column, value: unknown): Sql => ({
  sql: `${column[name]} = ?`,
  params: [value],
});

/** What every record of the answer has to meet. */
function common({ actor, outcome, from, to, before, through, byTime, beforeTime, action }: Asked): Sql[] {
  const actions = action?.split(",") ?? [];
  return [
    ...(actor === undefined ? [] : [equal("actor", actor)]),
    ...(outcome === undefined ? [] : [equal("outcome", outcome)]),
    ...(from === undefined ? [] : [{ sql: `${column.time} >= ?`, params: [from] }]),
    ...(to === undefined ? [] : [{ sql: `${column.time} <= ?`, params: [to] }]),
    ...(through === undefined ? [] : [{ sql: "seq <= ?", params: [through] }]),
    ...(actions.length > APART
      ? [{ sql: `${column.action} in (${actions.map(() => "?").join(", ")})`, params: actions }]
      : []),
    ...(before === undefined
      ? []
      : byTime && beforeTime !== undefined
        ? [{ sql: `(${column.time}, seq) < (?, ?)`, params: [beforeTime, before] }]
        : [{ sql: "seq < ?", params: [before] }]),
  ];
}

/**
 * Of a search for one thing or another, one search for each: an index gives the records of one value in their order, those of
 * several values only unordered and all of them.
 */
function alternatives({ person, patients, action }: Asked): Sql[][] {
  const actions = action?.split(",") ?? [];
  const choices: Sql[][] = [
    person === undefined ? [] : [equal("actor", person), equal("author", person)],
    (patients ?? []).map((id) => equal("patient", id)),
    actions.length > APART ? [] : actions.map((one) => equal("action", one)),
  ].filter((list) => list.length > 0);
  return choices.reduce<Sql[][]>(
    (lists, choice) => lists.flatMap((list) => choice.map((one) => [...list, one])),
    [[]],
  );
}

const where = (conditions: readonly Sql[]): Sql => ({
  sql: conditions.length > 0 ? `where ${conditions.map(({ sql }) => sql).join(" and ")}` : "",
  params: conditions.flatMap(({ params }) => params),
});

/** The first `limit` records of the answer. */
export function pageQuery(asked: Asked, limit: number): { sql: string; params: unknown[] } {
  const order = asked.byTime ? "at desc, seq desc" : "seq desc";
  const rest = common(asked);
  const parts = alternatives(asked).map((own) => {
    const { sql, params } = where([...own, ...rest]);
    const inOrder = asked.byTime ? `${column.time} desc, seq desc` : "seq desc";
    return {
      sql: `(select seq, ${column.time} as at from audit_log ${sql} order by ${inOrder} limit ?)`,
      params: [...params, limit],
    };
  });
  return {
    sql: `select l.seq, l.id, l.body, encode(l.hash, 'hex') as hash
          from (select seq, at from (${parts.map(({ sql }) => sql).join(" union ")}) f order by ${order} limit ?) p
          join audit_log l using (seq) order by ${asked.byTime ? "p.at desc, seq desc" : "seq desc"}`,
    params: [...parts.flatMap(({ params }) => params), limit],
  };
}

export function countQuery(asked: Asked): { sql: string; params: unknown[] } {
  const rest = common(asked);
  const parts = alternatives(asked).map((own) => where([...own, ...rest]));
  if (parts.length === 1)
    return { sql: `select count(*) from audit_log ${parts[0]!.sql}`, params: [...parts[0]!.params] };
  return {
    sql: `select count(*) from (${parts.map(({ sql }) => `select seq from audit_log ${sql}`).join(" union ")}) f`,
    params: parts.flatMap(({ params }) => [...params]),
  };
}
