import { type EntityClass, LockMode } from "@mikro-orm/core";
import type { ZodObject } from "zod";
import type { Role } from "#domain/access/roles.ts";
import type { Collection, MutationStamp, Row } from "#domain/collection.ts";
import { DomainError, type ErrorCode } from "#domain/errors/catalog.ts";
import { canonical } from "#domain/kernel/canonical.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { Practice } from "#server/practice/practice.ts";

/** A stored record: the domain's row with its version. */
export type StoredRow = Row & { version: number };

export interface HandlerContext<R extends Row = Row, A extends Row = Row> {
  readonly practice: Practice;
  readonly tx: LedgerTransaction;
  readonly mutation: PushedMutation;
  /** The arguments, checked against the mutation's schema. */
  readonly args: A;
  readonly stamp: MutationStamp;
  readonly user: { readonly id: string; readonly role: Role; readonly deviceId: string };
  /** Locks and reads the record; undefined when there is none. */
  load(): Promise<(R & { version: number }) | undefined>;
  /** What `apply` of the domain makes of `view`. */
  apply(view: R | undefined): R | undefined;
  /** Stores the record (new or changed). `serverOnly` are columns that the domain's row does not have. */
  save(row: R, serverOnly?: Record<string, unknown>): Promise<void>;
  /** Names the colleague who has to do with it in the record of the mutation. */
  concerns(colleagueId: string): void;
}

/**
 * What became of a change that was not stored as it was written: the log names the fields, never what stands in them.
 * With a code the author is told that something waits.
 */
export class PartlyStored {
  readonly changed: readonly string[];
  readonly waits: readonly string[];
  readonly code: ErrorCode | null;
  readonly detail: unknown;

  constructor(
    changed: readonly string[],
    waits: readonly string[] = [],
    answer: { readonly code: ErrorCode; readonly detail: unknown } | null = null,
  ) {
    this.changed = changed;
    this.waits = waits;
    this.code = answer?.code ?? null;
    this.detail = answer?.detail;
  }
}

/** What was carried out before this, by somebody or from another device, had left nothing to change. */
export class DoneBefore {
  readonly code: ErrorCode;

  constructor(code: ErrorCode) {
    this.code = code;
  }
}

/**
 * The authoritative side of a mutation: checks the rules, changes the record, or refuses by throwing a DomainError.
 * What it returns is sent back as the result's `detail`, but for {@link PartlyStored} and {@link DoneBefore}.
 */
export type Handler<R extends Row = Row, A extends Row = Row> = (
  context: HandlerContext<R, A>,
) => Promise<unknown>;

export interface ServerSlice {
  readonly collection: Collection<Row>;
  readonly entity: EntityClass<StoredRow>;
  readonly handlers: Readonly<Record<string, Handler>>;
  /** Whether the state before each change is kept (`row_history`). */
  readonly history?: boolean;
  /** Turns stored records into what leaves the server; absent = as they are stored. */
  reveal?(practice: Practice, records: readonly StoredRow[]): Promise<Row[]>;
}

type HandlersOf<R extends Row, M> = {
  readonly [K in keyof M]: M[K] extends {
    apply(view: R | undefined, args: infer A, stamp: MutationStamp): unknown;
  }
    ? A extends Row
      ? Handler<R, A>
      : never
    : never;
};

/** Joins a domain collection to its table and handlers. The compiler demands a handler for every mutation. */
export function defineSlice<R extends Row, M extends Collection<R>["mutations"]>(slice: {
  collection: Collection<R, M>;
  entity: EntityClass<StoredRow>;
  handlers: HandlersOf<R, M>;
  history?: boolean;
  reveal?: ServerSlice["reveal"];
}): ServerSlice {
  return slice as unknown as ServerSlice;
}

/** Creates or changes the record as `apply` says, with no rule beyond the constraints of the database. */
export async function applyAsIs<R extends Row, A extends Row>({ load, apply, save }: HandlerContext<R, A>) {
  const next = apply(await load());
  if (!next) throw new DomainError("missing_parent");
  await save(next);
}

/** Creates the record, or refuses when there is one. */
export async function addNew<R extends Row, A extends Row>({ load, apply, save }: HandlerContext<R, A>) {
  if (await load()) throw new DomainError("already_exists");
  await save(apply(undefined)!);
}

const columnsOf = (collection: Collection<Row>): string[] =>
  Object.keys((collection.schema as unknown as ZodObject).shape);

/** The domain's row of a record: its schema's members and no other column. */
export function rowOf(collection: Collection<Row>, record: StoredRow): StoredRow {
  const row: Record<string, unknown> = {};
  for (const column of columnsOf(collection)) row[column] = Reflect.get(record, column) ?? null;
  return { ...row, id: record.id, version: record.version };
}

/** The domain's row of a record, without its version: what routes outside sync answer with. */
export function shownRow<R extends Row>(collection: Collection<R>, record: StoredRow): R {
  const { version: _, ...row } = rowOf(collection as unknown as Collection<Row>, record);
  return row as unknown as R;
}

/** `load` and `save` of a handler context. */
export function rowAccess(
  em: EntityManager,
  slice: Pick<ServerSlice, "collection" | "entity" | "history">,
  id: string,
) {
  let isNew = false;
  return {
    async load(): Promise<StoredRow | undefined> {
      const record = await em.findOne(slice.entity, { id } as never, {
        lockMode: LockMode.PESSIMISTIC_WRITE,
      });
      isNew = !record;
      return record ? rowOf(slice.collection, record) : undefined;
    },
    async save(row: Row, serverOnly: Record<string, unknown> = {}): Promise<void> {
      const { version: _, ...data } = row as StoredRow;
      const record = isNew ? null : await em.findOne(slice.entity, { id } as never);
      isNew = false;
      if (!record) em.create(slice.entity, { ...data, ...serverOnly } as never);
      else if (changed(slice.collection, record, data)) {
        if (slice.history) await keepState(em, slice.collection, record);
        em.assign(record, { ...data, ...serverOnly } as never);
      }
      await em.flush();
    },
  };
}

/** Keeps the state that a change is about to replace; of one version there is one state. */
export async function keepState(
  em: EntityManager,
  collection: Collection<Row>,
  record: StoredRow,
): Promise<void> {
  const { version, ...data } = rowOf(collection, record);
  await em.execute(
    "insert into row_history(collection, record_id, version, patient_id, data) values (?, ?, ?, ?, ?) on conflict do nothing",
    [collection.name, record.id, version, Reflect.get(data, "patientId") ?? record.id, JSON.stringify(data)],
  );
}

const changed = (collection: Collection<Row>, record: StoredRow, data: Row): boolean => {
  const { version: _, ...stored } = rowOf(collection, record);
  return canonical(stored) !== canonical(data);
};
