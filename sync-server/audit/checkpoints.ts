import { join } from "node:path";
import type { Hash } from "#domain/audit/merkle.ts";
import { sameHash } from "#domain/audit/merkle.ts";
import { type Checkpoint, openNote, originOf, signNote, verifierKey } from "#domain/audit/signed-note.ts";
import type { HistoryProof, ProofRequest } from "#domain/audit/witness.ts";
import { toHex } from "#domain/kernel/bytes.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import type { Database, EntityManager } from "#server/database/database.ts";
import type { KeyStore } from "#server/keys/key-store.ts";
import { OperationError } from "#server/operations/operation-error.ts";
import { privateFolder, writePrivateFile } from "#server/operations/private-file.ts";
import { consistencyProof, growTree, inclusionProof, rootOf } from "./tree.ts";

/** In the mirror: the newest head that anybody outside may have seen. */
export const CHECKPOINT_FILE = "checkpoint";

export interface Checkpoints {
  /** The key that signs, in C2SP's text form. */
  readonly key: string;
  /** The newest signed head; null before the first one. */
  latest(): string | null;
  /**
   * Signs the head of the log, unless it is signed. One at a time: whoever asks meanwhile gets the next.
   * @throws {ForkedLog} the log is not what was signed before
   */
  make(): Promise<string | null>;
  /** See {@link HistoryProof}; null when the log is not that long. */
  prove(request: ProofRequest): Promise<HistoryProof | null>;
}

/** Records that were signed as the head of the log are not what they were. */
export class ForkedLog extends Error {
  readonly size: number;
  constructor(size: number) {
    super(`the first ${size} records of the audit log are not those that were signed`);
    this.size = size;
  }
}

export interface CheckpointOptions {
  readonly database: Database;
  readonly keys: Pick<KeyStore, "audit">;
  readonly practiceId: string;
  readonly epoch: () => Promise<string>;
  /** Folder of the mirror: a head is there before anybody is shown it. */
  readonly mirror: string;
}

/** Opens the signed heads of a practice's log. */
export async function openCheckpoints(options: CheckpointOptions): Promise<Checkpoints> {
  const { database, keys, practiceId } = options;
  const name = originOf(practiceId);
  const key = verifierKey(name, keys.audit.publicKey);
  const signed = await newestNote(database.em.fork());
  if (signed && !(await openNote(signed.note, key)))
    throw new OperationError("keys_missing", { file: "audit.json", path: options.mirror });
  let note = signed?.present ? signed.note : null;
  let running: Promise<string | null> | null = null;
  const make = async (): Promise<string | null> => {
    const em = database.em.fork();
    const size = await recordsIn(em);
    const before = note === null ? null : await openNote(note, key);
    if (size === 0 || before?.size === size) return note;
    const root = await grownRoot(em, size, before);
    const epoch = await options.epoch();
    const made = await signNote(
      { origin: name, size, root, epoch, at: instantNow() },
      keys.audit.publicKey,
      keys.audit.sign,
    );
    await privateFolder(options.mirror);
    await writePrivateFile(join(options.mirror, CHECKPOINT_FILE), made);
    await em.execute(
      "insert into audit_checkpoint(size, epoch, note) values (?, ?, ?) on conflict do nothing",
      [size, epoch, made],
    );
    note = made;
    return note;
  };
  return {
    key,
    latest: () => note,
    make() {
      const next = (running ?? Promise.resolve()).catch(() => {}).then(make);
      running = next;
      return next;
    },
    prove: (request) => proveHistory(database.em.fork(), request),
  };
}

const recordsIn = async (em: EntityManager): Promise<number> => {
  const [row]: { seq: string | null }[] = await em.execute("select max(seq) as seq from audit_log");
  return Number(row?.seq ?? 0);
};

/** The newest signed head, and whether it is one of the present epoch. */
async function newestNote(em: EntityManager) {
  const [row]: { note: string; present: boolean }[] = await em.execute(
    `select note, epoch = (select epoch from sync_epoch order by started_at desc limit 1) as present
     from audit_checkpoint order by present desc, size desc limit 1`,
  );
  return row;
}

/** The root now, when the log still begins with what was signed before. */
async function grownRoot(em: EntityManager, size: number, before: Checkpoint | null): Promise<Hash> {
  await growTree(em, size);
  if (before) {
    const same = before.size < size && sameHash(await rootOf(em, before.size), before.root);
    if (!same) throw new ForkedLog(before.size);
  }
  return rootOf(em, size);
}

interface RestoreRow {
  readonly seq: string;
  readonly salt: string;
  readonly body: string;
}

async function proveHistory(
  em: EntityManager,
  { epoch, from, to }: ProofRequest,
): Promise<HistoryProof | null> {
  if (from > to || to > (await recordsIn(em))) return null;
  await growTree(em, to);
  const [known]: { new_head: string | null }[] = await em.execute(
    "select new_head from sync_epoch where epoch = ?",
    [epoch],
  );
  // Of an epoch that this log does not know, every restore in it may have come since.
  const since = Number(known?.new_head ?? 0);
  const rows: RestoreRow[] = await em.execute(
    `select seq, encode(salt, 'hex') as salt, body from audit_log
     where body::jsonb->>'action' = 'restore.executed' and seq > ? and seq <= ?
       and body::jsonb->'resource'->>'id' <> ? order by seq`,
    [since, to, epoch],
  );
  const restores = await Promise.all(
    rows.map(async ({ seq, ...row }) => ({
      seq: Number(seq),
      ...row,
      inclusion: (await inclusionProof(em, Number(seq) - 1, to)).map(toHex),
    })),
  );
  return { from, to, consistency: (await consistencyProof(em, from, to)).map(toHex), restores };
}
