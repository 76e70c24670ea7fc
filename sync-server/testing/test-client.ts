import type { MutationResult, PulledRow, PullRequest, PullResult } from "#domain/sync/protocol.ts";
import { slices } from "../slices.ts";
import type { Answer, TestPractice, TestSession } from "./test-practice.ts";

/** A row as a client keeps it. */
export interface KeptRow {
  readonly collection: string;
  readonly version: number;
  readonly data: Record<string, unknown>;
}

interface HeldStream {
  readonly generation: number;
  after: string | null;
  complete: boolean;
  readonly rows: Map<string, KeptRow>;
}

export interface TestClient {
  readonly session: TestSession;
  /** Rows of the last published state by `stream/id`. */
  readonly published: ReadonlyMap<string, KeptRow>;
  readonly streams: ReadonlyMap<string, HeldStream>;
  readonly results: Map<number, MutationResult>;
  cursor: number;
  epoch: string | null;
  readonly want: string[];
  /** Every byte the server sent to this client, for scans. */
  readonly wire: string[];
  /** One page. @returns the answer as it came */
  page(more?: Partial<PullRequest>): Promise<Answer<PullResult>>;
  /** Pages until there are no more, then publishes. @returns the number of pages */
  pull(): Promise<number>;
  /** The next page is received by nobody: what a lost reply does. */
  loseReply(): Promise<void>;
}

/**
 * A small client that does what the protocol says and nothing more: keeps rows by stream and generation, purges what is
 * no longer listed, and publishes only when the server has no more.
 */
export function testClient(
  practice: TestPractice,
  session: TestSession,
  { limit = 1000 }: { limit?: number } = {},
): TestClient {
  const streams = new Map<string, HeldStream>();
  let published = new Map<string, KeptRow>();

  const held = () =>
    [...streams]
      .filter(([, { complete, after }]) => complete || after !== null)
      .map(([stream, { generation, after }]) => [stream, generation, after]);

  const ask = (more: Partial<PullRequest> = {}) =>
    practice.request<PullResult>(client.session, "POST", "/api/sync/pull", {
      epoch: client.epoch,
      clientId: session.clientId,
      cursor: client.cursor,
      scopeHash: null,
      held: held(),
      want: client.want,
      limit,
      ...more,
    });

  const keep = (row: PulledRow) => {
    const stream = streams.get(row.stream);
    if (stream?.generation !== row.generation) throw new Error(`a row of ${row.stream}, which is not listed`);
    if (row.op === "rm") stream.rows.delete(row.id);
    else stream.rows.set(row.id, { collection: row.collection, version: row.version!, data: row.data! });
  };

  const apply = (result: PullResult) => {
    const listed = new Map(result.scope.streams.map(([stream, ...rest]) => [stream, rest] as const));
    for (const [stream, { generation }] of streams)
      if (listed.get(stream)?.[0] !== generation) streams.delete(stream);
    const cut = result.more && result.cursor === result.head ? result.rows.at(-1) : undefined;
    for (const [stream, [generation, state]] of listed) {
      const known = streams.get(stream) ?? { generation, after: null, complete: false, rows: new Map() };
      streams.set(stream, known);
      if (state === "ready") Object.assign(known, { after: null, complete: true });
      else if (cut?.stream === stream) known.after = cut.id;
    }
    for (const row of result.rows) keep(row);
    client.cursor = result.cursor;
    client.epoch = result.epoch;
    for (const settled of result.results) client.results.set(settled.n, settled);
  };

  const client: TestClient = {
    session,
    streams,
    results: new Map(),
    cursor: 0,
    epoch: null,
    want: [],
    wire: [],
    get published() {
      return published;
    },
    async page(more) {
      const answer = await ask(more);
      client.wire.push(answer.text);
      if (answer.status === 200) apply(answer.body);
      return answer;
    },
    async pull() {
      for (let pages = 1; ; pages++) {
        if (pages > 10_000) throw new Error("the pull never ends");
        const { status, body, text } = await client.page();
        if (status !== 200) throw new Error(`pull: ${status} ${text}`);
        if (body.more) continue;
        published = new Map(
          [...streams].flatMap(([stream, { rows }]) =>
            [...rows].map(([id, row]) => [`${stream}/${id}`, row] as const),
          ),
        );
        return pages;
      }
    },
    async loseReply() {
      await ask();
    },
  };
  return client;
}

/** What the server holds in these streams, as `stream/id → version`: the truth a client is compared with (I1). */
export async function serverRows(
  practice: TestPractice,
  streams: Iterable<string>,
): Promise<Map<string, number>> {
  const list = [...streams];
  const rows: Map<string, number> = new Map();
  const synced = Object.values(slices).filter(({ collection }) => collection.name !== "token");
  for (const { collection } of synced) {
    const table = collection.name.replaceAll("-", "_");
    for (const { stream, id, version } of await practice.owner<{
      stream: string;
      id: string;
      version: number;
    }>(`select stream, id, version from ${table} where stream = any($1)`, [list]))
      rows.set(`${stream}/${id}`, version);
  }
  return rows;
}

/** A client's published rows in the form of {@link serverRows}. */
export const clientRows = (client: TestClient): Map<string, number> =>
  new Map([...client.published].map(([key, { version }]) => [key, version]));
