import type { Role } from "#domain/access/roles.ts";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { noteIdOf } from "#domain/note/index.ts";
import type { MutationName } from "#domain/registry.ts";
import type { MutationResult } from "#domain/sync/protocol.ts";

/** One thing a person did on a tablet that told them it was saved. */
export interface Captured {
  readonly tablet: number;
  readonly clientId: string;
  readonly n: number;
  /** Null where the tab died before it could be read. Two copies of a profile use one number twice. */
  readonly mutationId: string | null;
  readonly name: MutationName;
  readonly id: string;
  /** Words that stand nowhere else. */
  readonly words: readonly string[];
}

/** What was said into a tablet's microphone for one recording. */
export interface Sound {
  readonly tablet: number;
  readonly deviceId: string;
  readonly id: string;
  readonly slices: {
    readonly bytes: Uint8Array<ArrayBuffer>;
    /** It was on the tablet's disk for certain. */
    durable: boolean;
  }[];
}

const keepOnly = <T>(list: T[], stays: (one: T) => boolean): void =>
  void list.splice(0, list.length, ...list.filter(stays));

/** The clinic holds the words of a change; those of a refused one stand on its author's tablet alone. */
const isKept = ({ status, code }: MutationResult): boolean =>
  status === "conflict" ? code === "demographics_conflict" : status !== "rejected";

/** Everything the simulator saw happen, for the invariants to judge. */
export class Witness {
  readonly captured: Captured[] = [];
  readonly sounds: Sound[] = [];
  /** Every answer that left the server, by client and number. */
  readonly results = new Map<string, MutationResult[]>();
  /** What the clinic had accepted before it went back to a backup: by client and number (I14). */
  readonly acknowledged = new Map<string, Captured>();
  /** Signed notes as they first left the server: id → what stands in them. */
  readonly signed = new Map<string, string>();
  /** Of these another one left the server later. */
  readonly signedOtherwise = new Set<string>();
  /** From which commit to which a person was shut out; the second is missing while they are. */
  readonly shutOut: { readonly userId: string; from: number; until: number | null }[] = [];
  /** From which commit on a person had a role, or had it no longer. */
  readonly staffing: {
    readonly userId: string;
    readonly role: Role;
    readonly held: boolean;
    from: number;
  }[] = [];
  /** From which commit on a device was reported lost. */
  readonly lost: { readonly deviceId: string; from: number }[] = [];
  /** Devices whose browser threw the store away, and the newest number that each of their clients had by then. */
  readonly evicted: {
    readonly deviceId: string;
    /** The browser kept what stood beside the store. */
    readonly marked: boolean;
    readonly clients: readonly { readonly clientId: string; readonly n: number }[];
  }[] = [];
  /** Devices, and the clients on them, that more than one profile is. */
  readonly copied = new Set<string>();
  readonly copiedClients = new Set<string>();
  /** Devices on which somebody's changes are counted beside others of theirs, or anew from 1. */
  readonly recounted = new Set<string>();
  readonly violations: string[] = [];
  readonly #seed: number;
  #words = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * The clinic goes back to the commit `head`: what it answered since, it has to answer again. What came from a client
   * or a device that no tablet is any more is lost, and so is what the clinic had learnt of that.
   */
  wentBack(
    head: number,
    present: { readonly clients: ReadonlySet<string>; readonly devices: ReadonlySet<string> },
  ) {
    const stays = ({ clientId, n }: Pick<Captured, "clientId" | "n">): boolean =>
      present.clients.has(clientId) ||
      (this.results
        .get(`${clientId}/${n}`)
        ?.some((result) => result.seq !== undefined && result.seq <= head && isKept(result)) ??
        false);
    // A note whose visit or revision went with such a tablet is another one when somebody writes it anew.
    for (const { id } of this.captured.filter((one) => !stays(one)))
      for (const noteId of [id, noteIdOf(id), noteIdOf(encounterIdOf(id))]) {
        this.signed.delete(noteId);
        this.signedOtherwise.delete(noteId);
      }
    keepOnly(this.captured, stays);
    for (const [key, one] of this.acknowledged) if (!stays(one)) this.acknowledged.delete(key);
    keepOnly(this.sounds, ({ deviceId }) => present.devices.has(deviceId));
    // The store of one copy is gone for good, though the other is still that client.
    keepOnly(this.evicted, ({ deviceId }) => this.copied.has(deviceId));
    for (const one of this.captured) {
      const key = `${one.clientId}/${one.n}`;
      const applied = this.results.get(key)?.some(({ status }) => status === "applied");
      if (applied) this.acknowledged.set(key, one);
    }
    for (const [key, answers] of this.results)
      this.results.set(
        key,
        answers.filter(({ seq }) => seq !== undefined && seq <= head),
      );
    for (const period of this.shutOut) {
      period.from = Math.min(period.from, head);
      if (period.until !== null) period.until = Math.min(period.until, head);
    }
    for (const one of this.lost) one.from = Math.min(one.from, head);
    // A role that was taken away since stays away, unless it was given back; one that was given since is asked for again.
    const staffing = [...this.staffing];
    const isBack = ({ userId, role, from }: (typeof staffing)[number]) =>
      staffing.some((one) => one.held && one.userId === userId && one.role === role && one.from > from);
    keepOnly(this.staffing, (one) => one.from <= head || (!one.held && !isBack(one)));
    for (const one of this.staffing) one.from = Math.min(one.from, head);
  }

  /** Whether a change may have gone with the store that it waited in. */
  mayBeLost({ clientId, n }: Pick<Captured, "clientId" | "n">): boolean {
    return this.evicted.some(({ clients }) =>
      clients.some((client) => client.clientId === clientId && n <= client.n),
    );
  }

  word(): string {
    return `w${this.#seed}x${++this.#words}z`;
  }

  violated(invariant: string, what: string): void {
    const line = `${invariant}: ${what}`;
    if (this.violations.length < 20 && !this.violations.includes(line)) this.violations.push(line);
  }
}
