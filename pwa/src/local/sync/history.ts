import { openNote, readNote } from "#domain/audit/signed-note.ts";
import {
  type AuditHead,
  auditHeadSchema,
  type HistoryProof,
  historyProofSchema,
  judge,
  type ProofRequest,
} from "#domain/audit/witness.ts";
import { instantNow, monotonic } from "#domain/kernel/clock.ts";
import type { PullResult } from "#domain/sync/protocol.ts";
import type { Access } from "../../session/access.ts";
import { ApiError } from "../../session/api-error.ts";
import type { HistoryRefusal } from "../local.ts";
import { LocalError } from "../local-error.ts";
import { type HistoryRecord, type LocalDatabase, withReconnect } from "../store/database.ts";
import type { WritableValue } from "../value.ts";

/** Milliseconds for which a head that was believed speaks for those that follow it in its epoch. */
const BELIEVED = 30_000;

/** What the clinic shows of its log; null where nothing was shown yet. */
export interface Shown {
  readonly epoch: string | null;
  readonly checkpoint: PullResult["checkpoint"];
}

/** Through which record of the log somebody's rows were taken, in which epoch: signed or not, the log was that long. */
export interface Taken {
  readonly epoch: string | null;
  readonly cursor: number;
}

/**
 * This tablet as a witness of the clinic's audit log: it keeps the heads that it was shown, and takes nothing from a clinic
 * whose log got shorter or different since, nor sends it anything. Work goes on, and stays here.
 */
export class HistoryWitness {
  readonly #database: LocalDatabase;
  readonly #access: Pick<Access, "request">;
  readonly #practice: string;
  readonly #refusal: WritableValue<HistoryRefusal | null>;
  #believedAt = Number.NEGATIVE_INFINITY;

  constructor(
    database: LocalDatabase,
    access: Pick<Access, "request">,
    practice: string,
    refusal: WritableValue<HistoryRefusal | null>,
  ) {
    this.#database = database;
    this.#access = access;
    this.#practice = practice;
    this.#refusal = refusal;
  }

  /**
   * Before anything is sent: a clinic that was refused is looked at again.
   * @throws {LocalError} history_refused while its log still does not fit
   */
  async admit(taken: Taken | null, signal: AbortSignal): Promise<void> {
    const record = await this.#known();
    this.#tell(record);
    if (record?.refused) await this.checkAnew(taken, signal);
  }

  /**
   * Before what was taken is dropped, because the clinic says that it is in another history.
   * @throws {LocalError} as `check` does
   */
  async checkAnew(taken: Taken | null, signal: AbortSignal): Promise<void> {
    const record = await this.#known();
    if (record && taken?.epoch && (await this.#isShorter(record, taken, signal)))
      return this.#refuse(record, "shorter", "");
    await this.check({ epoch: null, checkpoint: null }, signal);
  }

  /** In the epoch in which rows were taken, the log does not reach as far any more. */
  async #isShorter({ key }: HistoryRecord, { epoch, cursor }: Taken, signal: AbortSignal): Promise<boolean> {
    const { checkpoint } = await this.#head(signal);
    const head = checkpoint === null ? null : await openNote(checkpoint, key);
    if (head?.epoch !== epoch) return false;
    return (await this.#prove({ epoch: head.epoch, from: 0, to: cursor }, signal)) === null;
  }

  /**
   * Before anything of a page, or of another epoch, is believed.
   * @throws {LocalError} history_refused: its log is not what it was; offline: it is just being restored, ask again
   */
  async check({ epoch, checkpoint }: Shown, signal: AbortSignal): Promise<void> {
    const record = await this.#known();
    const last = record?.notes.at(-1);
    if (record && !record.refused && last !== undefined && this.#isBelieved(last, { epoch, checkpoint }))
      return;
    if (!record && checkpoint === null) return; // nothing was signed yet, and nothing seen
    const shown =
      record && !record.refused && checkpoint !== null
        ? { checkpoint, key: record.key }
        : await this.#head(signal);
    const known = record ?? { practice: this.#practice, key: shown.key, notes: [] };
    if (shown.checkpoint === null) return this.#refuse(known, "unsigned", "");
    const judged = await judge(known, { note: shown.checkpoint, key: shown.key }, (request) =>
      this.#prove(request, signal),
    );
    if (judged.fault !== null) return this.#refuse(known, judged.fault, shown.checkpoint);
    const { key, notes } = judged.known;
    await this.#believe({ practice: this.#practice, key, notes });
    // A page of one history beside the head of another: the clinic was restored between the two.
    if (epoch !== null && readNote(shown.checkpoint)?.epoch !== epoch) throw new LocalError("offline");
  }

  #isBelieved(last: string, { epoch, checkpoint }: Shown): boolean {
    if (epoch === null || checkpoint === null || readNote(last)?.epoch !== epoch) return false;
    return last === checkpoint || monotonic() - this.#believedAt < BELIEVED;
  }

  async #refuse(known: HistoryRecord, fault: HistoryRefusal["fault"], note: string): Promise<never> {
    const refused = known.refused ?? { fault, at: instantNow(), note };
    await this.#keep({ ...known, refused });
    throw new LocalError("history_refused");
  }

  async #believe(record: HistoryRecord): Promise<void> {
    await this.#keep(record);
    this.#believedAt = monotonic();
  }

  #known(): Promise<HistoryRecord | undefined> {
    return withReconnect(this.#database, () => this.#database.history.get(this.#practice));
  }

  async #keep(record: HistoryRecord): Promise<void> {
    await withReconnect(this.#database, () => this.#database.history.put(record));
    this.#tell(record);
  }

  #tell(record: HistoryRecord | undefined): void {
    const { fault, at } = record?.refused ?? {};
    this.#refusal.set(fault && at ? { fault, at } : null);
  }

  #head(signal: AbortSignal): Promise<AuditHead> {
    return this.#access.request("/api/audit/checkpoint", { answer: auditHeadSchema, signal });
  }

  async #prove({ epoch, from, to }: ProofRequest, signal: AbortSignal): Promise<HistoryProof | null> {
    try {
      return await this.#access.request(`/api/audit/proof?epoch=${epoch}&from=${from}&to=${to}`, {
        answer: historyProofSchema,
        signal,
      });
    } catch (error) {
      if (error instanceof ApiError && error.code === "history_shorter") return null;
      throw error;
    }
  }
}
