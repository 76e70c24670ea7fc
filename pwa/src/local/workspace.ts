import { instantNow, now } from "#domain/kernel/clock.ts";
import { addDays } from "#domain/kernel/instant.ts";
import { type ArgsOf, type CollectionName, type MutationName, mutations } from "#domain/registry.ts";
import type { MutationResult } from "#domain/sync/protocol.ts";
import type { Author, Outbox, OutboxEntry } from "../outbox/outbox.ts";
import type { OutboxItem, RecordMark } from "./local.ts";
import { LocalError } from "./local-error.ts";
import { rowKeyOf } from "./read/view.ts";
import { requeueAfterRestore, sealResult, writeResults } from "./store/apply-page.ts";
import type { LocalDatabase } from "./store/database.ts";
import type { Replica } from "./sync/replica.ts";
import { createValue, type Value } from "./value.ts";

const isRefusal = (status: string | undefined) =>
  status !== undefined && status !== "applied" && status !== "held";

const isReport = ({ name }: { readonly name: string }) => mutations.get(name)?.mutation.report === true;

/** Milliseconds in which a chart that the same person opens again was never put away. A lock ends them. */
const SAME_OPENING = 5 * 60_000;

/** Days an acknowledged entry is kept sealed, in case the clinic is restored from an older backup. */
const KEEP_SENT = 7;

/**
 * One unlocked person's work: the queue with its answers, and the rows with the queue on top. Without a replica (the
 * offline time is over) nothing can be read, and everything can still be written.
 */
export class Workspace {
  readonly #database: LocalDatabase;
  readonly #outbox: Outbox;
  readonly author: () => Author;
  readonly #entries = createValue<readonly OutboxEntry[]>([]);
  readonly replica = createValue<Replica | null>(null);

  readonly #onQueued: () => void;
  /** When this person's openings were reported, by patient, in milliseconds since the epoch. */
  readonly #opened = new Map<string, number>();

  constructor(database: LocalDatabase, outbox: Outbox, author: () => Author, onQueued: () => void) {
    this.#database = database;
    this.#outbox = outbox;
    this.author = author;
    this.#onQueued = onQueued;
  }

  get entries(): Value<readonly OutboxEntry[]> {
    return this.#entries;
  }

  async reloadEntries(): Promise<void> {
    this.#entries.set(await this.#outbox.entries(this.author()));
    await this.#dropRefusedReports();
  }

  /** Puts the waiting changes on top of the replica's rows and shows them. */
  async show(replica: Replica): Promise<void> {
    const pending = this.#entries.get().filter(({ result }) => !isRefusal(result?.status));
    await replica.model.applyBatch({ pending: pending.map(({ mutation }) => mutation) });
    this.replica.set(replica);
  }

  async mutate<K extends MutationName>(name: K, args: ArgsOf<K>): Promise<{ readonly n: number }> {
    const model = this.replica.get()?.model;
    const collection = mutations.get(name)?.collectionName as CollectionName;
    const base = model?.version(collection, args.id) ?? null;
    const mutation = await this.#outbox.append(this.author(), name, args, base);
    this.#entries.update((entries) => [...entries, { mutation, result: null, detail: undefined }]);
    await this.replica.get()?.model.applyBatch({ pending: [mutation] });
    this.#onQueued();
    return { n: mutation.n };
  }

  /**
   * Reports that this person opened a chart (C27): once per opening, with the time it happened, whether or not the
   * clinic can be reached.
   */
  async opened(patientId: string): Promise<void> {
    const last = this.#opened.get(patientId);
    if (!this.replica.get() || (last !== undefined && Math.abs(now() - last) < SAME_OPENING)) return;
    this.#opened.set(patientId, now());
    await this.mutate("patient.openChart", { id: patientId }).catch((error: unknown) => {
      this.#opened.delete(patientId); // the next opening tries again
      throw error;
    });
  }

  /** Takes the clinic's answers in: durably, then for the eye. A final answer is never replaced. */
  async answered(results: readonly MutationResult[]): Promise<number> {
    const { keyring, clientId } = this.author();
    const fresh = results.filter(({ n }) => {
      const known = this.#entries.get().find(({ mutation }) => mutation.n === n);
      return known && (!known.result || known.result.status === "held");
    });
    if (fresh.length === 0) return 0;
    await writeResults(
      this.#database,
      await Promise.all(fresh.map((result) => sealResult(keyring, clientId, result))),
    );
    await this.learn(fresh);
    return fresh.length;
  }

  /** Like {@link Workspace.answered} for answers that are on the disk already. */
  async learn(results: readonly MutationResult[]): Promise<void> {
    const byNumber = new Map(results.map((result) => [result.n, result]));
    this.#entries.update((entries) =>
      entries.map((entry) => {
        const answer = byNumber.get(entry.mutation.n);
        if (!answer || (entry.result && entry.result.status !== "held")) return entry;
        const { status, code, seq, detail } = answer;
        return { ...entry, result: { status, code: code ?? null, seq: seq ?? null }, detail };
      }),
    );
    const refused = results.filter(({ status }) => isRefusal(status)).map(({ n }) => n);
    await this.replica.get()?.model.applyBatch({ settled: refused });
    await this.#dropRefusedReports();
  }

  /** The refusal stands in the clinic's log; the person has nothing to decide about it. */
  async #dropRefusedReports(): Promise<void> {
    const refused = this.#entries
      .get()
      .filter(({ mutation, result }) => isReport(mutation) && isRefusal(result?.status));
    if (refused.length === 0) return;
    const { clientId } = this.author();
    for (const { mutation } of refused) await this.#outbox.dismiss(clientId, mutation.n);
    this.forget(refused.map(({ mutation }) => mutation.n));
  }

  /** Entries whose effect has arrived as rows. */
  forget(settled: readonly number[]): void {
    if (settled.length === 0) return;
    this.#entries.update((entries) => entries.filter(({ mutation }) => !settled.includes(mutation.n)));
  }

  async dismiss(n: number): Promise<void> {
    await this.#outbox.dismiss(this.author().clientId, n);
    await this.reloadEntries();
  }

  async sendAgain(n: number): Promise<{ readonly n: number }> {
    const entry = this.#entries.get().find(({ mutation }) => mutation.n === n);
    if (!entry || !isRefusal(entry.result?.status)) throw new LocalError("not_saved");
    const { name, args } = entry.mutation;
    const next = await this.mutate(name as MutationName, args as ArgsOf<MutationName>);
    await this.dismiss(n);
    return next;
  }

  /** After a restore of the clinic: entries it no longer knows wait again. */
  async requeue(lastN: number): Promise<void> {
    await requeueAfterRestore(this.#database, this.author().clientId, lastN);
    await this.reloadEntries();
    const replica = this.replica.get();
    if (replica) await this.show(replica);
  }

  async dropOldSent(): Promise<void> {
    const limit = addDays(instantNow().slice(0, 10), -KEEP_SENT);
    await this.#database.sent.where("sentAt").below(limit).delete();
  }

  /** Reports that the clinic does not have yet. */
  reports(): number {
    return this.#entries.get().filter(({ mutation, result }) => !result && isReport(mutation)).length;
  }

  items(): readonly OutboxItem[] {
    return this.#entries
      .get()
      .filter(({ mutation, result }) => result?.status !== "applied" && !isReport(mutation))
      .map(({ mutation, result, detail }) => {
        const { patientId } = mutation.args;
        return {
          n: mutation.n,
          name: mutation.name as MutationName,
          at: mutation.at,
          rowId: mutation.args.id,
          patientId: typeof patientId === "string" ? patientId : this.#patientOf(rowKeyOf(mutation)),
          status: !result ? "waiting" : result.status === "held" ? "held" : "refused",
          code: result?.code ?? null,
          detail,
          args: mutation.args,
        };
      });
  }

  /** Whose row it is, also while the clinic has never seen the row: an earlier change in the queue made it then. */
  #patientOf(key: string): string | null {
    const [collection = "", id = ""] = key.split("|");
    if (collection === "patient") return id;
    const known = this.replica.get()?.model.confirmed(collection, id)?.data.patientId;
    if (typeof known === "string") return known;
    const maker = this.#entries
      .get()
      .find(({ mutation }) => rowKeyOf(mutation) === key && typeof mutation.args.patientId === "string");
    return maker ? String(maker.mutation.args.patientId) : null;
  }

  /** Never better than the facts: a record nobody knows is not "at the clinic". */
  mark(rowId: string): RecordMark {
    const mine = this.#entries
      .get()
      .filter(({ mutation }) => mutation.args.id === rowId && !isReport(mutation));
    if (mine.some(({ result }) => isRefusal(result?.status))) return "refused";
    if (mine.some(({ result }) => result?.status !== "applied")) return "on-this-tablet";
    if (mine.length > 0) return "at-the-clinic";
    return this.replica.get()?.model.knows(rowId) ? "at-the-clinic" : "on-this-tablet";
  }
}
