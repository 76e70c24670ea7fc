import type { MutationResult, PulledRow, PullRequest, PullResult } from "#domain/sync/protocol.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Practice } from "#server/practice/practice.ts";
import type { ClientStream } from "./client.ts";
import { type DressedRow, isSealed, type Mark, readRows, recentRows } from "./recent-rows.ts";

export interface Page {
  readonly head: number;
  readonly cursor: number;
  readonly more: boolean;
  readonly lastN: number;
  readonly lastHash: string | null;
  readonly results: MutationResult[];
  readonly rows: PulledRow[];
  readonly finished: readonly string[];
  readonly digests: PullResult["digests"];
}

/** Names as a PostgreSQL array. */
export const names = (list: readonly string[]): string => `{${list.map((name) => `"${name}"`).join(",")}}`;

/** The newest commit, and what became of the client's mutations in commits after its cursor. */
export interface Standing {
  readonly head: number;
  readonly lastN: number;
  readonly lastHash: string | null;
  readonly results: MutationResult[];
}

interface StandingRow {
  readonly head: string;
  readonly last_n: string | null;
  readonly last_hash: string | null;
  readonly settled: readonly {
    readonly n: number;
    readonly status: MutationResult["status"];
    readonly result: { code?: string; detail?: unknown };
    readonly seq: number;
    readonly hash: string;
  }[];
}

const standingColumns = `(select coalesce(max(seq), 0) from audit_log) as head,
  (select last_n from sync_client where client_id = ?) as last_n,
  (select encode(last_hash, 'hex') from sync_client where client_id = ?) as last_hash,
  (select coalesce(json_agg(json_build_object('n', n, 'status', status, 'result', result, 'seq', seq,
     'hash', encode(body_hash, 'hex')) order by n), '[]')
   from (select * from sync_mutation where client_id = ? and seq > ? order by n limit 500) m) as settled`;

const standingOf = ({ head, last_n, last_hash, settled }: StandingRow): Standing => ({
  head: Number(head),
  lastN: Number(last_n ?? 0),
  lastHash: last_hash,
  results: settled.map(
    ({ n, status, result, seq, hash }): MutationResult => ({ n, status, ...result, seq, hash }),
  ),
});

export async function standing(em: EntityManager, { clientId, cursor }: PullRequest): Promise<Standing> {
  const [row]: StandingRow[] = await em.execute(`select ${standingColumns}`, [
    clientId,
    clientId,
    clientId,
    cursor,
  ]);
  return standingOf(row!);
}

/** Marks that are taken for little. */
const FEW = 50;

/**
 * The whole answer for a device that has everything and missed little, in one question, which sees one state of the
 * database: the usual pull. Null when it is more than that, or when a record is not at hand: then it is read as a page.
 */
export async function littleNews(
  practice: Practice,
  request: PullRequest,
  streams: readonly ClientStream[],
  kinds: readonly string[],
): Promise<Page | null> {
  const { clientId, cursor } = request;
  if (cursor === 0 || request.verify || streams.some(({ state }) => state !== "ready")) return null;
  const [row]: (StandingRow & { marks: Mark[] })[] = await practice.database.em.fork().execute(
    `select ${standingColumns},
       (select coalesce(json_agg(json_build_object('stream', stream, 'id', doc_id, 'kind', kind, 'seq', seq, 'op', op)
          order by seq), '[]')
        from (select * from sync_row where seq > ? and stream = any(?::text[]) and kind = any(?::text[])
              order by seq limit ?) r) as marks`,
    [
      clientId,
      clientId,
      clientId,
      cursor,
      cursor,
      names(streams.map(({ stream }) => stream)),
      names(kinds),
      FEW + 1,
    ],
  );
  const { head, ...known } = standingOf(row!);
  const { marks } = row!;
  if (cursor > head || marks.length > FEW) return null;
  const recent = recentRows(practice);
  await recent.read(marks);
  if (marks.some((mark) => mark.op === "put" && !recent.get(mark))) return null;
  const rows = asRows(marks, streams, (mark) => recent.get(mark));
  return { head, cursor: head, more: false, ...known, rows, finished: [], digests: {} };
}

/** Adds the records themselves. What just changed is kept for the next tablet that asks. */
export async function dress(
  practice: Practice,
  em: EntityManager,
  marks: readonly Mark[],
  streams: readonly ClientStream[],
  justChanged: readonly Mark[],
): Promise<PulledRow[]> {
  const puts = marks.filter(({ op }) => op === "put");
  const rows = await readRows(practice, em, puts);
  const recent = recentRows(practice);
  for (const mark of justChanged) {
    const row = mark.op === "put" && !isSealed(mark.kind) && rows.get(mark);
    if (row) recent.keep(mark, row);
  }
  return asRows(marks, streams, rows.get);
}

function asRows(
  marks: readonly Mark[],
  streams: readonly ClientStream[],
  recordOf: (mark: Mark) => DressedRow | undefined,
): PulledRow[] {
  const generations = new Map(streams.map(({ stream, generation }) => [stream, generation]));
  return marks.flatMap((mark): readonly PulledRow[] => {
    const { stream, id, kind, seq, op } = mark;
    const generation = generations.get(stream)!;
    const base = { stream, generation, collection: kind.replaceAll("_", "-"), id, seq, op };
    if (op === "rm") return [base];
    const record = recordOf(mark);
    return record ? [{ ...base, version: record.version, data: { ...record.data } }] : [];
  });
}
