import { instantNow, now } from "#domain/kernel/clock.ts";
import { addDays } from "#domain/kernel/instant.ts";
import { type ArgsOf, type CollectionName, type MutationName, mutations } from "#domain/registry.ts";
import { UNREADABLE } from "#domain/sync/envelope.ts";
import type {
  GivenBack,
  KnownClient,
  MutationResult,
  PushedMutation,
  PushResult,
  Restored,
} from "#domain/sync/protocol.ts";
import { callBackOf } from "#domain/task/index.ts";
import { presentArgs } from "#domain/upcast.ts";
import type { Author, Outbox, OutboxEntry } from "../outbox/outbox.ts";
import type { OutboxItem, RecordMark } from "./local.ts";
import { LocalError } from "./local-error.ts";
import { rowKeyOf } from "./read/view.ts";
import { sealResult, writeResults } from "./store/apply-page.ts";
import { isNoRoom, type LocalDatabase, type ResultRecord, withReconnect } from "./store/database.ts";
import type { Replica } from "./sync/replica.ts";
import { createValue, type Value } from "./value.ts";

const isRefusal = (status: string | undefined) =>
  status !== undefined && status !== "applied" && status !== "held";

const isReport = ({ name }: { readonly name: string }) => mutations.get(name)?.mutation.report === true;

type HandedArgs = ArgsOf<"handover.give">;

/** The id of the refused change that a hand-over hands to a colleague. */
const handedBy = ({ name, args }: PushedMutation): string | undefined =>
  name === "handover.give" ? (args as HandedArgs).mutation.id : undefined;

/** As this release writes them; as they came where it cannot read them. */
function readArgs(mutation: PushedMutation): PushedMutation["args"] {
  const found = mutations.get(mutation.name);
  return (found && presentArgs(found.mutation, mutation)) ?? mutation.args;
}
/** What is for the clinic alone is one item, however many pauses there were in the typing: the last that is not there. */
const lastOfEach = (entries: readonly OutboxEntry[]): ReadonlyMap<string, OutboxEntry> =>
  new Map(
    entries.flatMap((entry) =>
      entry.about !== undefined && entry.result?.status !== "applied" ? [[entry.about, entry] as const] : [],
    ),
  );

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
  /** That the clinic works with a backup's records, while it takes back what that did not hold. */
  readonly restored = createValue<Restored | null>(null);
  /** How many items of the queue were put back in line for it: they may be sent before anybody looks. */
  readonly given = createValue(0);
  /** Grows whenever what waits for this person's review may have changed: it is asked for again. */
  readonly reviewNews = createValue(0);

  readonly #onQueued: () => void;
  readonly clinicNow: () => string;
  /** Answers that the disk has not taken yet. */
  #unstored: ResultRecord[] = [];
  /** What the clinic could not judge yet, and why. */
  #waits: PushResult["waits"];
  /** When this person's openings were reported, by patient and right, in milliseconds since the epoch. */
  readonly #opened = new Map<string, number>();

  /** @param clinicNow the time by the clinic's clock: somebody may set this tablet's */
  constructor(
    database: LocalDatabase,
    outbox: Outbox,
    author: () => Author,
    onQueued: () => void,
    clinicNow: () => string = instantNow,
  ) {
    this.clinicNow = clinicNow;
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
    await this.#dropDecidedElsewhere();
  }

  /** Puts the waiting changes on top of the replica's rows and shows them. */
  async show(replica: Replica): Promise<void> {
    const pending = this.#entries
      .get()
      .filter(({ result, decided }) => !decided && !isRefusal(result?.status));
    await replica.model.applyBatch({ pending: pending.map(({ mutation }) => mutation) });
    this.replica.set(replica);
  }

  /** @param seen the version the person looked at, where that may not be the one that is here by now */
  async mutate<K extends MutationName>(
    name: K,
    args: ArgsOf<K>,
    seen?: number | null,
  ): Promise<{ readonly n: number }> {
    const collection = mutations.get(name)?.collectionName as CollectionName;
    const base = seen === undefined ? this.version(collection, args.id) : seen;
    const replaces = name === "handover.give" ? this.#refusedWith((args as HandedArgs).mutation.id) : [];
    const entry = await this.#outbox.append(this.author(), name, args, base, replaces);
    this.#entries.update((entries) => [...entries, entry]);
    await this.replica.get()?.model.applyBatch({ pending: [entry.mutation] });
    this.#onQueued();
    return { n: entry.mutation.n };
  }

  /** Of the row as the clinic has it; null while it has never been here. */
  version(collection: CollectionName, id: string): number | null {
    return this.replica.get()?.model.version(collection, id) ?? null;
  }

  /**
   * Reports that this person opened a chart (C27): once per opening, with the time it happened, whether or not the
   * clinic can be reached.
   */
  async opened(patientId: string, under = ""): Promise<void> {
    const opening = `${patientId} ${under}`;
    const last = this.#opened.get(opening);
    if (!this.replica.get() || (last !== undefined && Math.abs(now() - last) < SAME_OPENING)) return;
    this.#opened.set(opening, now());
    await this.mutate("patient.openChart", { id: patientId }).catch((error: unknown) => {
      this.#opened.delete(opening); // the next opening tries again
      throw error;
    });
  }

  /** Those of a pull's answers that are about entries of this queue: a copied profile has others under the same numbers. */
  own(results: readonly MutationResult[]): MutationResult[] {
    const byNumber = new Map(this.#entries.get().map((entry) => [entry.mutation.n, entry]));
    return results.filter(({ n, hash, code }) => {
      const entry = byNumber.get(n);
      if (!entry || code === "envelope_unreadable") return entry;
      const { mutation } = entry;
      // Of a damaged one nobody here can tell what the clinic found inside.
      const inside = entry.hash ?? (mutation.name === UNREADABLE ? hash : mutation.hash);
      return inside === hash;
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
    this.#unstored.push(...(await Promise.all(fresh.map((result) => sealResult(keyring, clientId, result)))));
    await this.storeAnswers();
    await this.learn(fresh);
    return fresh.length;
  }

  /**
   * Puts the clinic's answers on the disk. Where there is no room for them they are known until this tab ends, and the
   * rest of the queue goes on; asked once more, the clinic answers the same.
   */
  async storeAnswers(): Promise<void> {
    // What has left the queue meanwhile needs none: one beside it would stand in its way after a restore.
    const queued = new Set(this.#entries.get().map(({ mutation }) => mutation.n));
    this.#unstored = this.#unstored.filter(({ n }) => queued.has(n));
    if (this.#unstored.length === 0) return;
    const answers = [...this.#unstored];
    try {
      await withReconnect(this.#database, () => writeResults(this.#database, answers));
    } catch (error) {
      if (isNoRoom(error)) return; // told by the meter of the disk
      this.#unstored = [];
      throw error;
    }
    this.#unstored = this.#unstored.filter((answer) => !answers.includes(answer));
  }

  /** Shows why the clinic left an entry in the queue, or that it did not. */
  waitsFor(waits: PushResult["waits"]): void {
    if (this.#waits?.n === waits?.n) return;
    this.#waits = waits;
    this.#entries.update((entries) => [...entries]);
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
    await this.#dropDecidedElsewhere();
  }

  /**
   * Refusals about which the person has nothing to decide: a report's stands in the clinic's log, and a lost time is a
   * task, as soon as that is here to be seen. A clinic that goes back to a backup without them is asked once more.
   */
  async #dropDecidedElsewhere(): Promise<void> {
    const model = this.replica.get()?.model;
    const refused = this.#entries.get().filter(({ mutation, result, detail, decided }) => {
      const task = callBackOf(detail);
      const done = decided || isReport(mutation) || (task !== null && model?.knows(task));
      return isRefusal(result?.status) && done;
    });
    if (refused.length === 0) return;
    const { clientId } = this.author();
    for (const { mutation, decided } of refused)
      await this.#outbox.dismiss(clientId, mutation.n, decided === true);
    this.forget(refused.map(({ mutation }) => mutation.n));
  }

  /** Entries whose effect has arrived as rows. */
  forget(settled: readonly number[]): void {
    if (settled.length === 0) return;
    this.#entries.update((entries) => entries.filter(({ mutation }) => !settled.includes(mutation.n)));
  }

  async dismiss(n: number): Promise<void> {
    const { mutation } = this.#entries.get().find((entry) => entry.mutation.n === n) ?? {};
    for (const one of new Set([n, ...(mutation ? this.#refusedWith(mutation.id) : [])]))
      await this.#outbox.dismiss(this.author().clientId, one);
    await this.reloadEntries();
  }

  /** A refused change with every refused try to hand it over: they hold the same words, and go together. */
  #refusedWith(id: string): readonly number[] {
    return this.#entries
      .get()
      .filter(
        ({ mutation, result }) =>
          isRefusal(result?.status) && (mutation.id === id || handedBy(mutation) === id),
      )
      .map(({ mutation }) => mutation.n);
  }

  async sendAgain(n: number): Promise<{ readonly n: number }> {
    const entry = this.#entries.get().find(({ mutation }) => mutation.n === n);
    if (!entry || !isRefusal(entry.result?.status)) throw new LocalError("not_saved");
    const { name, base } = entry.mutation;
    const next = await this.mutate(
      name as MutationName,
      readArgs(entry.mutation) as ArgsOf<MutationName>,
      base,
    );
    await this.dismiss(n);
    return next;
  }

  /** After a restore of the clinic: entries it no longer knows wait again. */
  async requeue(known: KnownClient): Promise<void> {
    this.#unstored = []; // of the life of the database that is over
    if (this.#entries.get().length + (await this.#database.sent.count()) === 0) return;
    const { requeueAll } = await import("./store/give-back.ts");
    const { clientId } = this.author();
    if (await requeueAll(this.#database, [{ ...known, clientId }])) await this.requeued();
  }

  /** Takes in what was put back in line on the disk. */
  async requeued(): Promise<void> {
    const before = this.items().length;
    await this.reloadEntries();
    this.given.update((given) => given + Math.max(0, this.items().length - before));
    const replica = this.replica.get();
    if (replica) await this.show(replica);
  }

  /** What the clinic has to know of a batch that it gets once more. */
  async givenBack(batch: readonly OutboxEntry[], epoch: string | null): Promise<GivenBack> {
    const { givenBackOf } = await import("./store/give-back.ts");
    return givenBackOf(this.#database, this.author().clientId, batch, epoch);
  }

  async dropOldSent(): Promise<void> {
    const limit = addDays(this.clinicNow().slice(0, 10), -KEEP_SENT);
    await this.#database.sent.where("sentAt").below(limit).delete();
  }

  /** Openings of charts that the clinic was not told of yet. */
  openings(): number {
    return this.#entries
      .get()
      .filter(({ mutation, result }) => !result && mutation.name === "patient.openChart").length;
  }

  /** A refused change and the hand-over of it are one item: the hand-over while it is on its way, the change if not. */
  items(): readonly OutboxItem[] {
    const entries = this.#entries.get();
    const present = new Set(entries.map(({ mutation }) => mutation.id));
    const handedOver = Map.groupBy(entries, ({ mutation }) => handedBy(mutation));
    const last = lastOfEach(entries);
    return entries
      .filter((entry) => {
        const { mutation, result, decided } = entry;
        if (result?.status === "applied" || isReport(mutation) || decided) return false;
        if (entry.about !== undefined && last.get(entry.about) !== entry) return false;
        if (isRefusal(result?.status) && present.has(handedBy(mutation) ?? "")) return false;
        return (handedOver.get(mutation.id) ?? []).every((handover) => isRefusal(handover.result?.status));
      })
      .map(({ mutation, result, detail, epoch, about: sealed }) => {
        const about = mutation.name === "handover.give" ? (mutation.args as HandedArgs).mutation : mutation;
        const { patientId } = about.args;
        const tried = handedOver.get(mutation.id)?.at(-1);
        return {
          n: mutation.n,
          name: sealed === undefined ? (mutation.name as MutationName) : "capture.write",
          at: mutation.at,
          rowId: sealed ?? mutation.args.id,
          patientId: typeof patientId === "string" ? patientId : this.#patientOf(rowKeyOf(about)),
          status: !result ? "waiting" : result.status === "held" ? "held" : "refused",
          code: result?.code ?? (mutation.n === this.#waits?.n ? this.#waits.code : null),
          detail,
          args: readArgs(mutation),
          mutation,
          givenBack: epoch !== this.author().epoch,
          notHanded: tried
            ? {
                toId: String(tried.mutation.args.toId),
                words: String(tried.mutation.args.words),
                code: tried.result?.code ?? null,
              }
            : null,
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
      .filter(({ mutation, about }) => (about ?? mutation.args.id) === rowId && !isReport(mutation));
    if (mine.some(({ result }) => isRefusal(result?.status))) return "refused";
    if (mine.some(({ result }) => result?.status !== "applied")) return "on-this-tablet";
    if (mine.length > 0) return "at-the-clinic";
    return this.replica.get()?.model.knows(rowId) ? "at-the-clinic" : "on-this-tablet";
  }
}
