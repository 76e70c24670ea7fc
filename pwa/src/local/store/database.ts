import { Dexie, type Table } from "dexie";
import type { HistoryFault } from "#domain/audit/history-fault.ts";
import type { Witnessed } from "#domain/audit/witness.ts";
import { now } from "#domain/kernel/clock.ts";
import type { Envelope } from "#domain/sync/envelope.ts";
import type { PublicKey, Session } from "#domain/sync/session.ts";
import type { Sealed } from "../keys/aes.ts";
import type { DeviceIdentity } from "../keys/device-identity.ts";
import type { WrappedKeyring } from "../keys/keyring.ts";
import { LocalError } from "../local-error.ts";
import { createValue } from "../value.ts";
import type { ChunkRecord, RecordingRecord } from "./recording-records.ts";

/**
 * A person on this device. Nothing here is clinical; what somebody with the disk could misuse if it were changed
 * (role, offline time) lies sealed in `account`.
 */
export interface UserRecord {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  /** For the lock screen only; rights come from `account` and from the clinic. */
  readonly roles: Session["user"]["roles"];
  readonly role: Session["user"]["role"];
  readonly clientId: string;
  /** Which clinic it is, so that the locked tablet can ask after itself; absent until it was heard of again. */
  readonly practice?: string;
  readonly keys: WrappedKeyring;
  readonly account: Sealed;
  readonly serverKey: Session["serverKey"];
  readonly wrongPins: number;
  /** Milliseconds since the epoch; 0 when there is no wait. */
  readonly waitUntil: number;
  readonly lastUsedAt: string;
}

/** A stream the device holds: its name sealed, its key wrapped. Destroying the record destroys the rows. */
export interface StreamRecord extends Sealed {
  /** Random; rows carry it. */
  readonly kid: string;
  readonly user: string;
  readonly key: Sealed;
}

export interface RowRecord extends Sealed {
  /** HMAC of kid, collection and record id under the person's index key. */
  readonly id: string;
  readonly kid: string;
  readonly seq: number;
}

/** Where the person's device stands, sealed: the list of wanted charts names patients. */
export interface CursorRecord extends Sealed {
  readonly user: string;
}

/** The number of the newest mutation of a client, and the hash the next one chains to. */
export interface ClientRecord {
  readonly clientId: string;
  readonly user: string;
  readonly n: number;
  readonly prevHash: string;
  /** With which its work is signed, once its keys are gone: its person has forgotten the PIN. */
  readonly signingKey?: PublicKey;
}

export interface OutboxRecord {
  readonly clientId: string;
  readonly n: number;
  readonly user: string;
  /** The clinic it is for: a device's proof names it. */
  readonly practice: string;
  readonly envelope: Envelope;
  /** Refused entries that leave with this one, once its effect has arrived: it hands them to a colleague. */
  readonly replaces?: readonly number[];
  /** The clinic refused it and its author has decided: after a restore it goes along for its number only. */
  readonly decided?: true;
  /** The clinic had preferred to it what was there first: after a restore it lets that be the first again. */
  readonly yields?: true;
  /** Of which record it is, where only the clinic can open it: the id is random and says nothing. */
  readonly about?: string;
  /** Of the mutation, where only the clinic can open it: by that it says of which one an answer is. */
  readonly hash?: string;
  /** The clinic had acknowledged it and went back to a backup: it is sent once more. */
  readonly again?: true;
}

/** The clinic's answer to an entry. `detail` is sealed under the root key, or absent when it came while locked. */
export interface ResultRecord {
  readonly clientId: string;
  readonly n: number;
  readonly status: "applied" | "conflict" | "rejected" | "quarantined" | "held";
  readonly code: string | null;
  readonly seq: number | null;
  readonly detail: Sealed | null;
}

/** An acknowledged entry, kept sealed for 7 days in case the clinic is restored from an older backup. */
export interface SentRecord extends OutboxRecord {
  readonly sentAt: string;
}

/** Today as one sealed block, so that unlocking shows it at once. */
export interface HotRecord extends Sealed {
  readonly user: string;
}

/** What a person typed and did not save, sealed under their root key: one block, with the time at which it is no use. */
export interface KeptRecord extends Sealed {
  readonly user: string;
  readonly until: string;
}

/** What this tablet has seen of a clinic's audit log: sizes and hashes, nothing of what is recorded. */
export interface HistoryRecord extends Witnessed {
  readonly practice: string;
  /** Nothing of the clinic is taken since: the head that did not follow, and why. */
  readonly refused?: { readonly fault: HistoryFault; readonly at: string; readonly note: string };
}

type Key = [string, number];

/** Only the sealed store touches IndexedDB. All writes are flushed to the disk before they count as done. */
export class LocalDatabase extends Dexie {
  declare readonly device: Table<DeviceIdentity, string>;
  declare readonly users: Table<UserRecord, string>;
  declare readonly streams: Table<StreamRecord, string>;
  declare readonly rows: Table<RowRecord, string>;
  declare readonly cursors: Table<CursorRecord, string>;
  declare readonly clients: Table<ClientRecord, string>;
  declare readonly outbox: Table<OutboxRecord, Key>;
  declare readonly results: Table<ResultRecord, Key>;
  declare readonly sent: Table<SentRecord, Key>;
  declare readonly hot: Table<HotRecord, string>;
  declare readonly kept: Table<KeptRecord, string>;
  declare readonly history: Table<HistoryRecord, string>;
  declare readonly recordings: Table<RecordingRecord, string>;
  declare readonly chunks: Table<ChunkRecord, [string, number, number]>;

  /** When the browser last refused to write for lack of room, in milliseconds since the epoch. */
  readonly noRoom = createValue<number | null>(null);
  /** Whether a device is known to be in it. */
  holdsDevice = false;

  constructor(name = "jamemr", indexedDb?: IDBFactory) {
    super(name, {
      chromeTransactionDurability: "strict",
      ...(indexedDb ? { indexedDB: indexedDb } : {}),
    });
    this.version(1).stores({
      device: "key",
      users: "id",
      streams: "kid, user",
      rows: "id, kid",
      cursors: "user",
      clients: "clientId, user",
      outbox: "[clientId+n], user",
      results: "[clientId+n]",
      sent: "[clientId+n], sentAt",
      hot: "user",
      recordings: "id, user",
      chunks: "[recording+part+chunk]",
    });
    this.version(2).stores({ kept: "user" });
    this.version(3).stores({ history: "practice" });
    // Opened again, it may be another one: what is written into a store that was thrown away would seem to be saved.
    this.on("ready", () => this.#verify(), true);
  }

  async #verify(): Promise<void> {
    if (this.holdsDevice && (await this.device.count()) === 0) throw new LocalError("store_lost");
  }
}

const lostConnection = new Set(["DatabaseClosedError", "InvalidStateError", "UnknownError"]);

/** What an error and those inside it are called; of many writes at once the first that failed counts. */
function namesIn(error: unknown): readonly string[] {
  const { inner, failures } = error as { inner?: unknown; failures?: unknown };
  const all = [error, inner, ...(Array.isArray(failures) ? failures.slice(0, 1) : [])];
  return all.map((one) => (one instanceof Error ? one.name : ""));
}

/** The browser has no room for it. */
export const isNoRoom = (error: unknown): boolean => namesIn(error).includes("QuotaExceededError");

/**
 * Runs `work`; when the browser dropped the connection (iOS does after a pause), opens it again and repeats once. So
 * `work` must be one transaction, or reads.
 */
export async function withReconnect<T>(database: LocalDatabase, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isNoRoom(error)) database.noRoom.set(now());
    if (!namesIn(error).some((name) => lostConnection.has(name))) throw error;
    database.close({ disableAutoOpen: false });
    await database.open();
    return work();
  }
}
