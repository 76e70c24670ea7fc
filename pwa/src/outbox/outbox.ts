import { utf8 } from "#domain/kernel/bytes.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { type ArgsOf, type MutationName, mutations } from "#domain/registry.ts";
import { firstPrevHash, MAX_MUTATION, unreadable } from "#domain/sync/envelope.ts";
import { mutationHash, type PushedMutation } from "#domain/sync/protocol.ts";
import type { Session } from "#domain/sync/session.ts";
import { storableText } from "#domain/sync/storable.ts";
import { openJson } from "../local/keys/aes.ts";
import type { Keyring } from "../local/keys/keyring.ts";
import { LocalError } from "../local/local-error.ts";
import { cameBehind, ordered, resultContext } from "../local/store/apply-page.ts";
import {
  type LocalDatabase,
  type OutboxRecord,
  type ResultRecord,
  withReconnect,
} from "../local/store/database.ts";
import { chainHash, openEnvelope, sealEnvelope } from "./envelope.ts";

/** An entry as the unlocked session sees it. */
export interface OutboxEntry {
  readonly mutation: PushedMutation;
  /** Null while the clinic has not answered. */
  readonly result: Pick<ResultRecord, "status" | "code" | "seq"> | null;
  readonly detail: unknown;
  /** The clinic's epoch when it was written. */
  readonly epoch: string | null;
  /** See {@link OutboxRecord.decided}. */
  readonly decided?: true | undefined;
  /** See {@link OutboxRecord.yields}. */
  readonly yields?: true | undefined;
  /** Of which record it is, where only the clinic can open it; `mutation` then stands for the envelope. */
  readonly about?: string;
  /** Of the mutation for which `mutation` stands. */
  readonly hash?: string | undefined;
}

/** Everything about who writes, at the moment of writing. */
export interface Author {
  readonly keyring: Keyring;
  readonly clientId: string;
  readonly deviceId: string;
  readonly epoch: string | null;
  readonly serverKey: Session["serverKey"];
  readonly role: Session["user"]["role"];
  readonly practiceId: string;
  /** The practice's time zone (C22). */
  readonly zone: string;
}

const everything = (clientId: string): [[string, number], [string, number]] => [
  [clientId, 0],
  [clientId, Number.MAX_SAFE_INTEGER],
];

/** Clients whose keys are here, under somebody's PIN. A new PIN after a forgotten one begins another client. */
export const clientsWithKeys = async (database: LocalDatabase): Promise<ReadonlySet<string>> =>
  new Set((await withReconnect(database, () => database.users.toArray())).map(({ clientId }) => clientId));

/** The queue of one client: appended by people, emptied by the clinic's answers, never by us. */
export class Outbox {
  readonly #database: LocalDatabase;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(database: LocalDatabase) {
    this.#database = database;
  }

  /**
   * Writes a change durably. Resolves only after the disk has it.
   * @param replaces refused entries of the queue that leave with it once it has arrived
   * @throws {ZodError} the arguments are not what the domain allows
   * @throws {LocalError} not_saved: nothing was written, the caller still holds the words
   */
  append<K extends MutationName>(
    author: Author,
    name: K,
    args: ArgsOf<K>,
    base: number | null,
    replaces: readonly number[] = [],
  ): Promise<OutboxEntry> {
    const done = this.#queue.catch(() => {}).then(() => this.#append(author, name, args, base, replaces));
    this.#queue = done;
    return done;
  }

  async #append(
    author: Author,
    name: MutationName,
    args: unknown,
    base: number | null,
    replaces: readonly number[],
  ): Promise<OutboxEntry> {
    const definition = mutations.get(name);
    if (!definition) throw new TypeError(`unknown mutation ${name}`);
    const parsed = JSON.parse(
      JSON.stringify(definition.mutation.args.parse(args), (_name, value: unknown) =>
        typeof value === "string" ? storableText(value) : value,
      ),
    );
    const { sealed = false } = definition.mutation;
    const { clientId, keyring } = author;
    try {
      const client = await withReconnect(this.#database, () => this.#database.clients.get(clientId));
      const n = (client?.n ?? 0) + 1;
      const rest = {
        n,
        id: newId(),
        name,
        v: definition.mutation.v,
        args: parsed,
        base,
        at: instantNow(),
        tz: author.zone,
        actor: keyring.userId,
        role: author.role,
      };
      const mutation: PushedMutation = { ...rest, hash: mutationHash(rest) };
      // The clinic would never take it, nor anything that was written after it.
      if (utf8(JSON.stringify(mutation)).length > MAX_MUTATION) throw new RangeError("too large to be sent");
      const envelope = await sealEnvelope(
        keyring,
        {
          clientId,
          epoch: author.epoch,
          device: author.deviceId,
          prevHash: client?.prevHash ?? firstPrevHash,
          serverKey: author.serverKey,
          sealed,
        },
        mutation,
      );
      const about = sealed ? { about: mutation.args.id, hash: mutation.hash } : {};
      await this.#write(
        {
          ...{ clientId, n, user: keyring.userId, practice: author.practiceId, envelope },
          ...(replaces.length > 0 && { replaces }),
          ...about,
        },
        chainHash(mutation),
      );
      const kept = sealed ? unreadable(envelope, author.role) : mutation;
      return { mutation: kept, result: null, detail: undefined, epoch: envelope.epoch, ...about };
    } catch (cause) {
      throw new LocalError("not_saved", { cause });
    }
  }

  #write(record: OutboxRecord, hash: string) {
    const database = this.#database;
    const { clientId, n, user, envelope } = record;
    return withReconnect(database, () =>
      database.transaction("rw", [database.clients, database.outbox], async () => {
        const known = await database.outbox.get([clientId, n]);
        if (known?.envelope.id === envelope.id) return; // the first try did reach the disk
        await database.outbox.add(record);
        await database.clients.put({ clientId, user, n, prevHash: hash });
      }),
    );
  }

  /** All entries of a client with their answers, in order. */
  async entries({
    keyring,
    clientId,
    role,
  }: Pick<Author, "keyring" | "clientId" | "role">): Promise<readonly OutboxEntry[]> {
    const database = this.#database;
    const records = await withReconnect(database, () =>
      database.outbox
        .where("[clientId+n]")
        .between(...everything(clientId))
        .toArray(),
    );
    const results = await database.results.bulkGet(records.map(({ n }): [string, number] => [clientId, n]));
    return Promise.all(
      records.map(async ({ n, envelope, about, hash, decided, yields }, i): Promise<OutboxEntry> => {
        const result = results[i] ?? null;
        const detail = result?.detail
          ? await openJson<unknown>(keyring.root, result.detail, resultContext(clientId, n)).catch(() => {})
          : undefined;
        // A damaged one keeps its number, goes to the clinic as it is, and holds up neither the rest nor the unlock.
        const opened = about === undefined ? openEnvelope(keyring, envelope) : Promise.reject();
        const mutation = await opened.catch(() => unreadable(envelope, role));
        const { epoch } = envelope;
        return {
          mutation,
          result,
          detail,
          epoch,
          decided,
          yields,
          ...(about !== undefined && { about, hash }),
        };
      }),
    );
  }

  /**
   * Sealed entries of everybody that wait for an answer: what a device may deliver with its own key. Also what was refused
   * and nobody here can open any more: the clinic is to keep it for somebody who decides.
   */
  async undelivered(): Promise<readonly OutboxRecord[]> {
    const database = this.#database;
    const records = await withReconnect(database, () => database.outbox.toArray());
    const results = await database.results.bulkGet(
      records.map(({ clientId, n }): [string, number] => [clientId, n]),
    );
    const opened = await clientsWithKeys(database);
    return records.filter(({ clientId }, i) => {
      const { status } = results[i] ?? {};
      const refused = status === "conflict" || status === "rejected";
      return !status || status === "held" || (refused && !opened.has(clientId));
    });
  }

  /**
   * Takes an answered entry out of sight. It stays sealed for 7 days; what its author has decided about is not asked for
   * again after a restore.
   */
  async dismiss(clientId: string, n: number, byAuthor = true): Promise<void> {
    const database = this.#database;
    const tables = [database.outbox, database.results, database.sent];
    await database.transaction("rw", tables, async () => {
      const entry = await database.outbox.get([clientId, n]);
      const result = await database.results.get([clientId, n]);
      if (!entry || !result || result.status === "held") return;
      const kept = ordered(entry, cameBehind(result));
      await database.sent.put({ ...kept, sentAt: instantNow(), ...(byAuthor && { decided: true }) });
      await database.outbox.delete([clientId, n]);
      await database.results.delete([clientId, n]);
    });
  }
}
