import { hash } from "node:crypto";
import { Frontier, type Hash, sameHash } from "#domain/audit/merkle.ts";
import { type Checkpoint, openNote } from "#domain/audit/signed-note.ts";
import { now } from "#domain/kernel/clock.ts";

/** What can be wrong with a log, worst for the same record first. */
export const logFaults = ["gap", "altered", "bad_signature", "fork", "stale"] as const;
export type LogFault = (typeof logFaults)[number];

export type Verdict =
  | {
      readonly whole: true;
      readonly records: number;
      readonly head: string;
      /** Records under the newest signed head; null without one. */
      readonly signed: number | null;
    }
  | { readonly whole: false; readonly fault: LogFault; readonly seq: number };

/** A record as it is stored. */
export interface StoredRecord {
  readonly seq: number;
  readonly salt: Uint8Array;
  readonly body: string;
  readonly leaf: Uint8Array;
  readonly hash: Uint8Array;
}

/** Milliseconds in which a record has to come under a signed head. */
const SIGNED_WITHIN = 10 * 60_000;

const sha256 = (...parts: Uint8Array[]): Buffer => hash("sha256", Buffer.concat(parts), "buffer");

interface Restore {
  readonly seq: number;
  readonly epoch: string;
  readonly newHead: number;
  readonly oldHead: number | null;
  readonly formerEpoch: string | null;
}

interface Note {
  readonly size: number;
  readonly checkpoint: Checkpoint | null;
  /** From outside the practice: it says nothing of how far the practice has signed. */
  readonly witness: boolean;
}

/**
 * Reads a log from its first record and judges it beside its signed heads: every leaf and the chain are computed anew, and
 * at the size of each head the root of the tree.
 */
export class LogVerifier {
  readonly #notes: readonly Note[];
  readonly #sizes: ReadonlySet<number>;
  readonly #roots = new Map<number, Hash>();
  readonly #tree = new Frontier();
  readonly #restores: Restore[] = [];
  /** When each of the records was written that the newest head might leave out. */
  readonly #signedThrough: number;
  #firstUnsigned: number | null = null;
  #previous: Uint8Array = new Uint8Array(32);
  #fault: { readonly fault: LogFault; readonly seq: number } | null = null;

  private constructor(notes: readonly Note[]) {
    this.#notes = notes;
    this.#sizes = new Set(notes.map(({ size }) => size));
    this.#signedThrough = Math.max(0, ...notes.map((one) => (one.witness ? 0 : one.size)));
  }

  /**
   * @param key the verifier key of the practice
   * @param signed its heads; @param witnessed heads that others have kept
   */
  static async open(
    key: string,
    signed: readonly { readonly size: number; readonly note: string }[],
    witnessed: readonly string[] = [],
  ): Promise<LogVerifier> {
    const own = signed.map(async ({ size, note }) => {
      const opened = await openNote(note, key);
      return { size, checkpoint: opened?.size === size ? opened : null, witness: false };
    });
    const others = witnessed.map(async (note) => {
      const checkpoint = await openNote(note, key);
      return { size: checkpoint?.size ?? 0, checkpoint, witness: true };
    });
    return new LogVerifier(await Promise.all([...own, ...others]));
  }

  /** The next record. @returns false when it does not fit: nothing after it is of interest */
  add(record: StoredRecord): boolean {
    const seq = this.#tree.size + 1;
    if (record.seq !== seq) {
      this.#fault = { fault: "gap", seq };
      return false;
    }
    const body = Buffer.from(record.body);
    const leaf = sha256(Uint8Array.of(0), record.salt, body);
    const number = Buffer.alloc(8);
    number.writeBigInt64BE(BigInt(seq));
    const chained = sha256(Uint8Array.of(2), this.#previous, number, leaf);
    if (!leaf.equals(record.leaf) || !chained.equals(record.hash)) {
      this.#fault = { fault: "altered", seq };
      return false;
    }
    this.#previous = chained;
    this.#tree.add(leaf);
    if (this.#sizes.has(seq)) this.#roots.set(seq, this.#tree.root());
    this.#read(seq, record.body);
    return true;
  }

  #read(seq: number, body: string): void {
    if (body.includes('"action":"restore.executed"')) {
      const { action, resource, after, before, formerEpoch } = JSON.parse(body) as Record<string, unknown>;
      if (action === "restore.executed")
        this.#restores.push({
          seq,
          epoch: (resource as { id: string }).id,
          newHead: Number(after),
          oldHead: before === undefined ? null : Number(before),
          formerEpoch: (formerEpoch as string | undefined) ?? null,
        });
    }
    if (this.#firstUnsigned === null && seq > this.#signedThrough)
      this.#firstUnsigned = Date.parse((JSON.parse(body) as { recordedAt: string }).recordedAt);
  }

  /**
   * @param options `cut`: a record after the last one is known to have been there; `at`: the time for which it is judged, in
   * milliseconds since the epoch
   */
  end({ cut = false, at = now() }: { readonly cut?: boolean; readonly at?: number } = {}): Verdict {
    const records = this.#tree.size;
    const found = [...(this.#fault ? [this.#fault] : []), ...this.#judgeNotes()];
    if (cut && !this.#fault) found.push({ fault: "gap", seq: records + 1 });
    const worst = (a: (typeof found)[0], b: (typeof found)[0]) =>
      a.seq - b.seq || logFaults.indexOf(a.fault) - logFaults.indexOf(b.fault);
    const [first] = found.toSorted(worst);
    if (first) return { whole: false, ...first };
    if (this.#firstUnsigned !== null && this.#firstUnsigned < at - SIGNED_WITHIN)
      return { whole: false, fault: "stale", seq: this.#signedThrough + 1 };
    const head = Buffer.from(this.#previous).toString("hex");
    return { whole: true, records, head, signed: this.#signedThrough || null };
  }

  #judgeNotes() {
    const found: { fault: LogFault; seq: number }[] = [];
    const records = this.#tree.size;
    let good = 0;
    for (const { size, checkpoint } of this.#notes.toSorted((a, b) => a.size - b.size)) {
      if (!checkpoint) {
        found.push({ fault: "bad_signature", seq: size });
        continue;
      }
      const lost = this.#lost(checkpoint);
      if (lost === "explained") continue;
      // Beyond the first record that does not fit nothing can be said of the rest.
      if (lost === "cut" || (size > records && !this.#fault)) found.push({ fault: "gap", seq: records + 1 });
      else if (size > records) continue;
      else if (lost === "unknown" || !sameHash(this.#roots.get(size)!, checkpoint.root))
        found.push({ fault: "fork", seq: good + 1 });
      else good = size;
    }
    return found;
  }

  /** What a restore has to do with a head: it was of the time that went with it, or of a time that no record names. */
  #lost({ epoch, size }: Checkpoint): "explained" | "cut" | "unknown" | null {
    const present = this.#restores.findLast(({ seq }) => seq <= size);
    const isPresent = present ? present.epoch === epoch : !this.#restores.some((one) => one.epoch === epoch);
    const ended = this.#restores.find(({ formerEpoch }) => formerEpoch === epoch);
    if (ended && size > ended.newHead)
      return ended.oldHead !== null && ended.oldHead < size ? "cut" : "explained";
    return isPresent ? null : "unknown";
  }
}
