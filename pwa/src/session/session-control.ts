import type { Role } from "#domain/access/roles.ts";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { Session } from "#domain/sync/session.ts";
import { type DeviceIdentity, newSigningPair, publicKeyOf } from "../local/keys/device-identity.ts";
import { createKeyring, type Keyring } from "../local/keys/keyring.ts";
import type { DeriveFromPin, KdfParameters } from "../local/keys/pin.ts";
import type { SessionActions, SessionState, SessionView, SignInWords } from "../local/local.ts";
import { LocalError } from "../local/local-error.ts";
import type { LocalDatabase, UserRecord } from "../local/store/database.ts";
import { createValue, type Value } from "../local/value.ts";
import type { Author } from "../outbox/outbox.ts";
import type { Access } from "./access.ts";
import { type Account, accountOf, isExpired, latestTime, openAccount } from "./account.ts";
import { changePin, listUsers, loadDevice, saveAccount, saveUser, tryPin, wipeReading } from "./people.ts";
import type { TabLock } from "./tab-lock.ts";

export interface SessionOptions {
  readonly database: LocalDatabase;
  readonly access: Access;
  readonly tab: TabLock;
  readonly derive: DeriveFromPin;
  readonly deviceName: string;
  /** Seconds this clock is ahead of the clinic's, as last seen. */
  readonly skew: () => number;
  /** Cheaper in tests. */
  readonly kdf?: () => KdfParameters;
}

/** What happens around the keys; the local layer opens and closes its rows here. */
export interface SessionEvents {
  /** Keys are there. `readable` is false when the offline time is over. */
  readonly onOpen: (readable: boolean) => Promise<void>;
  readonly onClose: () => Promise<void>;
  readonly onReadable: (readable: boolean) => Promise<void>;
}

/** A first sign-in between the password and the PIN: nothing of it is on the disk yet. */
interface FirstSignIn {
  readonly session: Session;
  readonly username: string;
  readonly clientId: string;
  readonly pair: CryptoKeyPair;
}

const nobody: SessionView = {
  state: "starting",
  user: null,
  practice: null,
  users: [],
  offlineUntil: null,
  unlockedAt: null,
  wrongPins: 0,
  pinWaitUntil: null,
  online: false,
  signInWanted: false,
};

/** Who works on this device, and with which keys. The only holder of the keyring. */
export class SessionControl implements SessionActions {
  readonly #options: SessionOptions;
  readonly #view = createValue<SessionView>(nobody);
  #events: SessionEvents = { onOpen: async () => {}, onClose: async () => {}, onReadable: async () => {} };
  #device: DeviceIdentity | null = null;
  #users: readonly UserRecord[] = [];
  #current: string | null = null;
  #keyring: Keyring | null = null;
  #account: Account | null = null;
  #unlockedAt: number | null = null;
  #first: FirstSignIn | null = null;
  #signInWanted = false;
  /** A password sign-in that waits for its PIN. */
  #signedIn: Session | null = null;
  #forgotten: string | null = null;
  #savedHighWater = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  get view(): Value<SessionView> {
    return this.#view;
  }

  get device(): DeviceIdentity {
    if (!this.#device) throw new LocalError("elsewhere");
    return this.#device;
  }

  get keyring(): Keyring | null {
    return this.#keyring;
  }

  /** Reads the disk and says who may work. */
  async start(events: SessionEvents): Promise<void> {
    this.#events = events;
    if (await this.#options.tab.acquire(() => void this.#lost())) await this.#begin();
    else this.#show("elsewhere");
  }

  async useHere(): Promise<void> {
    await this.#options.tab.steal(() => void this.#lost());
    await this.#begin();
  }

  async #begin(): Promise<void> {
    this.#device = await loadDevice(this.#options.database, this.#options.deviceName);
    this.#options.access.setDevice(this.#device.id);
    this.#users = await listUsers(this.#options.database);
    this.#current = this.#users[0]?.id ?? null;
    this.#show(this.#current ? "locked" : "signed-out");
  }

  async #lost(): Promise<void> {
    await this.#drop();
    this.#show("elsewhere");
  }

  /** Everything about who writes now. @throws {LocalError} locked, elsewhere */
  author(): Author {
    const user = this.#users.find(({ id }) => id === this.#current);
    if (!this.#keyring || !this.#account || !user)
      throw new LocalError(this.#view.get().state === "elsewhere" ? "elsewhere" : "locked");
    return {
      keyring: this.#keyring,
      clientId: user.clientId,
      deviceId: this.device.id,
      epoch: this.#account.epoch,
      serverKey: user.serverKey,
      practiceId: this.#account.practice.id,
      role: this.#account.user.role,
      zone: this.#account.practice.zone,
    };
  }

  choosePassword(words: SignInWords & { readonly newPassword: string }): Promise<void> {
    const { username, password, newPassword } = words;
    return this.#options.access.choosePassword({ username, password, newPassword });
  }

  async signIn(words: SignInWords): Promise<void> {
    const username = words.username.trim().toLowerCase();
    const known = this.#users.find((user) => user.username === username);
    const forgot = known !== undefined && known.id === this.#forgotten;
    const { session, fresh } = await this.#signInAs(words, forgot ? undefined : known);
    const mine = this.#users.find(({ id }) => id === session.user.id);
    if (mine && mine !== known && !forgot) {
      // The clinic renamed the account: sign in once more under the client that this person has here.
      await this.#options.access.signOut();
      this.#users = this.#users.map((user) => (user === mine ? { ...mine, username } : user));
      await this.#options.database.users.update(mine.id, { username });
      return this.signIn(words);
    }
    if (this.#keyring?.userId === session.user.id) return this.confirmed(session);
    await this.#drop();
    this.#options.access.setUser(session.user.id);
    this.#options.access.adopt(session);
    this.#current = session.user.id;
    if (fresh) {
      this.#first = { session, username, ...fresh };
      this.#show("set-pin", session);
    } else {
      this.#signedIn = session;
      this.#show("locked", session);
    }
  }

  async #signInAs(words: SignInWords, known: UserRecord | undefined) {
    const { id, name, publicKey } = this.device;
    const fresh = known ? null : { clientId: newId(), pair: await newSigningPair() };
    const signingKey = fresh ? await publicKeyOf(fresh.pair.publicKey) : known?.keys.signingPublic;
    const session = await this.#options.access.signIn({
      ...words,
      device: { id, name, key: publicKey, clientId: fresh?.clientId ?? known?.clientId, signingKey },
    });
    return { session, fresh };
  }

  async setPin(pin: string): Promise<void> {
    const first = this.#first;
    if (!first) throw new LocalError("locked");
    const { session, username, clientId, pair } = first;
    const { derive, kdf, database } = this.#options;
    const { keyring, wrapped } = await createKeyring({
      userId: session.user.id,
      pin,
      secret: this.device.secret,
      pair,
      derive,
      ...(kdf ? { kdf: kdf() } : {}),
    });
    const account = accountOf(session, this.#options.skew());
    try {
      await saveUser(database, { session, username, clientId, keyring, wrapped, account });
    } catch (cause) {
      throw new LocalError("not_saved", { cause });
    }
    this.#first = null;
    this.#forgotten = null;
    this.#users = await listUsers(database);
    await this.#open(keyring, account);
  }

  async unlock(pin: string): Promise<void> {
    if (!this.#current || this.#view.get().state === "elsewhere") throw new LocalError("unknown_user");
    const { database, derive } = this.#options;
    try {
      const { user, keyring } = await tryPin(database, this.device, this.#current, pin, derive);
      this.#users = await listUsers(database);
      await this.#open(keyring, await openAccount(keyring, user.account));
    } catch (error) {
      this.#users = await listUsers(database);
      this.#show(this.#view.get().state);
      throw error;
    }
    const signedIn = this.#signedIn;
    this.#signedIn = null;
    if (signedIn) await this.confirmed(signedIn);
  }

  async changePin(old: string, next: string): Promise<void> {
    const { userId } = this.author().keyring;
    await changePin(this.#options.database, this.device, userId, { old, next }, this.#options.derive);
    this.#users = await listUsers(this.#options.database);
  }

  async #open(keyring: Keyring, account: Account): Promise<void> {
    this.#keyring = keyring;
    this.#account = { ...account, highWater: latestTime(account) };
    this.#current = keyring.userId;
    this.#unlockedAt = now();
    this.#options.access.setUser(keyring.userId);
    const readable = !isExpired(this.#account);
    try {
      await this.#events.onOpen(readable);
    } catch (error) {
      await this.#drop();
      throw error;
    }
    this.#show(readable ? "unlocked" : "expired");
  }

  /** The clinic confirmed this person (sign-in, refresh, other role): the offline time starts anew. */
  async confirmed(session: Session): Promise<void> {
    const keyring = this.#keyring;
    if (!keyring || keyring.userId !== session.user.id) return;
    this.#signInWanted = false;
    this.#account = accountOf(session, this.#options.skew());
    await saveAccount(this.#options.database, keyring, this.#account, session.serverKey);
    this.#users = await listUsers(this.#options.database);
    const readable = !isExpired(this.#account);
    await this.#events.onReadable(readable);
    if (this.#keyring === keyring) this.#show(readable ? "unlocked" : "expired");
  }

  /** Called every so often: notices that the offline time is over, and remembers the latest time seen. */
  async tick(): Promise<void> {
    const keyring = this.#keyring;
    if (!keyring || !this.#account) return;
    this.#account = { ...this.#account, highWater: latestTime(this.#account) };
    if (this.#account.highWater - this.#savedHighWater > 60_000) {
      this.#savedHighWater = this.#account.highWater;
      await saveAccount(this.#options.database, keyring, this.#account);
    }
    if (this.#keyring !== keyring) return;
    const { state } = this.#view.get();
    if (state === "unlocked" && isExpired(this.#account)) {
      await this.#events.onReadable(false);
      this.#show("expired");
    } else this.#show(state);
  }

  /**
   * This browser lost its proof of the session (a crash before the cookie reached the disk). That says nothing against
   * the person, so work goes on as it does without the clinic, within the offline time, until she signs in again.
   */
  wantSignIn(): void {
    this.#options.access.drop();
    this.#signInWanted = true;
    this.#show(this.#view.get().state);
  }

  /** The clinic wants the password again. What is on the screen stays where it is. */
  reauth(): void {
    this.#options.access.drop();
    if (this.#keyring && this.#view.get().state !== "set-pin") this.#show("reauth");
  }

  askPassword(): void {
    this.reauth();
  }

  async lock(): Promise<void> {
    if (!this.#keyring) return;
    await this.#drop();
    this.#show("locked");
  }

  async signOut(): Promise<void> {
    await this.#options.access.signOut().catch(() => {}); // without the clinic the cookie simply runs out
    await this.#drop();
    this.#current = null;
    this.#show("signed-out");
  }

  async switchUser(userId: string | null): Promise<void> {
    await this.#drop();
    this.#current = this.#users.some(({ id }) => id === userId) ? userId : null;
    this.#show(this.#current ? "locked" : "signed-out");
  }

  async switchRole(role: Role): Promise<void> {
    await this.confirmed(await this.#options.access.switchRole(role));
  }

  async forgetPin(): Promise<void> {
    this.#forgotten = this.#current;
    await this.#drop();
    this.#show("signed-out");
  }

  /** Destroys what can be read here; unsent work stays sealed and is still delivered. */
  async wipe(): Promise<void> {
    const { database } = this.#options;
    await this.#drop();
    await wipeReading(database);
    this.#users = [];
    this.#current = null;
    this.#show("signed-out");
  }

  /** Drops every key from memory before anything else is closed. */
  async #drop(): Promise<void> {
    const open = this.#keyring !== null;
    this.#keyring = null;
    this.#account = null;
    this.#unlockedAt = null;
    this.#first = null;
    this.#signedIn = null;
    this.#signInWanted = false;
    this.#options.access.drop();
    if (open) await this.#events.onClose();
  }

  #show(state: SessionState, signedIn?: Session): void {
    const record = this.#users.find(({ id }) => id === this.#current);
    const account = this.#account ?? signedIn ?? this.#signedIn;
    const known = record
      ? { id: record.id, name: record.name, roles: record.roles, role: record.role }
      : null;
    const next: SessionView = {
      state,
      user: state === "elsewhere" ? null : (account?.user ?? known),
      practice: account?.practice ?? null,
      users: this.#users.map(({ id, name, username }) => ({ id, name, username })),
      offlineUntil: account?.offlineUntil ?? null,
      unlockedAt: this.#unlockedAt,
      wrongPins: record?.wrongPins ?? 0,
      pinWaitUntil: record && record.waitUntil > now() ? record.waitUntil : null,
      online: this.#options.access.present,
      signInWanted: this.#signInWanted && state === "unlocked",
    };
    if (JSON.stringify(next) !== JSON.stringify(this.#view.get())) this.#view.set(next);
  }
}
