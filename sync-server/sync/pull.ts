import { can } from "#domain/access/can.ts";
import { patientOfStream } from "#domain/access/scope.ts";
import type { Row } from "#domain/collection.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { sha256Hex } from "#domain/kernel/canonical.ts";
import { newId } from "#domain/kernel/id.ts";
import {
  type MutationResult,
  type PulledRow,
  type PullRequest,
  type PullResult,
  scopeHash,
  streamDigest,
} from "#domain/sync/protocol.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import { sliceOfTable, slices } from "#server/slices.ts";
import { assertOwnClient, lockClient } from "./client.ts";
import { scopeNow } from "./scope-now.ts";
import { findRecords, rowOf } from "./slice.ts";

interface ClientStream {
  readonly stream: string;
  readonly generation: number;
  readonly state: "joining" | "ready";
}

interface Mark {
  readonly stream: string;
  readonly id: string;
  readonly kind: string;
  readonly seq: number;
  readonly op: "put" | "rm";
}

/**
 * One page of what changed for a client. Step 1 writes only when the scope changed: a new generation for each stream
 * that joins, and a `chart.replicated` record per chart, before any of its bytes leave. Step 2 reads one snapshot:
 * everything in scope after the cursor in commit order, and pages of the streams that join.
 */
export async function pull(
  practice: Practice,
  principal: Principal,
  request: PullRequest,
): Promise<PullResult> {
  await assertOwnClient(practice.database.em.fork(), principal, request.clientId);
  const epoch = await practice.epoch();
  if (request.epoch !== null && request.epoch !== epoch) throw new DomainError("epoch_mismatch", { epoch });
  const streams = await joinStreams(practice, principal, request);
  const page = await practice.database.em.fork().transactional(
    async (em) => {
      await em.execute("set transaction read only");
      return readPage(practice, principal, em, request, streams);
    },
    { isolationLevel: "repeatable read" as never },
  );
  const hash = scopeHash(streams.map((stream) => stream.stream));
  const finished = new Set(page.finished);
  const scoped = streams.map(({ stream, generation, state }): [string, number, "joining" | "ready"] => [
    stream,
    generation,
    state === "ready" || finished.has(stream) ? "ready" : "joining",
  ]);
  const signature = await practice.tokens.sign("scope", {
    sub: request.clientId,
    jti: newId(),
    hash,
  });
  return {
    epoch,
    head: page.head,
    cursor: page.cursor,
    more: page.more,
    lastN: page.lastN,
    results: page.results,
    scope: { hash, streams: scoped, signature },
    rows: page.rows,
    digests: page.digests,
    checkpoint: null,
  };
}

const markReady =
  "update sync_client_stream set state = 'ready' where client_id = ? and stream = any(?::text[])";

/** Names of streams as a PostgreSQL array. */
const names = (list: readonly string[]): string => `{${list.map((name) => `"${name}"`).join(",")}}`;

/** Brings the client's list of streams up to what its person may hold now. */
async function joinStreams(
  practice: Practice,
  principal: Principal,
  request: PullRequest,
): Promise<ClientStream[]> {
  const reader = practice.database.em.fork();
  const allowed = await scopeNow(practice, principal, request.want, reader);
  const held = new Map(request.held.map(([stream, generation, after]) => [stream, { generation, after }]));
  const inOrder = (list: ClientStream[]) =>
    list.sort((a, b) => allowed.indexOf(a.stream) - allowed.indexOf(b.stream));
  const present = inOrder(await clientStreams(reader, request.clientId));
  const byName = new Map(present.map((stream) => [stream.stream, stream]));
  const complete = present.filter(
    (stream) =>
      stream.state === "joining" &&
      held.get(stream.stream)?.generation === stream.generation &&
      held.get(stream.stream)?.after === null,
  );
  const joining = allowed.filter((stream) => !byName.has(stream) || lost(byName.get(stream)!, held));
  const leaving = present.filter((stream) => !allowed.includes(stream.stream));
  if (joining.length === 0 && leaving.length === 0) {
    if (complete.length === 0) return present;
    // Bookkeeping alone: nothing new leaves the server, so there is nothing to record.
    await reader.execute(markReady, [request.clientId, names(complete.map((stream) => stream.stream))]);
    return present.map((stream) => (complete.includes(stream) ? { ...stream, state: "ready" } : stream));
  }
  const { result } = await practice.ledger.transact(async ({ em, audit }) => {
    await lockClient(em, principal, request.clientId);
    const client = [request.clientId];
    await em.execute("delete from sync_client_stream where client_id = ? and stream = any(?::text[])", [
      ...client,
      names(leaving.map((stream) => stream.stream)),
    ]);
    await em.execute(markReady, [...client, names(complete.map((stream) => stream.stream))]);
    await em.execute(
      `insert into sync_client_stream(client_id, stream, generation, state)
       select ?::uuid, s, 1 + coalesce((? ::jsonb->>s)::int, 0), 'joining' from unnest(?::text[]) s
       on conflict (client_id, stream) do update set state = 'joining',
         generation = greatest(sync_client_stream.generation + 1, excluded.generation)`,
      [
        ...client,
        JSON.stringify(Object.fromEntries([...held].map(([name, { generation }]) => [name, generation]))),
        names(joining),
      ],
    );
    const charts = [
      ...joining.map((stream) => ({ stream, action: "chart.replicated" as const })),
      ...leaving.map(({ stream }) => ({ stream, action: "chart.purged" as const })),
    ].filter(({ stream }) => patientOfStream(stream) !== null);
    for (const { stream, action } of charts) {
      audit({
        actor: principal.audit,
        action,
        outcome: "ok",
        patientId: patientOfStream(stream)!,
        resource: { type: "client", id: request.clientId },
      });
    }
    if (charts.length === 0)
      audit({
        actor: principal.audit,
        action: "sync.scope_changed",
        outcome: "ok",
        resource: { type: "client", id: request.clientId },
      });
    return inOrder(await clientStreams(em, request.clientId));
  });
  return result;
}

/** The client no longer holds what the server believes it holds (another generation, or nothing at all). */
const lost = (stream: ClientStream, held: Map<string, { generation: number }>): boolean => {
  const own = held.get(stream.stream);
  return stream.state === "ready"
    ? own?.generation !== stream.generation
    : own !== undefined && own.generation !== stream.generation;
};

async function clientStreams(em: EntityManager, clientId: string): Promise<ClientStream[]> {
  return em.execute(
    "select stream, generation, state from sync_client_stream where client_id = ? and state <> 'leaving' order by stream",
    [clientId],
  );
}

interface Page {
  head: number;
  cursor: number;
  more: boolean;
  lastN: number;
  results: MutationResult[];
  rows: PulledRow[];
  finished: string[];
  digests: PullResult["digests"];
}

async function readPage(
  practice: Practice,
  principal: Principal,
  em: EntityManager,
  request: PullRequest,
  streams: readonly ClientStream[],
): Promise<Page> {
  const [{ head: text }]: [{ head: string }] = await em.execute(
    "select coalesce(max(seq), 0) as head from audit_log",
  );
  const head = Number(text);
  if (request.cursor > head) throw new DomainError("epoch_mismatch", { epoch: await practice.epoch() });
  const kinds = readableKinds(principal);
  const changes =
    request.cursor === 0
      ? { marks: [], cursor: head, more: false }
      : await changesAfter(em, request, streams, kinds, head);
  const joined = changes.more
    ? { marks: [], finished: [], more: true }
    : await joiningPages(em, request, streams, kinds);
  const marks = [...changes.marks, ...joined.marks];
  const generations = new Map(streams.map((stream) => [stream.stream, stream.generation]));
  const [client]: { last_n: string }[] = await em.execute(
    "select last_n from sync_client where client_id = ?",
    [request.clientId],
  );
  const digests: Page["digests"] = {};
  for (const stream of joined.finished) digests[stream] = await digestOf(em, stream, kinds);
  return {
    head,
    cursor: changes.cursor,
    more: changes.more || joined.more,
    lastN: Number(client?.last_n ?? 0),
    results: await resultsAfter(em, request),
    rows: await dress(practice, em, marks, generations),
    finished: joined.finished,
    digests,
  };
}

/**
 * Tables whose records the role may read. Filtered in the query, because a client learns from the last row of a page
 * where a joining stream goes on: a page whose tail were dropped afterwards would leave it no progress.
 */
const readableKinds = ({ actor }: Principal): string =>
  names(
    Object.values(slices)
      .filter(({ collection }) => can(actor, collection.permissions.read).allowed)
      .map(({ collection }) => collection.name.replaceAll("-", "_")),
  );

/** Marks after the cursor in commit order, cut between commits so that nobody ever sees half of one. */
async function changesAfter(
  em: EntityManager,
  request: PullRequest,
  streams: readonly ClientStream[],
  kinds: string,
  head: number,
) {
  const inScope = names(streams.map(({ stream }) => stream));
  const select =
    "select stream, doc_id as id, kind, seq, op from sync_row where stream = any(?::text[]) and kind = any(?::text[])";
  const found = numbered(
    await em.execute(`${select} and seq > ? order by seq limit ?`, [
      inScope,
      kinds,
      request.cursor,
      request.limit + 1,
    ]),
  );
  if (found.length <= request.limit) return { marks: found, cursor: head, more: false };
  const cut = found[request.limit]!.seq;
  const whole = found.filter((mark) => mark.seq < cut);
  if (whole.length > 0) return { marks: whole, cursor: whole.at(-1)!.seq, more: true };
  // One commit larger than a page goes out whole; the newest one leaves nothing behind it.
  const marks = numbered(await em.execute(`${select} and seq = ?`, [inScope, kinds, cut]));
  return { marks, cursor: cut, more: cut < head };
}

async function joiningPages(
  em: EntityManager,
  request: PullRequest,
  streams: readonly ClientStream[],
  kinds: string,
) {
  const held = new Map(request.held.map(([stream, generation, after]) => [stream, { generation, after }]));
  const marks: Mark[] = [];
  const finished: string[] = [];
  for (const { stream, generation, state } of streams) {
    if (state === "ready") continue;
    const own = held.get(stream);
    if (own?.generation === generation && own.after === null) continue;
    const room = request.limit - marks.length;
    if (room <= 0) return { marks, finished, more: true };
    const after = own?.generation === generation ? own.after : null;
    const page = numbered(
      await em.execute(
        `select stream, doc_id as id, kind, seq, op from sync_row where stream = ? and op = 'put'
         and kind = any(?::text[]) and doc_id > coalesce(?::uuid, '00000000-0000-0000-0000-000000000000'::uuid)
         order by doc_id limit ?`,
        [stream, kinds, after, room + 1],
      ),
    );
    marks.push(...page.slice(0, room));
    if (page.length > room) return { marks, finished, more: true };
    finished.push(stream);
  }
  return { marks, finished, more: false };
}

const numbered = (marks: (Omit<Mark, "seq"> & { seq: string | number })[]): Mark[] =>
  marks.map((mark) => ({ ...mark, seq: Number(mark.seq) }));

/** Adds the records themselves. */
async function dress(
  practice: Practice,
  em: EntityManager,
  marks: readonly Mark[],
  generations: ReadonlyMap<string, number>,
): Promise<PulledRow[]> {
  const records = new Map<string, { version: number; data: Row }>();
  for (const kind of new Set(marks.filter((mark) => mark.op === "put").map((mark) => mark.kind))) {
    const slice = sliceOfTable(kind);
    if (!slice) continue;
    const ids = marks.filter((mark) => mark.kind === kind && mark.op === "put").map((mark) => mark.id);
    const found = await findRecords(em, slice, [...new Set(ids)]);
    const shown = slice.reveal
      ? await slice.reveal(practice, found)
      : found.map((record) => rowOf(slice.collection, record));
    found.forEach((record, index) => {
      const { version: _, ...data } = shown[index] as Row & { version?: number };
      records.set(`${kind}/${record.id}`, { version: record.version, data });
    });
  }
  const rows: PulledRow[] = [];
  for (const { stream, id, kind, seq, op } of marks) {
    const base = {
      stream,
      generation: generations.get(stream)!,
      collection: kind.replaceAll("_", "-"),
      id,
      seq,
      op,
    };
    const record = records.get(`${kind}/${id}`);
    if (op === "rm") rows.push(base);
    else if (record) rows.push({ ...base, version: record.version, data: { ...record.data } });
  }
  return rows;
}

async function resultsAfter(em: EntityManager, request: PullRequest): Promise<MutationResult[]> {
  const rows: {
    n: string;
    status: MutationResult["status"];
    result: { code?: string; detail?: unknown };
    seq: string;
  }[] = await em.execute(
    "select n, status, result, seq from sync_mutation where client_id = ? and seq > ? order by n limit 500",
    [request.clientId, request.cursor],
  );
  return rows.map(({ n, status, result, seq }) => ({ n: Number(n), status, ...result, seq: Number(seq) }));
}

async function digestOf(
  em: EntityManager,
  stream: string,
  kinds: string,
): Promise<{ count: number; xor: string }> {
  const marks: { kind: string }[] = await em.execute(
    "select distinct kind from sync_row where stream = ? and op = 'put' and kind = any(?::text[])",
    [stream, kinds],
  );
  const rows: { id: string; version: number }[] = [];
  for (const { kind } of marks) {
    if (!sliceOfTable(kind)) continue;
    const found: { id: string; version: number }[] = await em.execute(
      `select id, version from "${kind}" where stream = ?`,
      [stream],
    );
    rows.push(...found);
  }
  return streamDigest(rows, sha256Hex);
}
