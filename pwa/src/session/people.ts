import { instantNow, now } from "#domain/kernel/clock.ts";
import type { Session, SignIn } from "#domain/sync/session.ts";
import { type DeviceIdentity, newDeviceIdentity } from "../local/keys/device-identity.ts";
import { type Keyring, rewrapKeyring, unlockKeyring, type WrappedKeyring } from "../local/keys/keyring.ts";
import { type DeriveFromPin, waitAfter } from "../local/keys/pin.ts";
import { LocalError } from "../local/local-error.ts";
import { type LocalDatabase, type UserRecord, withReconnect } from "../local/store/database.ts";
import { type Account, sealAccount } from "./account.ts";

/** This device's own record, made at the first start. */
export async function loadDevice(database: LocalDatabase, name: string): Promise<DeviceIdentity> {
  let identity = await withReconnect(database, () => database.device.get("this"));
  if (!identity) {
    identity = await newDeviceIdentity(name);
    await database.device.add(identity);
  }
  database.holdsDevice = true;
  return identity;
}

/** Everybody with keys on this device, the last one first. */
export async function listUsers(database: LocalDatabase): Promise<UserRecord[]> {
  const users = await withReconnect(database, () => database.users.toArray());
  const listed = await Promise.all(users.map((user) => withDueWait(database, user)));
  return listed.sort((a, b) => (a.lastUsedAt < b.lastUsedAt ? 1 : -1));
}

/** A clock that was set back since the last wrong PIN makes nobody wait longer than was meant. */
async function withDueWait(database: LocalDatabase, user: UserRecord): Promise<UserRecord> {
  const latest = now() + waitAfter(user.wrongPins);
  if (user.waitUntil <= latest) return user;
  await database.users.update(user.id, { waitUntil: latest });
  return { ...user, waitUntil: latest };
}

export interface NewUser {
  readonly session: Session;
  readonly username: string;
  readonly clientId: string;
  readonly keyring: Keyring;
  readonly wrapped: WrappedKeyring;
  readonly account: Account;
}

/**
 * Writes a person's keys. Whatever an earlier key of theirs could read goes in the same transaction; their unsent work
 * stays and is delivered sealed.
 */
export async function saveUser(database: LocalDatabase, fresh: NewUser): Promise<UserRecord> {
  const { session, keyring } = fresh;
  const record: UserRecord = {
    id: session.user.id,
    username: fresh.username,
    name: session.user.name,
    clientId: fresh.clientId,
    practice: session.practice.id,
    keys: fresh.wrapped,
    roles: session.user.roles,
    role: session.user.role,
    account: await sealAccount(keyring, fresh.account),
    serverKey: session.serverKey,
    wrongPins: 0,
    waitUntil: 0,
    lastUsedAt: instantNow(),
  };
  await database.transaction(
    "rw",
    [
      database.users,
      database.streams,
      database.rows,
      database.cursors,
      database.hot,
      database.kept,
      database.clients,
    ],
    async () => {
      const before = await database.users.get(record.id);
      if (before && before.clientId !== record.clientId)
        await database.clients.update(before.clientId, { signingKey: before.keys.signingPublic });
      await forgetPerson(database, record.id);
      await database.users.put(record);
    },
  );
  return record;
}

/**
 * Clients that were this person's before a PIN was forgotten, as far as their work is still here. Whoever signs in names
 * them: a clinic that went back to a backup may not know them.
 */
export async function formerClients(
  database: LocalDatabase,
  userId: string | undefined,
  clientId: string | undefined,
): Promise<NonNullable<SignIn["device"]["formerClients"]>> {
  if (userId === undefined) return [];
  const [user, clients] = await Promise.all([
    database.users.get(userId),
    database.clients.where("user").equals(userId).toArray(),
  ]);
  const keys = new Map(clients.map((client) => [client.clientId, client.signingKey]));
  if (user) keys.set(user.clientId, user.keys.signingPublic);
  const waiting = new Set<string>();
  for (const table of [database.outbox, database.sent])
    for (const [id] of await table.toCollection().primaryKeys()) waiting.add(id);
  return [...keys]
    .flatMap(([id, signingKey]) =>
      signingKey && id !== clientId && waiting.has(id) ? [{ clientId: id, signingKey }] : [],
    )
    .slice(-20);
}

/** Destroys what a person can read on this device: keys before rows. Must run inside a transaction over these tables. */
async function forgetPerson(database: LocalDatabase, userId: string): Promise<void> {
  const kids = await database.streams.where("user").equals(userId).primaryKeys();
  await database.users.delete(userId);
  await database.streams.bulkDelete(kids);
  await database.rows.where("kid").anyOf(kids).delete();
  await database.cursors.delete(userId);
  await database.hot.delete(userId);
  await database.kept.delete(userId);
}

/**
 * The clinic asked for it. Every key that opens what lies here goes in one step with the note that says so: from then on
 * nobody's PIN opens anything, and what was begun is brought to its end (local/wipe.ts) whatever happens between. The device
 * key stays, for the delivery of what waits.
 */
export async function destroyKeys(
  database: LocalDatabase,
  device: DeviceIdentity,
  practice: string | null,
): Promise<DeviceIdentity> {
  const wiped: DeviceIdentity = {
    ...device,
    secret: new Uint8Array(0),
    wipe: { at: instantNow(), practice, done: false },
  };
  await withReconnect(database, () =>
    database.transaction("rw", [database.users, database.streams, database.device], async () => {
      await database.users.clear();
      await database.streams.clear();
      await database.device.put(wiped);
    }),
  );
  return wiped;
}

/** A person's record and the keys that were opened. */
export interface Opened {
  readonly user: UserRecord;
  readonly keyring: Keyring;
}

/**
 * Checks a PIN. The try is counted on the disk before it is looked at, so that killing the tab gives no free ones.
 * @throws {LocalError} pin_wait (with retryAt), wrong_pin, damaged
 */
export async function tryPin(
  database: LocalDatabase,
  device: DeviceIdentity,
  userId: string,
  pin: string,
  derive: DeriveFromPin,
): Promise<Opened> {
  const user = await countTry(database, userId);
  const keyring = await unlockKeyring(userId, user.keys, pin, device.secret, derive);
  const clear = { wrongPins: 0, waitUntil: 0, lastUsedAt: instantNow() };
  await database.users.update(userId, clear);
  return { user: { ...user, ...clear }, keyring };
}

/** @throws {LocalError} pin_wait, unknown_user */
export async function countTry(database: LocalDatabase, userId: string): Promise<UserRecord> {
  const known = await withReconnect(database, () => database.users.get(userId));
  if (!known) throw new LocalError("unknown_user");
  const user = await withDueWait(database, known);
  if (user.waitUntil > now()) throw new LocalError("pin_wait", { retryAt: user.waitUntil });
  const wrongPins = user.wrongPins + 1;
  const waitUntil = waitAfter(wrongPins) > 0 ? now() + waitAfter(wrongPins) : 0;
  await database.users.update(userId, { wrongPins, waitUntil });
  return { ...user, wrongPins, waitUntil };
}

/** @throws {LocalError} pin_wait, wrong_pin, pin_too_short, pin_guessable */
export async function changePin(
  database: LocalDatabase,
  device: DeviceIdentity,
  userId: string,
  pins: { readonly old: string; readonly next: string },
  derive: DeriveFromPin,
): Promise<void> {
  const user = await countTry(database, userId);
  const { kdf, root } = await rewrapKeyring(userId, user.keys, pins, device.secret, derive);
  await database.transaction("rw", database.users, async () => {
    const now = await database.users.get(userId);
    if (!now) throw new LocalError("unknown_user");
    // A passkey may have come or gone meanwhile.
    await database.users.update(userId, { keys: { ...now.keys, kdf, root }, wrongPins: 0, waitUntil: 0 });
  });
}

/** Remembers what the clinic said, for the next unlock without it. */
export async function saveAccount(
  database: LocalDatabase,
  keyring: Keyring,
  account: Account,
  serverKey?: Session["serverKey"],
): Promise<void> {
  const sealed = await sealAccount(keyring, account);
  await withReconnect(database, () =>
    database.users.update(keyring.userId, {
      account: sealed,
      practice: account.practice.id,
      name: account.user.name,
      roles: account.user.roles,
      role: account.user.role,
      ...(serverKey ? { serverKey } : {}),
    }),
  );
}
