import type { AuditAction } from "#domain/audit/actions.ts";
import type { AuditBody } from "#domain/audit/record.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { toHex } from "#domain/kernel/bytes.ts";
import { canonical } from "#domain/kernel/canonical.ts";
import { instantNow, randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { Database, EntityManager } from "./database.ts";
import { isTransient, isUnavailable } from "./database-error.ts";

/** An audit record before the ledger adds the time. */
export type AuditEntry = Omit<AuditBody, "recordedAt" | "action"> & { action: AuditAction };

export interface LedgerTransaction {
  readonly em: EntityManager;
  /** Adds a record that is sealed with this transaction. */
  audit(entry: AuditEntry): void;
  /** Runs `work` after everything else of the transaction and before its records are sealed. */
  beforeSeal(work: () => Promise<void>): void;
  /** Runs `work` once the transaction is durable, and never when it was rolled back. It answers for its own failures. */
  afterCommit(work: () => Promise<void>): void;
}

/** The statement that ends a transaction; `$seal` in it stands for the call of `ledger_seal`. */
export interface ClosingStatement {
  readonly sql: string;
  readonly params: unknown[];
}

const sealOnly: ClosingStatement = { sql: "select $seal as seq", params: [] };

/** The rows of `ledger_seal`: each record with its id, a salt of its own and its RFC 8785 text. */
const sealArgument = (entries: readonly AuditEntry[]): string =>
  JSON.stringify(
    entries.map((entry) => ({
      id: newId(),
      salt: toHex(randomBytes(16)),
      body: canonical({ ...entry, recordedAt: instantNow() }),
    })),
  );

export interface Ledger {
  /**
   * The only way in which server code writes: runs `work`, flushes the ORM, appends the audit records and commits.
   * `close` may replace the last statement to write more in the same round trip.
   * @returns what `work` returned, and the commit's number (that of its last audit record)
   * @throws {DomainError} `audit_unavailable` when the records cannot be written; then nothing was changed
   */
  transact<T>(
    work: (transaction: LedgerTransaction) => Promise<T>,
    close?: (result: T) => ClosingStatement,
  ): Promise<{ result: T; seq: number }>;
  /** Reads and denials: one or more records in a short transaction of their own. */
  record(...entries: AuditEntry[]): Promise<number>;
  /** Tells after each commit how many records it sealed. Returns what ends it. */
  onSealed(heard: (records: number) => void): () => void;
}

export function createLedger(database: Database): Ledger {
  const listeners = new Set<(records: number) => void>();
  const transact: Ledger["transact"] = async (work, close = () => sealOnly) => {
    const later: (() => Promise<void>)[] = [];
    let sealed = 0;
    const done = await database.em.fork().transactional(async (em) => {
      const entries: AuditEntry[] = [];
      const last: (() => Promise<void>)[] = [];
      const result = await work({
        em,
        audit: (entry) => void entries.push(entry),
        beforeSeal: (one) => void last.push(one),
        afterCommit: (one) => void later.push(one),
      });
      await em.flush();
      for (const one of last) await one();
      const { sql, params } = close(result);
      const seal = "ledger_seal(?::jsonb)";
      const rows: { seq?: string | number }[] = await em
        .execute(sql.replace("$seal", seal), [sealArgument(entries), ...params])
        .catch((error: unknown) => {
          // What may pass is for the caller to repeat; anything else means that the record could not be written.
          throw isTransient(error) || isUnavailable(error)
            ? error
            : Object.assign(new DomainError("audit_unavailable"), { cause: error });
        });
      const seq = Number(rows[0]?.seq);
      if (!Number.isSafeInteger(seq))
        throw new DomainError("audit_unavailable", "the seal returned no number");
      sealed = entries.length;
      return { result, seq };
    });
    for (const heard of listeners) heard(sealed);
    for (const one of later) await one();
    return done;
  };

  return {
    transact,
    async record(...entries) {
      const { seq } = await transact(async ({ audit }) => {
        for (const entry of entries) audit(entry);
      });
      return seq;
    },
    onSealed(heard) {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
  };
}
