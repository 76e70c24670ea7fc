import { IsolationLevel } from "@mikro-orm/core";
import { can } from "#domain/access/can.ts";
import { patientOfStream } from "#domain/access/scope.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { type PullRequest, type PullResult, scopeHash } from "#domain/sync/protocol.ts";
import { underGlass } from "#server/chart/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import { slices } from "#server/slices.ts";
import { type ClientStream, lockClient, ownStreams } from "./client.ts";
import { digestsOf, recordMismatches } from "./digests.ts";
import { dress, littleNews, names, type Page, standing } from "./page.ts";
import type { Mark } from "./recent-rows.ts";
import { scopeThatFits } from "./scope-now.ts";
import { scopeSignature } from "./scope-signature.ts";

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
  const epoch = await practice.epoch();
  if (request.epoch !== null && request.epoch !== epoch) throw new DomainError("epoch_mismatch", { epoch });
  const { streams, left } = await joinStreams(practice, principal, request);
  const page =
    (await littleNews(practice, request, streams, readableKinds(principal))) ??
    (await practice.database.em
      .fork()
      .transactional((em) => readPage(practice, principal, em, request, streams), {
        isolationLevel: IsolationLevel.REPEATABLE_READ,
        readOnly: true,
      }));
  const hash = scopeHash(streams.map((stream) => stream.stream));
  const finished = new Set(page.finished);
  const scoped = streams.map(({ stream, generation, state }): [string, number, "joining" | "ready"] => [
    stream,
    generation,
    state === "ready" || finished.has(stream) ? "ready" : "joining",
  ]);
  const restored = await practice.recovering();
  const signature = await scopeSignature(practice, request.clientId, hash);
  return {
    epoch,
    head: page.head,
    cursor: page.cursor,
    more: page.more,
    lastN: page.lastN,
    results: page.results,
    scope: { hash, streams: scoped, signature, ...(left > 0 && { left }) },
    rows: page.rows,
    digests: page.digests,
    ...(restored && { restored, lastHash: page.lastHash }),
    checkpoint: practice.checkpoints.latest(),
  };
}

/** Of these streams all has arrived, unless another pull of the client began them anew meanwhile. */
const markReady = (
  em: EntityManager,
  clientId: string,
  complete: readonly ClientStream[],
): Promise<unknown> =>
  em.execute(
    `update sync_client_stream s set state = 'ready' from jsonb_to_recordset(?::jsonb) c(stream text, generation int)
     where s.client_id = ? and s.stream = c.stream and s.generation = c.generation`,
    [JSON.stringify(complete), clientId],
  );

/** Brings the client's list of streams up to what its person may hold now. */
async function joinStreams(
  practice: Practice,
  principal: Principal,
  request: PullRequest,
): Promise<{ readonly streams: readonly ClientStream[]; readonly left: number }> {
  const reader = practice.database.em.fork();
  const known = await ownStreams(reader, principal, request.clientId);
  const putAway = new Set(request.putAway.filter((stream) => patientOfStream(stream) !== null));
  const { streams, left, glass } = await scopeThatFits(practice, principal, request.want, reader);
  // What the device has no room for, it does not hold, and is not counted as held.
  const allowed = streams.filter((stream) => !putAway.has(stream));
  const held = new Map(request.held.map(([stream, generation, after]) => [stream, { generation, after }]));
  for (const { stream } of request.mismatches) held.delete(stream);
  const listed = compare(known, allowed, held);
  if (listed.joining.length === 0 && listed.leaving.length === 0) {
    const { present, complete } = listed;
    // Bookkeeping alone: nothing new leaves the server, so there is nothing to record.
    if (complete.length > 0) await markReady(reader, request.clientId, complete);
    return { streams: asHeld(present, held), left };
  }
  const { result } = await practice.ledger.transact(async (tx) => {
    const { em, audit } = tx;
    await lockClient(em, principal, request.clientId);
    // Another pull of this client may have changed the list since: what it began and finished, this device does not have.
    const { present, complete, joining, leaving } = compare(
      await ownStreams(em, principal, request.clientId),
      allowed,
      held,
    );
    const client = [request.clientId];
    await em.execute("delete from sync_client_stream where client_id = ? and stream = any(?::text[])", [
      ...client,
      names(leaving),
    ]);
    await markReady(em, request.clientId, complete);
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
    await recordMismatches(tx, principal, request, present);
    const charts = [
      ...joining.map((stream) => ({ stream, action: "chart.replicated" as const })),
      ...leaving.map((stream) => ({ stream, action: "chart.purged" as const })),
    ].filter(({ stream }) => patientOfStream(stream) !== null);
    for (const { stream, action } of charts) {
      audit({
        actor: principal.audit,
        action,
        outcome: "ok",
        patientId: patientOfStream(stream)!,
        resource: { type: "client", id: request.clientId },
        ...(action === "chart.replicated" && underGlass(glass.get(patientOfStream(stream)!))),
      });
    }
    if (charts.length === 0)
      audit({
        actor: principal.audit,
        action: "sync.scope_changed",
        outcome: "ok",
        resource: { type: "client", id: request.clientId },
      });
    return inOrder(await ownStreams(em, principal, request.clientId), allowed);
  });
  return { streams: asHeld(result, held), left };
}

type Held = ReadonlyMap<string, { readonly generation: number; readonly after: string | null }>;

function inOrder(list: readonly ClientStream[], allowed: readonly string[]): ClientStream[] {
  const rank = new Map(allowed.map((stream, index) => [stream, index]));
  return list.toSorted((a, b) => (rank.get(a.stream) ?? -1) - (rank.get(b.stream) ?? -1));
}

/** The server's list of a client's streams beside what it may hold and what it says it holds; streams by their names. */
function compare(known: readonly ClientStream[], allowed: readonly string[], held: Held) {
  const present = inOrder(known, allowed);
  const byName = new Map(present.map((stream) => [stream.stream, stream]));
  const inScope = new Set(allowed);
  const isComplete = ({ stream, generation, state }: ClientStream) =>
    state === "joining" && holdsAll(held, stream, generation);
  return {
    present,
    /** All of it has arrived. */
    complete: present.filter(isComplete),
    joining: allowed.filter((stream) => !byName.has(stream) || lost(byName.get(stream)!, held)),
    leaving: present.map(({ stream }) => stream).filter((stream) => !inScope.has(stream)),
  };
}

/**
 * The client does not hold what the server believes it holds: another generation, nothing at all, or only a part. It
 * asks for the next page while it stores one; when it is killed meanwhile, it had said "complete" of what never came
 * to its disk. While a stream joins, the client itself says where it goes on, and begins anew in another generation: a
 * new one for each copy of a profile that asks would leave none of them ever done.
 */
const lost = ({ stream, generation, state }: ClientStream, held: Held): boolean =>
  state === "ready" && !holdsAll(held, stream, generation);

const holdsAll = (held: Held, stream: string, generation: number): boolean =>
  held.get(stream)?.generation === generation && held.get(stream)?.after === null;

/**
 * Ready is, for who asks, what it holds: another pull of the client (an overlapping one, or one of a profile's copy) may say
 * at any moment that it has everything.
 */
const asHeld = (list: readonly ClientStream[], held: Held): ClientStream[] =>
  list.map(({ stream, generation }) => ({
    stream,
    generation,
    state: holdsAll(held, stream, generation) ? "ready" : "joining",
  }));

async function readPage(
  practice: Practice,
  principal: Principal,
  em: EntityManager,
  request: PullRequest,
  streams: readonly ClientStream[],
): Promise<Page> {
  const { head, ...known } = await standing(em, request);
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
  const more = changes.more || joined.more;
  const complete = streams.filter(({ state }) => state === "ready").map(({ stream }) => stream);
  // Before the last page a device has not everything yet, and nothing could be compared.
  const compared = more ? [] : [...joined.finished, ...(request.verify ? complete : [])];
  return {
    head,
    cursor: changes.cursor,
    more,
    ...known,
    rows: await dress(practice, em, marks, streams, changes.marks),
    finished: joined.finished,
    digests: await digestsOf(em, compared, kinds),
  };
}

/**
 * Tables whose records the role may read. Filtered in the query, because a client learns from the last row of a page
 * where a joining stream goes on: a page whose tail were dropped afterwards would leave it no progress.
 */
const readableKinds = ({ actor }: Principal): readonly string[] =>
  Object.values(slices)
    .filter(({ collection }) => can(actor, collection.permissions.read).allowed)
    .map(({ collection }) => collection.name.replaceAll("-", "_"));

const numbered = (marks: (Omit<Mark, "seq"> & { seq: string | number })[]): Mark[] =>
  marks.map((mark) => ({ ...mark, seq: Number(mark.seq) }));

/** Marks after the cursor in commit order, cut between commits so that nobody ever sees half of one. */
async function changesAfter(
  em: EntityManager,
  request: PullRequest,
  streams: readonly ClientStream[],
  kinds: readonly string[],
  head: number,
) {
  const inScope = names(streams.map(({ stream }) => stream));
  const select =
    "select stream, doc_id as id, kind, seq, op from sync_row where stream = any(?::text[]) and kind = any(?::text[])";
  const found = numbered(
    await em.execute(`${select} and seq > ? order by seq limit ?`, [
      inScope,
      names(kinds),
      request.cursor,
      request.limit + 1,
    ]),
  );
  if (found.length <= request.limit) return { marks: found, cursor: head, more: false };
  const cut = found[request.limit]!.seq;
  const whole = found.filter((mark) => mark.seq < cut);
  if (whole.length > 0) return { marks: whole, cursor: whole.at(-1)!.seq, more: true };
  // One commit larger than a page goes out whole; the newest one leaves nothing behind it.
  const marks = numbered(await em.execute(`${select} and seq = ?`, [inScope, names(kinds), cut]));
  return { marks, cursor: cut, more: cut < head };
}

async function joiningPages(
  em: EntityManager,
  request: PullRequest,
  streams: readonly ClientStream[],
  kinds: readonly string[],
) {
  const held = new Map(request.held.map(([stream, generation, after]) => [stream, { generation, after }]));
  const marks: Mark[] = [];
  const finished: string[] = [];
  for (const { stream, generation, state } of streams) {
    if (state === "ready") continue;
    const own = held.get(stream);
    const room = request.limit - marks.length;
    if (room <= 0) return { marks, finished, more: true };
    const after = own?.generation === generation ? own.after : null;
    const page = numbered(
      await em.execute(
        `select stream, doc_id as id, kind, seq, op from sync_row where stream = ? and op = 'put'
         and kind = any(?::text[]) and doc_id > coalesce(?::uuid, '00000000-0000-0000-0000-000000000000'::uuid)
         order by doc_id limit ?`,
        [stream, names(kinds), after, room + 1],
      ),
    );
    marks.push(...page.slice(0, room));
    if (page.length > room) return { marks, finished, more: true };
    finished.push(stream);
  }
  return { marks, finished, more: false };
}
