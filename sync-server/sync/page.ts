import type { Row } from "#domain/collection.ts";
import type { MutationResult, PulledRow, PullRequest, PullResult } from "#domain/sync/protocol.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Practice } from "#server/practice/practice.ts";
import { sliceOfTable } from "#server/slices.ts";
import type { ClientStream } from "./client.ts";
import { type DressedRow, recentRows } from "./recent-rows.ts";
import { findRecords, rowOf } from "./slice.ts";

/** Where a record changed: what the log of marks knows of it. */
export interface Mark {
  readonly stream: string;
  readonly id: string;
  readonly kind: string;
  readonly seq: number;
  readonly op: "put" | "rm";
}

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
  const found = new Map<Mark, DressedRow>();
  for (const mark of marks) {
    if (mark.op === "rm") continue;
    const dressed = recent.get(mark.kind, mark.id, mark.seq);
    if (!dressed) return null;
    found.set(mark, dressed);
  }
  const rows = asRows(marks, streams, (mark) => found.get(mark));
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
  const records = new Map<string, DressedRow>();
  const sealed = new Set<string>();
  for (const kind of new Set(marks.filter((mark) => mark.op === "put").map((mark) => mark.kind))) {
    const slice = sliceOfTable(kind);
    if (!slice) continue;
    const ids = marks.filter((mark) => mark.kind === kind && mark.op === "put").map((mark) => mark.id);
    const found = await findRecords(em, slice, [...new Set(ids)]);
    if (slice.reveal) sealed.add(kind);
    const shown = slice.reveal
      ? await slice.reveal(practice, found)
      : found.map((record) => rowOf(slice.collection, record));
    found.forEach((record, index) => {
      const { version: _, ...data } = shown[index] as Row & { version?: number };
      records.set(`${kind}/${record.id}`, { version: record.version, data });
    });
  }
  const recent = recentRows(practice);
  for (const { kind, id, seq, op } of justChanged) {
    const record = records.get(`${kind}/${id}`);
    if (op === "put" && record && !sealed.has(kind)) recent.keep(kind, id, seq, record);
  }
  return asRows(marks, streams, ({ kind, id }) => records.get(`${kind}/${id}`));
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
