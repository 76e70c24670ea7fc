import { sha256 } from "@noble/hashes/sha2.js";
import * as z from "zod";
import { concatBytes, fromHex, utf8 } from "../kernel/bytes.ts";
import { canonical } from "../kernel/canonical.ts";
import type { HistoryFault } from "./history-fault.ts";
import { type Hash, isConsistent, isIncluded } from "./merkle.ts";
import { auditBodySchema } from "./record.ts";
import { type Checkpoint, openNote } from "./signed-note.ts";

/**
 * A witness remembers the heads of the audit log that it was shown, and believes the next one only when the log that it
 * knows is the beginning of the log that it is shown. Tablets and the AI node are witnesses: a history that got shorter or
 * different is refused by each of them.
 */
const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** `GET /api/audit/checkpoint`. */
export const auditHeadSchema = z.object({
  /** Null before the first one. */
  checkpoint: z.string().nullable(),
  /** The verifier key. */
  key: z.string(),
});
export type AuditHead = z.infer<typeof auditHeadSchema>;

/** `GET /api/audit/proof`: that the log of `from` records is the beginning of the log of `to` records. */
export const historyProofSchema = z.object({
  from: z.int().min(0),
  to: z.int().min(0),
  /** Hexadecimal, RFC 9162 §2.1.4. */
  consistency: z.array(hashSchema).max(64),
  /** Of a witness whose epoch is not the present one: the restores since, each with the proof that its record is in the log of `to`. */
  restores: z.array(
    z.object({
      seq: z.int().min(1),
      salt: z.string().regex(/^[0-9a-f]{32}$/),
      body: z.string(),
      inclusion: z.array(hashSchema).max(64),
    }),
  ),
});
export type HistoryProof = z.infer<typeof historyProofSchema>;

/** Where the head of the log is asked for: which tree to prove from, and to what. */
export interface ProofRequest {
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
}

/** What a witness keeps: the key it believes, and notes signed with it, oldest first. */
export interface Witnessed {
  readonly key: string;
  readonly notes: readonly string[];
}

/** Most notes that are kept; of the older half every second goes then. */
const KEPT = 32;

export const remember = (notes: readonly string[], note: string): readonly string[] => {
  const all = [...notes, note];
  if (all.length <= KEPT) return all;
  const half = KEPT / 2;
  return all.filter((_, i) => i >= half || i % 2 === 0);
};

/** The record of a log: leaf hash of what stands in it. */
export const leafHash = (salt: Hash, body: string): Hash =>
  sha256(concatBytes(Uint8Array.of(0), salt, utf8(body)));

/** Asks the practice for a proof; null when it has no log of that length. */
export type Prove = (request: ProofRequest) => Promise<HistoryProof | null>;

/**
 * Judges a head of the log that the practice shows.
 * @returns the fault, or null and what to keep from now on
 */
export async function judge(
  known: Witnessed,
  shown: { readonly note: string; readonly key: string },
  prove: Prove,
): Promise<{ readonly fault: HistoryFault } | { readonly fault: null; readonly known: Witnessed }> {
  if (shown.key !== known.key) return { fault: "other_key" };
  const head = await openNote(shown.note, known.key);
  if (!head) return { fault: "unsigned" };
  const seen = (await Promise.all(known.notes.map((note) => openNote(note, known.key)))).filter(
    (one) => one !== null,
  );
  const last = seen.at(-1);
  const keep = { fault: null, known: { ...known, notes: remember(known.notes, shown.note) } } as const;
  if (!last) return keep;
  if (last.epoch !== head.epoch) {
    const fault = await judgeRestored(seen, head, prove);
    return fault ? { fault } : keep;
  }
  // Replies may overtake each other: the practice has to have the longer of both.
  const [earlier, later] = last.size <= head.size ? [last, head] : [head, last];
  const proof = await prove({ epoch: head.epoch, from: earlier.size, to: later.size });
  if (!proof) return { fault: "shorter" };
  if (!isConsistent(earlier, later, proof.consistency.map(fromHex))) return { fault: "different" };
  return later === head ? keep : { fault: null, known };
}

/** A log of another epoch is believed when its records name each restore, and what came before the backup is the same. */
async function judgeRestored(
  seen: readonly Checkpoint[],
  head: Checkpoint,
  prove: Prove,
): Promise<HistoryFault | null> {
  const last = seen.at(-1)!;
  const announced = await prove({ epoch: last.epoch, from: 0, to: head.size });
  if (!announced) return "shorter";
  const restores = announced.restores.map((one) => restoreOf(one, head));
  const newest = restores.at(-1);
  if (!newest || restores.includes(null) || newest.epoch !== head.epoch) return "unannounced_restore";
  for (const restore of restores)
    if (restore?.formerEpoch === last.epoch && restore.oldHead !== null && restore.oldHead < last.size)
      return "shorter";
  const common = Math.min(...restores.map((one) => one!.newHead));
  const known = seen.findLast(({ size }) => size <= common);
  if (!known) return null;
  const proof = await prove({ epoch: head.epoch, from: known.size, to: head.size });
  if (!proof) return "shorter";
  return isConsistent(known, head, proof.consistency.map(fromHex)) ? null : "different";
}

/** What the record of a restore says; null when it is none, or not in the log. */
function restoreOf({ seq, salt, body, inclusion }: HistoryProof["restores"][number], head: Checkpoint) {
  const leaf = leafHash(fromHex(salt), body);
  if (!isIncluded(leaf, { index: seq - 1, size: head.size }, head.root, inclusion.map(fromHex))) return null;
  let parsed: z.infer<typeof auditBodySchema>;
  try {
    parsed = auditBodySchema.parse(JSON.parse(body));
  } catch {
    return null;
  }
  const { action, outcome, resource, before, after, formerEpoch } = parsed;
  const newHead = Number(after);
  if (action !== "restore.executed" || outcome !== "ok" || resource?.type !== "epoch") return null;
  if (!(newHead < seq) || canonical(parsed) !== body) return null;
  return {
    epoch: resource.id,
    newHead,
    oldHead: before === undefined ? null : Number(before),
    formerEpoch: formerEpoch ?? null,
  };
}
