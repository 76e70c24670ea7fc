import type { MutationResult, PulledRow, PullResult } from "#domain/sync/protocol.ts";
import { sealJson } from "../keys/aes.ts";
import type { Keyring } from "../keys/keyring.ts";
import type { LocalDatabase, OutboxRecord, ResultRecord, SentRecord } from "./database.ts";
import { type ConfirmedRow, rowName, sealRow } from "./rows.ts";
import { type CursorState, type HeldStream, newStream, sealCursor, sealStream } from "./sync-state.ts";

/** What one page of a pull changes on this tablet. */
export interface AppliedPage {
  readonly puts: readonly ConfirmedRow[];
  /** Rows that left one stream; another stream may hold the same record. */
  readonly removes: readonly { readonly collection: string; readonly id: string; readonly kid: string }[];
  /** Key ids of streams that left the scope: their keys are destroyed. */
  readonly purged: readonly string[];
  readonly streams: readonly HeldStream[];
  readonly cursor: CursorState;
}

const sameStream = (held: HeldStream, stream: string, generation: number) =>
  held.stream === stream && held.generation === generation;

/**
 * Works out what a page means, sealing everything. Nothing is written yet: IndexedDB commits a transaction as soon as
 * one awaits anything else, so all cryptography has to be over before it opens.
 */
export async function preparePage(
  keyring: Keyring,
  state: { readonly cursor: CursorState; readonly streams: readonly HeldStream[] },
  page: PullResult,
): Promise<AppliedPage> {
  const listed = page.scope.streams;
  const purged = state.streams.filter(
    (held) => !listed.some(([stream, generation]) => sameStream(held, stream, generation)),
  );
  const cut = cutStream(page);
  const streams = await Promise.all(
    listed.map(async ([stream, generation, progress]): Promise<HeldStream> => {
      const known =
        state.streams.find((held) => sameStream(held, stream, generation)) ??
        (await newStream(keyring, stream, generation));
      if (progress === "ready") return known.complete ? known : { ...known, after: null, complete: true };
      const after = cut?.stream === stream && cut.generation === generation ? cut.id : known.after;
      return { ...known, complete: false, after };
    }),
  );
  const puts: ConfirmedRow[] = [];
  const removes: { collection: string; id: string; kid: string }[] = [];
  for (const row of page.rows) {
    const held = streams.find((candidate) => sameStream(candidate, row.stream, row.generation));
    if (!held) continue;
    if (row.op === "rm") removes.push({ collection: row.collection, id: row.id, kid: held.kid });
    else puts.push(confirmed(row, held.kid));
  }
  return {
    puts,
    removes,
    purged: purged.map((held) => held.kid),
    streams,
    cursor: { ...state.cursor, epoch: page.epoch, cursor: page.cursor, scopeHash: page.scope.hash },
  };
}

/**
 * The row at which a joining stream was cut. Changes come before the pages of joining streams, and those only once no
 * more changes are left (cursor = head); so only the very last row can stand where a join goes on.
 */
const cutStream = (page: PullResult): PulledRow | undefined =>
  page.more && page.cursor === page.head ? page.rows.at(-1) : undefined;

const confirmed = (row: PulledRow, kid: string): ConfirmedRow => ({
  collection: row.collection,
  id: row.id,
  version: row.version ?? 0,
  seq: row.seq,
  kid,
  data: row.data ?? {},
});

export const resultContext = (clientId: string, n: number) => `results|${clientId}|${n}|1`;

/** @param keyring null while locked: the answer's detail is then left out, its status and code are kept */
export async function sealResult(
  keyring: Keyring | null,
  clientId: string,
  result: MutationResult,
): Promise<ResultRecord> {
  const { n, status, code, seq, detail } = result;
  const sealed =
    keyring && detail !== undefined ? await sealJson(keyring.root, detail, resultContext(clientId, n)) : null;
  return { clientId, n, status, code: code ?? null, seq: seq ?? null, detail: sealed };
}

/** An acknowledged entry may go once the cursor has passed its commit: its effect is in the rows. */
export const isSettled = (result: Pick<ResultRecord, "status" | "seq">, cursor: number): boolean =>
  result.status === "applied" && (result.seq === null || result.seq <= cursor);

/** Codes of conflicts that are no matter of who came first: a question that is stored, and the same work twice. */
const ownConflicts: readonly (string | null)[] = ["demographics_conflict", "already_exists"];

/** Other work was there first: for that it had no effect, was refused, or waits. */
export function cameBehind(answer: Pick<ResultRecord, "status" | "code"> | undefined): boolean {
  if (answer?.status === "held") return answer.code === "yields_to_others";
  if (answer?.status === "applied") return answer.code !== null;
  return answer?.status === "conflict" && !ownConflicts.includes(answer.code);
}

/** The entry with the clinic's word on whether other work was there before it. */
export const ordered = ({ yields: _, ...entry }: OutboxRecord, behind: boolean): OutboxRecord => ({
  ...entry,
  ...(behind && { yields: true }),
});

/**
 * Writes a page: rows, streams, cursor and the outbox entries it settles, in one strict transaction. A crash
 * leaves all of it or nothing. Streams that left go first, keys before rows.
 */
export async function writePage(
  database: LocalDatabase,
  keyring: Keyring,
  page: AppliedPage,
  settle: {
    readonly clientId: string;
    readonly results: readonly ResultRecord[];
    readonly at: string;
  },
): Promise<readonly number[]> {
  const heldByKid = new Map(page.streams.map((held) => [held.kid, held]));
  const [rows, gone, streams, cursor] = await Promise.all([
    Promise.all(page.puts.map((row) => sealRow(keyring, heldByKid.get(row.kid) as HeldStream, row))),
    Promise.all(page.removes.map((row) => rowName(keyring, row.kid, row))),
    Promise.all(page.streams.map((held) => sealStream(keyring, held))),
    sealCursor(keyring, page.cursor),
  ]);
  const { clientId, results, at } = settle;
  const tables = [
    database.streams,
    database.rows,
    database.cursors,
    database.outbox,
    database.results,
    database.sent,
    database.hot,
  ];
  return database.transaction("rw", tables, async () => {
    await database.streams.bulkDelete([...page.purged]);
    await database.rows
      .where("kid")
      .anyOf([...page.purged])
      .delete();
    await database.streams.bulkPut(streams);
    await database.rows.bulkDelete(gone);
    await database.rows.bulkPut(rows);
    await database.results.bulkPut(await finalOnly(database, results));
    const settled = await settleOutbox(database, clientId, page.cursor.cursor, at);
    await database.cursors.put(cursor);
    // Today's block may hold what just left; it is made anew once the page is published.
    if (page.purged.length > 0 || gone.length > 0) await database.hot.delete(keyring.userId);
    return settled;
  });
}

/** A final answer is never replaced; `held` may be. */
async function finalOnly(database: LocalDatabase, results: readonly ResultRecord[]): Promise<ResultRecord[]> {
  const known = await database.results.bulkGet(
    results.map(({ clientId, n }): [string, number] => [clientId, n]),
  );
  return results.filter((_, i) => !known[i] || known[i].status === "held");
}

/** Must run inside a transaction over outbox, results and sent. Returns the numbers that left. */
async function settleOutbox(
  database: LocalDatabase,
  clientId: string,
  cursor: number,
  at: string,
): Promise<number[]> {
  const mine = await database.outbox
    .where("[clientId+n]")
    .between([clientId, 0], [clientId, Number.MAX_SAFE_INTEGER])
    .toArray();
  const answers = await database.results.bulkGet(mine.map(({ n }): [string, number] => [clientId, n]));
  const settled = mine.filter((_, i) => answers[i] && isSettled(answers[i], cursor));
  const behind = new Set(mine.filter((_, i) => cameBehind(answers[i])).map(({ n }) => n));
  const numbers = new Set(settled.flatMap(({ n, replaces = [] }) => [n, ...replaces]));
  const applied = new Set(settled.map(({ n }) => n));
  const done = mine
    .filter(({ n }) => numbers.has(n))
    .map((entry) => (applied.has(entry.n) ? entry : { ...entry, decided: true as const }))
    .map((entry) => ordered(entry, behind.has(entry.n)));
  await moveToSent(database, done, at);
  return done.map(({ n }) => n);
}

async function moveToSent(database: LocalDatabase, done: readonly OutboxRecord[], at: string): Promise<void> {
  const keys = done.map(({ clientId, n }): [string, number] => [clientId, n]);
  await database.sent.bulkPut(done.map((entry): SentRecord => ({ ...entry, sentAt: at })));
  await database.outbox.bulkDelete(keys);
  await database.results.bulkDelete(keys);
}

/** Writes the clinic's answers that came with a push or a delivery. */
export const writeResults = (database: LocalDatabase, results: readonly ResultRecord[]): Promise<void> =>
  database.transaction("rw", database.results, async () => {
    await database.results.bulkPut(await finalOnly(database, results));
  });
