import { after, instantNow, now } from "#domain/kernel/clock.ts";
import { instant } from "#domain/kernel/instant.ts";
import { openJson, sealJson } from "../keys/aes.ts";
import type { Keyring } from "../keys/keyring.ts";
import { LocalError } from "../local-error.ts";
import { type KeptRecord, type LocalDatabase, withReconnect } from "./database.ts";

/** What stood in an open form and was not saved. */
export interface Kept {
  /** Role, form and what it is about: {@link KeptWords} knows no more of it. */
  readonly place: string;
  /** RFC 3339; of the last key. */
  readonly at: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Milliseconds from a key to the disk: at most this much is gone with a crash, however long somebody types. */
const PAUSE = 1000;

/** Days after which nobody looks for them any more: Friday's words are there on Monday. */
const DAYS = 3;

/** Days: an older age, or one below zero, says that the clock was wrong then or is wrong now, and nothing of the words. */
const [MOST_AGE, LEAST_AGE] = [60, -1];
const DAY = 86_400_000;

const context = (user: string) => `kept|${user}|1`;
const until = (at: string): string => instant(Date.parse(at) + DAYS * DAY);
const ageOf = (at: string): number => (now() - Date.parse(at)) / DAY;
/** A dead battery sets a tablet back to 1970, or far ahead: what was kept by such a clock is kept from now on. */
const isBelievable = (at: string): boolean => ageOf(at) >= LEAST_AGE && ageOf(at) <= MOST_AGE;
const isFresh = ({ at }: Pick<Kept, "at">): boolean => !isBelievable(at) || ageOf(at) < DAYS;
const dated = (kept: Kept): Kept => (isBelievable(kept.at) ? kept : { ...kept, at: instantNow() });

/** Those whose time is over go; that of those whose clock was wrong begins now. */
async function tidy(database: LocalDatabase, records: readonly KeptRecord[]): Promise<readonly KeptRecord[]> {
  const writtenAt = ({ until: end }: KeptRecord) => instant(Date.parse(end) - DAYS * DAY);
  const old = records.filter((record) => !isFresh({ at: writtenAt(record) }));
  const odd = records.filter((record) => !isBelievable(writtenAt(record)));
  if (old.length > 0) await database.kept.bulkDelete(old.map(({ user }) => user)).catch(() => {});
  if (odd.length > 0)
    await database.kept
      .bulkPut(odd.map((record) => ({ ...record, until: until(instantNow()) })))
      .catch(() => {});
  return records.filter((record) => !old.includes(record));
}

/** By person: what a disk without room did not take before the lock. There again when they are, while this tab lives. */
const leftBehind = new Map<string, readonly Kept[]>();

/** What {@link KeptWords} needs from the layer around it. */
export interface KeptWordsEvents {
  /** Calls `save` before the keys are dropped, until the result is called. */
  onLeave(save: () => Promise<void>): () => void;
  /** Says that words could not be written, until the result is called. */
  onUnsaved(save: () => Promise<void>): () => void;
}

/**
 * One unlocked person's half-typed words: in memory at once, on the disk a moment later, as one block sealed under their
 * root key. A block that does not open any more (another PIN after a forgotten one) is as good as none.
 */
export class KeptWords {
  readonly #database: LocalDatabase;
  readonly #keyring: Keyring;
  readonly #events: KeptWordsEvents;
  readonly #entries = new Map<string, Kept>();
  #queue: Promise<void> = Promise.resolve();
  #changes = 0;
  #written = 0;
  #cancel: (() => void) | null = null;
  #leaving: (() => void) | null = null;
  #unsaved: (() => void) | null = null;
  #closed = false;

  private constructor(database: LocalDatabase, keyring: Keyring, events: KeptWordsEvents) {
    this.#database = database;
    this.#keyring = keyring;
    this.#events = events;
  }

  static async open(database: LocalDatabase, keyring: Keyring, events: KeptWordsEvents): Promise<KeptWords> {
    const words = new KeptWords(database, keyring, events);
    const { userId, root } = keyring;
    // Also those of somebody who does not come back: the time beside them says nothing else.
    const records = await tidy(database, await withReconnect(database, () => database.kept.toArray()));
    const mine = records.find(({ user }) => user === userId);
    const stored = mine ? await openJson<readonly Kept[]>(root, mine, context(userId)).catch(() => []) : [];
    const left = leftBehind.get(userId) ?? [];
    leftBehind.delete(userId);
    for (const kept of [...stored, ...left].filter(isFresh)) words.#entries.set(kept.place, dated(kept));
    if (left.length > 0) words.#touch();
    return words;
  }

  find(place: string): Kept | undefined {
    const kept = this.#entries.get(place);
    return kept && isFresh(kept) ? dated(kept) : undefined;
  }

  put(place: string, fields: Kept["fields"]): void {
    if (this.#closed) return;
    this.#entries.set(place, { place, at: instantNow(), fields });
    this.#touch();
  }

  drop(place: string): void {
    if (this.#entries.delete(place)) this.#touch();
  }

  /** A chart may not be here any more: nor may words about that patient, whatever form they stood in. */
  async purge(patientIds: readonly string[]): Promise<void> {
    for (const [place, kept] of this.#entries) {
      const text = JSON.stringify(kept);
      if (patientIds.some((id) => text.includes(id))) this.drop(place);
    }
    await this.save();
  }

  /** Resolves when what stands there now is on the disk. @throws {LocalError} not_saved: it is still in memory */
  save(): Promise<void> {
    const saved = this.#queue.then(() => this.#write());
    this.#queue = saved.catch(() => {});
    return saved;
  }

  /** The person ends their session here: nothing of it stays. */
  async forget(): Promise<void> {
    this.#entries.clear();
    this.close();
    await this.#queue;
    await withReconnect(this.#database, () => this.#database.kept.delete(this.#keyring.userId));
  }

  /** Nothing more is taken or told. What the disk did not take waits in memory for the same person. */
  close(): void {
    if (this.#unsaved) leftBehind.set(this.#keyring.userId, [...this.#entries.values()]);
    this.#closed = true;
    this.#entries.clear();
    this.#settle();
  }

  #touch(): void {
    if (this.#closed) return;
    this.#changes++;
    this.#leaving ??= this.#events.onLeave(() => this.save());
    this.#cancel ??= after(PAUSE, () => {
      this.#cancel = null;
      this.save().catch(() => {}); // said by onUnsaved
    });
  }

  async #write(): Promise<void> {
    if (this.#closed || this.#written === this.#changes) return;
    const changes = this.#changes;
    const { userId, root } = this.#keyring;
    const entries = [...this.#entries.values()].filter(isFresh).map(dated);
    try {
      const sealed = await sealJson(root, entries, context(userId));
      const record = { user: userId, until: until(instant(now())), ...sealed };
      await withReconnect(this.#database, async () => {
        if (entries.length > 0) await this.#database.kept.put(record);
        else await this.#database.kept.delete(userId);
      });
    } catch (cause) {
      if (!this.#closed) this.#unsaved ??= this.#events.onUnsaved(() => this.save());
      throw new LocalError("not_saved", { cause });
    }
    this.#written = changes;
    if (changes === this.#changes) this.#settle();
  }

  #settle(): void {
    this.#cancel?.();
    this.#leaving?.();
    this.#unsaved?.();
    this.#cancel = this.#leaving = this.#unsaved = null;
  }
}
