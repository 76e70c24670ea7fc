import type { ZodType } from "zod";
import type { Role } from "#domain/access/roles.ts";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { Session } from "#domain/sync/session.ts";
import { type DeviceIdentity, newSigningPair, publicKeyOf } from "../local/keys/device-identity.ts";
import { createKeyring, type Keyring } from "../local/keys/keyring.ts";
import type { SessionActions, SessionState, SessionView, SignInWords } from "../local/local.ts";
import { LocalError } from "../local/local-error.ts";
import type { UserRecord } from "../local/store/database.ts";
import { createValue, type Value } from "../local/value.ts";
import type { Author } from "../outbox/outbox.ts";
import {
  type Account,
  accountOf,
  emergencyOf,
  latestTime,
  openAccount,
  type Reading,
  readingOf,
} from "./account.ts";
import type { EmergencyRequest, ReportEmergency } from "./emergency.ts";
import type { MakePasskey } from "./passkeys.ts";
import {
  changePin,
  destroyKeys,
  formerClients,
  listUsers,
  loadDevice,
  type Opened,
  saveAccount,
  saveUser,
  tryPin,
} from "./people.ts";
import { type FirstSignIn, nobody, type SessionEvents, type SessionOptions } from "./session-options.ts";
import type { TabEnds } from "./tab-lock.ts";

/** Most people never need it before they work. */
const loadPasskeys = () => import("./passkeys.ts");

const stateOf = { all: "unlocked", emergency: "emergency", nothing: "expired" } as const satisfies Record<
  Reading,
  SessionState
>;

/** Who works on this device, and with which keys. The only holder of the keyring. */
export class SessionControl implements Omit<SessionActions, "beginEmergency"> {
  readonly #options: SessionOptions;
  readonly #view = createValue<SessionView>(nobody);
  #events: SessionEvents = {
    onLeave: async () => {},
    onOpen: async () => {},
    onClose: async () => {},
    onReading: async () => {},
  };
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
  #recovery: SessionView["recovery"] = null;
  #forgotten: string | null = null;
  #savedHighWater = 0;
  #lastChange: Promise<unknown> = Promise.resolve();
  #wiping = false;
  /** Another tab works with the records: whatever was under way here when it took over opens nothing any more. */
  #isElsewhere = false;

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
    if (await this.#options.tab.acquire(this.#tabEnds)) await this.#begin();
    else await this.#elsewhere();
  }

  async useHere(): Promise<void> {
    await this.#options.tab.takeOver(this.#tabEnds);
    await this.#begin();
  }

  async #begin(): Promise<void> {
    this.#isElsewhere = false;
    this.#device = await loadDevice(this.#options.database, this.#options.deviceName);
    this.#options.access.setDevice(this.#device.id);
    this.#users = await listUsers(this.#options.database);
    this.#current = this.#users[0]?.id ?? null;
    this.#show(this.#device.wipe ? "wiped" : this.#current ? "locked" : "signed-out");
  }

  readonly #tabEnds: TabEnds = {
    onAsked: async () => {
      await this.#events.onLeave();
      await this.#elsewhere();
    },
    onLost: () => void this.#elsewhere(),
  };

  async #elsewhere(): Promise<void> {
    this.#isElsewhere = true;
    await this.#drop();
    this.#show("elsewhere");
  }

  /** Everything about who writes now. @throws {LocalError} locked, elsewhere */
  author(): Author {
    const user = this.#users.find(({ id }) => id === this.#current);
    if (!this.#keyring || !this.#account || !user)
      throw new LocalError(this.#isElsewhere ? "elsewhere" : "locked");
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

  askAtDoor<T>(path: string, answer: ZodType<T> | null, body?: unknown): Promise<T> {
    const { access } = this.#options;
    return body === undefined ? access.look(path, answer) : access.post(path, body, answer);
  }

  choosePassword(words: Parameters<SessionActions["choosePassword"]>[0]): Promise<void> {
    const { username, password, newPassword, deviceId } = words;
    return this.#options.access.choosePassword({
      username,
      password,
      newPassword,
      ...(deviceId ? { deviceId } : {}),
    });
  }

  async signIn(words: SignInWords): Promise<void> {
    const username = words.username.trim().toLowerCase();
    const known = this.#users.find((user) => user.username === username);
    const forgot = known !== undefined && known.id === this.#forgotten;
    const { session, fresh } = await this.#signInAs(words, known, forgot);
    const mine = this.#users.find(({ id }) => id === session.user.id);
    if (mine && mine !== known && !forgot) {
      // The clinic renamed the account: sign in once more under the client that this person has here.
      await this.#options.access.signOut();
      this.#users = this.#users.map((user) => (user === mine ? { ...mine, username } : user));
      await this.#options.database.users.update(mine.id, { username });
      return this.signIn(words);
    }
    await this.#admitted(session, fresh && { session, username, ...fresh });
  }

  async signInByPasskey(): Promise<void> {
    const { signInWithPasskey } = await loadPasskeys();
    const isKnown = (id: string) => id !== this.#forgotten && this.#users.some((user) => user.id === id);
    const { session, first, open } = await signInWithPasskey(this.#options, this.device, isKnown);
    this.#users = await listUsers(this.#options.database);
    await this.#admitted(session, first, open);
  }

  /** The clinic let somebody in: on to the first PIN, the PIN, or with `open` straight to work. */
  async #admitted(session: Session, first: FirstSignIn | null, open?: () => Promise<Opened>): Promise<void> {
    if (this.#keyring?.userId === session.user.id) {
      this.#options.access.adopt(session);
      return this.confirmed(session);
    }
    await this.#drop();
    this.#options.access.setUser(session.user.id);
    this.#options.access.adopt(session);
    this.#current = session.user.id;
    this.#recovery = session.recovery ?? null;
    this.#first = first;
    if (first) return this.#show("set-pin", session);
    this.#signedIn = session;
    // What a passkey cannot open, the PIN can.
    if (open) await this.#unlockBy(open).catch(() => {});
    if (!this.#keyring) this.#show("locked", session);
  }

  async #signInAs(words: SignInWords, user: UserRecord | undefined, forgot: boolean) {
    const { id, name, publicKey } = this.device;
    const known = forgot ? undefined : user;
    const fresh = known ? null : { clientId: newId(), pair: await newSigningPair() };
    const signingKey = fresh ? await publicKeyOf(fresh.pair.publicKey) : known?.keys.signingPublic;
    const session = await this.#options.access.signIn({
      ...words,
      device: {
        id,
        name,
        key: publicKey,
        clientId: fresh?.clientId ?? known?.clientId,
        signingKey,
        formerClients: await formerClients(this.#options.database, user?.id, known?.clientId),
      },
    });
    return { session, fresh };
  }

  async setPin(pin: string): Promise<void> {
    const first = this.#first;
    if (!first) throw new LocalError("locked");
    const { session, username, clientId, pair, wrap } = first;
    const { derive, kdf, database } = this.#options;
    const { keyring, wrapped } = await createKeyring({
      userId: session.user.id,
      pin,
      secret: this.device.secret,
      pair,
      derive,
      wrap,
      ...(kdf ? { kdf: kdf() } : {}),
    });
    const account = accountOf(session, this.#options.skew());
    if (this.#first !== first) throw new LocalError("locked"); // whoever it was has left meanwhile
    try {
      await saveUser(database, { session, username, clientId, keyring, wrapped, account });
    } catch (cause) {
      throw new LocalError("not_saved", { cause });
    }
    this.#users = await listUsers(database);
    if (this.#first !== first) throw new LocalError("locked");
    this.#first = null;
    this.#forgotten = null;
    await this.#open(keyring, account);
  }

  unlock(pin: string): Promise<void> {
    const { database, derive } = this.#options;
    return this.#unlockBy((userId) => tryPin(database, this.device, userId, pin, derive));
  }

  async unlockByPasskey(): Promise<void> {
    const { unlockWithPasskey } = await loadPasskeys();
    await this.#unlockBy((userId) => unlockWithPasskey(this.#options, this.device, userId));
  }

  async #unlockBy(open: (userId: string) => Promise<Opened>): Promise<void> {
    const current = this.#current;
    if (!current || this.#isElsewhere) throw new LocalError("unknown_user");
    const { database } = this.#options;
    try {
      const { user, keyring } = await open(current);
      const account = await openAccount(keyring, user.account);
      this.#users = await listUsers(database);
      // PIN and passkey may be given side by side, or somebody else or another tab was chosen meanwhile.
      if (this.#keyring || this.#current !== current || this.#isElsewhere) return;
      await this.#open(keyring, account);
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

  async addPasskey(pin: string, make: MakePasskey): Promise<boolean> {
    const { userId } = this.author().keyring;
    const { addPasskey } = await loadPasskeys();
    try {
      return await addPasskey(this.#options, this.device, userId, pin, make);
    } finally {
      await this.#reread();
    }
  }

  async dropPasskey(credentialId: string): Promise<void> {
    await this.#keepPasskeys(this.#view.get().passkeys.filter((one) => one !== credentialId));
    await this.#reread();
  }

  async #keepPasskeys(kept: readonly string[] | undefined): Promise<void> {
    const { passkeys } = this.#view.get();
    if (!kept || passkeys.every((one) => kept.includes(one))) return;
    const { keepPasskeys } = await loadPasskeys();
    await keepPasskeys(this.#options.database, this.author().keyring.userId, kept);
  }

  async #reread(): Promise<void> {
    this.#users = await listUsers(this.#options.database);
    this.#show(this.#view.get().state);
  }

  async #open(keyring: Keyring, account: Account): Promise<void> {
    if (this.#wiping || this.device.wipe) throw new LocalError("locked");
    this.#forgotten = null; // it was remembered after all
    this.#keyring = keyring;
    this.#account = { ...account, highWater: latestTime(account) };
    this.#current = keyring.userId;
    this.#unlockedAt = now();
    this.#options.access.setUser(keyring.userId);
    const reading = readingOf(this.#account);
    try {
      await this.#events.onOpen(reading);
    } catch (error) {
      if (this.#keyring === keyring) await this.#drop();
      throw error;
    }
    if (this.#keyring === keyring) this.#show(stateOf[reading]);
  }

  /** The account changes one step at a time: what one step wrote is never replaced by what another knew before it. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const changed = this.#lastChange.then(change);
    this.#lastChange = changed.catch(() => {});
    return changed;
  }

  /** The clinic confirmed this person (sign-in, refresh, other role): the offline time starts anew. */
  confirmed(session: Session): Promise<void> {
    return this.#inTurn(() => this.#confirm(session));
  }

  async #confirm(session: Session): Promise<void> {
    const keyring = this.#keyring;
    if (!keyring || keyring.userId !== session.user.id) return;
    this.#signInWanted = false;
    this.#recovery = session.recovery ?? null;
    this.#account = accountOf(session, this.#options.skew());
    await saveAccount(this.#options.database, keyring, this.#account, session.serverKey);
    // One that was removed at the clinic opens nothing here any more; what fails is tried at the next refresh.
    await this.#keepPasskeys(session.passkeys).catch(() => {});
    this.#users = await listUsers(this.#options.database);
    await this.#read(keyring);
  }

  /** Shows what may be read by now. */
  async #read(keyring: Keyring): Promise<void> {
    if (!this.#account) return;
    const reading = readingOf(this.#account);
    await this.#events.onReading(reading);
    if (this.#keyring === keyring) this.#show(stateOf[reading]);
  }

  openEmergency(request: EmergencyRequest, report: ReportEmergency): Promise<void> {
    return this.#inTurn(() => this.#openEmergency(request, report));
  }

  async #openEmergency(request: EmergencyRequest, report: ReportEmergency): Promise<void> {
    const [keyring, account] = [this.#keyring, this.#account];
    if (!keyring || !account) throw new LocalError("locked");
    const { beginEmergency } = await import("./emergency.ts");
    try {
      this.#account = await beginEmergency(this.#options, this.device, { keyring, account }, request, report);
    } finally {
      await this.#reread();
    }
    if (this.#keyring === keyring) await this.#read(keyring);
  }

  /** Called every so often: notices that the offline time is over, and remembers the latest time seen. */
  tick(): Promise<void> {
    return this.#inTurn(() => this.#tick());
  }

  async #tick(): Promise<void> {
    const keyring = this.#keyring;
    if (!keyring || !this.#account) return;
    this.#account = { ...this.#account, highWater: latestTime(this.#account) };
    if (this.#account.highWater - this.#savedHighWater > 60_000) {
      this.#savedHighWater = this.#account.highWater;
      await saveAccount(this.#options.database, keyring, this.#account);
    }
    if (this.#keyring !== keyring) return;
    const { state } = this.#view.get();
    const wasRead = state === "unlocked" || state === "emergency";
    if (wasRead && state !== stateOf[readingOf(this.#account)]) await this.#read(keyring);
    else this.#show(state);
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

  /** The clinic says that this person has no access any more: what is here goes dark at once, and stays so without it. */
  accessEnded(): Promise<void> {
    this.#options.access.drop();
    return this.#inTurn(async () => {
      const [keyring, account] = [this.#keyring, this.#account];
      if (!keyring || !account || account.ended) return;
      await this.#events.onLeave();
      this.#account = { ...account, ended: true };
      this.#signInWanted = false;
      await saveAccount(this.#options.database, keyring, this.#account).finally(() => this.#read(keyring));
    });
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
    await this.#events.onLeave();
    await this.#drop();
    this.#show("locked");
  }

  async signOut(): Promise<void> {
    await this.#events.onLeave();
    await this.#options.access.signOut().catch(() => {}); // without the clinic the cookie simply runs out
    await this.#drop();
    this.#current = null;
    this.#show("signed-out");
  }

  async switchUser(userId: string | null): Promise<void> {
    await this.#events.onLeave();
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

  /**
   * Destroys the keys of everything that can be read here, in memory and on the disk; other tabs have none. What a person is
   * writing is saved first: unsent work stays sealed and is still delivered.
   */
  async wipe(): Promise<void> {
    if (this.#wiping || !this.#device || this.#device.wipe || this.#isElsewhere) return;
    this.#wiping = true;
    try {
      await this.#events.onLeave();
      const { practice } = this;
      this.#current = null;
      await this.#drop();
      this.#device = await destroyKeys(this.#options.database, this.#device, practice);
      this.#users = [];
    } finally {
      this.#wiping = false;
      // A disk that refuses leaves the door closed; the clinic says it again at the next contact.
      this.#current = this.#users[0]?.id ?? null;
      this.#show(this.#device.wipe ? "wiped" : "locked");
    }
  }

  /** Everything was delivered: another device from now on, which the clinic does not know. */
  becomes(device: DeviceIdentity): void {
    this.#device = device;
    this.#options.access.setDevice(device.id);
    this.#show(device.wipe ? "wiped" : "signed-out");
  }

  async startAnew(): Promise<void> {
    const { wipe, ...device } = this.device;
    if (!wipe?.done) return;
    await this.#options.database.device.put(device);
    this.becomes(device);
  }

  /** The clinic this tablet belongs to, also while it is locked. */
  get practice(): string | null {
    return this.#account?.practice.id ?? this.#users.find(({ practice }) => practice)?.practice ?? null;
  }

  /** Drops every key from memory before anything else is closed. */
  async #drop(): Promise<void> {
    const open = this.#keyring !== null;
    this.#keyring = null;
    this.#account = null;
    this.#unlockedAt = null;
    this.#first = null;
    this.#signedIn = null;
    this.#recovery = null;
    this.#signInWanted = false;
    this.#options.access.drop();
    if (open) await this.#events.onClose();
  }

  #show(asked: SessionState, signedIn?: Session): void {
    const record = this.#users.find(({ id }) => id === this.#current);
    const account = this.#account ?? signedIn ?? this.#signedIn;
    const known = record
      ? { id: record.id, name: record.name, roles: record.roles, role: record.role }
      : null;
    const state = this.#isElsewhere ? "elsewhere" : asked;
    const next: SessionView = {
      state,
      deviceId: this.#device?.id ?? null,
      user: state === "elsewhere" ? null : (account?.user ?? known),
      practice: account?.practice ?? null,
      users: this.#users.map(({ id, name, username }) => ({ id, name, username })),
      offlineUntil: account?.offlineUntil ?? null,
      unlockedAt: this.#unlockedAt,
      wrongPins: record?.wrongPins ?? 0,
      pinWaitUntil: record && record.waitUntil > now() ? record.waitUntil : null,
      passkeys: record?.keys.passkeys?.map(({ credentialId }) => credentialId) ?? [],
      online: this.#options.access.present,
      signInWanted: this.#signInWanted && state === "unlocked",
      accessEnded: this.#account?.ended === true,
      recovery: this.#keyring ? this.#recovery : null,
      ...emergencyOf(this.#account),
      wipe: this.#device?.wipe ?? null,
    };
    if (JSON.stringify(next) !== JSON.stringify(this.#view.get())) this.#view.set(next);
  }
}
