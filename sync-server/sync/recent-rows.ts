import { IsolationLevel } from "@mikro-orm/core";
import type { Row } from "#domain/collection.ts";
import type { EntityManager } from "#server/database/database.ts";
import { perPractice } from "#server/practice/per-practice.ts";
import type { Practice } from "#server/practice/practice.ts";
import { sliceOfTable } from "#server/slices.ts";
import { findRecords } from "./records.ts";
import { rowOf } from "./slice.ts";

/** Where a record changed: what the log of marks knows of it. */
export interface Mark {
  readonly stream: string;
  readonly id: string;
  readonly kind: string;
  readonly seq: number;
  readonly op: "put" | "rm";
}

/** A record as it leaves the server. */
export interface DressedRow {
  readonly version: number;
  readonly data: Row;
}

type Changed = Pick<Mark, "kind" | "id" | "seq">;
const keyOf = ({ kind, id, seq }: Changed): string => `${kind}|${id}|${seq}`;

/** Records that are kept; each tablet asks for what has just changed, and that is the same for all of them. */
const KEPT = 1000;

/**
 * Records as they were at a commit. What a commit left is what it left, so nothing in here can become wrong: a later
 * change has another number. Never holds what is sealed under a visit's key.
 */
class RecentRows {
  readonly #rows = new Map<string, DressedRow>();
  /** What is being read for somebody. */
  readonly #reads = new Map<string, Promise<void>>();
  readonly #practice: Practice;

  constructor(practice: Practice) {
    this.#practice = practice;
  }

  get(changed: Changed): DressedRow | undefined {
    return this.#rows.get(keyOf(changed));
  }

  keep(changed: Changed, row: DressedRow): void {
    this.#rows.set(keyOf(changed), row);
    if (this.#rows.size <= KEPT) return;
    const [oldest] = this.#rows.keys();
    if (oldest !== undefined) this.#rows.delete(oldest);
  }

  /**
   * Reads what is not at hand, once for all tablets that ask at the same moment. What changed again meanwhile, or is
   * sealed, stays away.
   */
  async read(marks: readonly Mark[]): Promise<void> {
    const missing = marks.filter((mark) => mark.op === "put" && !isSealed(mark.kind) && !this.get(mark));
    const unread = missing.filter((mark) => !this.#reads.has(keyOf(mark)));
    if (unread.length > 0) {
      const reading = this.#readOnce(unread).finally(() => {
        for (const mark of unread) this.#reads.delete(keyOf(mark));
      });
      for (const mark of unread) this.#reads.set(keyOf(mark), reading);
    }
    await Promise.all(new Set(missing.map((mark) => this.#reads.get(keyOf(mark)))));
  }

  #readOnce(marks: readonly Mark[]): Promise<void> {
    const readBoth = async (em: EntityManager) => {
      const present: Changed[] = await em.execute(
        `select distinct s.kind, s.doc_id as id, s.seq::int as seq
         from jsonb_to_recordset(?::jsonb) m(stream text, id uuid, seq bigint)
           join sync_row s on s.stream = m.stream and s.doc_id = m.id and s.seq = m.seq and s.op = 'put'`,
        [JSON.stringify(marks.map(({ stream, id, seq }) => ({ stream, id, seq })))],
      );
      const rows = await readRows(this.#practice, em, present);
      for (const changed of present) {
        const row = rows.get(changed);
        if (row) this.keep(changed, row);
      }
    };
    return this.#practice.database.em
      .fork()
      .transactional(readBoth, { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true });
  }
}

export const recentRows = perPractice((practice) => new RecentRows(practice));

/** Sealed under a visit's key, and opened anew for each who may read it. */
export const isSealed = (kind: string): boolean => sliceOfTable(kind)?.reveal !== undefined;

/** Records as they leave the server, by the mark that asks for them; none for one that is gone. */
export async function readRows<M extends Pick<Mark, "kind" | "id">>(
  practice: Practice,
  em: EntityManager,
  wanted: readonly M[],
): Promise<{ get(mark: M): DressedRow | undefined }> {
  const rows = new Map<string, DressedRow>();
  for (const kind of new Set(wanted.map((mark) => mark.kind))) {
    const slice = sliceOfTable(kind);
    if (!slice) continue;
    const ids = wanted.filter((mark) => mark.kind === kind).map((mark) => mark.id);
    const found = await findRecords(em, slice, [...new Set(ids)]);
    const shown = slice.reveal
      ? await slice.reveal(practice, found)
      : found.map((record) => rowOf(slice.collection, record));
    found.forEach((record, index) => {
      const { version: _, ...data } = shown[index] as Row & { version?: number };
      rows.set(`${kind}/${record.id}`, { version: record.version, data });
    });
  }
  return { get: ({ kind, id }) => rows.get(`${kind}/${id}`) };
}
