import { type PasskeySession, passkeySessionSchema, requestOptionsSchema } from "#domain/access/passkey.ts";
import { fromBase64Url } from "#domain/kernel/bytes.ts";
import { instantNow, randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { type DeviceIdentity, newSigningPair, publicKeyOf } from "../local/keys/device-identity.ts";
import {
  type PasskeySecret,
  passkeyQuestion,
  pinKeyOf,
  rewrapForPasskey,
  unlockByPasskey,
  wrapForPasskey,
} from "../local/keys/passkey-wrap.ts";
import type { DeriveFromPin } from "../local/keys/pin.ts";
import { LocalError } from "../local/local-error.ts";
import { type LocalDatabase, type UserRecord, withReconnect } from "../local/store/database.ts";
import type { Access } from "./access.ts";
import { type Authenticator, browserAuthenticator } from "./authenticator.ts";
import { countTry, formerClients, type Opened } from "./people.ts";
import type { FirstSignIn } from "./session-options.ts";

interface PasskeyParts {
  readonly database: LocalDatabase;
  readonly access: Access;
  readonly authenticator?: Authenticator;
  readonly derive: DeriveFromPin;
}

/** Makes a passkey, or finds one. Null = it has no secret to give. */
export type MakePasskey = (
  authenticator: Pick<Authenticator, "create"> & {
    /** Asks the known passkey for its secret. */
    secretOf(credentialId: string): Promise<PasskeySecret | null>;
  },
  question: Uint8Array<ArrayBuffer>,
) => Promise<PasskeySecret | null>;

/** Opens the tablet with one of the person's passkeys. Works without the clinic; the PIN's waits do not count here. */
export async function unlockWithPasskey(
  { database, authenticator = browserAuthenticator }: PasskeyParts,
  device: DeviceIdentity,
  userId: string,
): Promise<Opened> {
  const user = await database.users.get(userId);
  const allow = user?.keys.passkeys?.map(({ credentialId }) => credentialId) ?? [];
  if (!user || allow.length === 0) throw new LocalError("no_passkey");
  const question = await passkeyQuestion(device.secret);
  const { secret } = await authenticator.get(randomBytes(32), question, allow);
  if (!secret) throw new LocalError("no_passkey");
  return openWith(database, device, user, secret);
}

async function openWith(
  database: LocalDatabase,
  device: DeviceIdentity,
  user: UserRecord,
  secret: PasskeySecret,
): Promise<Opened> {
  const keyring = await unlockByPasskey(user.id, user.keys, secret, device.secret);
  const lastUsedAt = instantNow();
  await database.users.update(user.id, { lastUsedAt });
  return { user: { ...user, lastUsedAt }, keyring };
}

export interface SignedIn {
  readonly session: PasskeySession;
  /** For somebody without keys here; `wrap` makes the same passkey open them, when it has a secret. */
  readonly first: FirstSignIn | null;
  /** Opens the keys that are here with the same touch; absent where the PIN is needed. */
  readonly open: (() => Promise<Opened>) | undefined;
}

/** Signs in whoever the passkey belongs to. @throws {LocalError} offline, no_passkey · {ApiError} passkey_refused … */
export async function signInWithPasskey(
  { access, database, authenticator = browserAuthenticator }: PasskeyParts,
  device: DeviceIdentity,
  isKnown: (userId: string) => boolean,
): Promise<SignedIn> {
  const { challenge } = await access.post("/api/session/passkey/options", {}, requestOptionsSchema);
  const question = await passkeyQuestion(device.secret);
  const { assertion, secret } = await authenticator.get(fromBase64Url(challenge), question);
  const userId = new TextDecoder().decode(fromBase64Url(assertion.response.userHandle));
  const known = isKnown(userId) ? await database.users.get(userId) : undefined;
  const fresh = known ? null : { clientId: newId(), pair: await newSigningPair() };
  const signingKey = fresh ? await publicKeyOf(fresh.pair.publicKey) : known?.keys.signingPublic;
  const session = await access.post(
    "/api/session/passkey",
    {
      assertion,
      device: {
        id: device.id,
        name: device.name,
        key: device.publicKey,
        clientId: fresh?.clientId ?? known?.clientId,
        signingKey,
        formerClients: await formerClients(database, userId, known?.clientId),
      },
    },
    passkeySessionSchema,
  );
  if (session.user.id !== userId) throw new LocalError("no_passkey");
  if (known && known.username !== session.username)
    await database.users.update(userId, { username: session.username });
  const opens =
    secret && known?.keys.passkeys?.some(({ credentialId }) => credentialId === secret.credentialId);
  return {
    session,
    first: fresh && {
      session,
      username: session.username,
      ...fresh,
      wrap: secret ? (raw) => wrapForPasskey(userId, raw, secret, device.secret) : undefined,
    },
    open: opens ? () => openWith(database, device, known!, secret) : undefined,
  };
}

/**
 * Lets a passkey open this tablet. The PIN is looked at first and is needed: the root key cannot be taken out of an
 * unlocked session.
 * @returns whether the passkey unlocks from now on; false for one without a secret
 * @throws {LocalError} wrong_pin, pin_wait, no_passkey · what `make` throws
 */
export async function addPasskey(
  { database, derive, authenticator = browserAuthenticator }: PasskeyParts,
  device: DeviceIdentity,
  userId: string,
  pin: string,
  make: MakePasskey,
): Promise<boolean> {
  const user = await countTry(database, userId);
  const pinKey = await pinKeyOf(userId, user.keys, pin, device.secret, derive);
  await database.users.update(userId, { wrongPins: 0, waitUntil: 0 });
  const question = await passkeyQuestion(device.secret);
  const secret = await make(
    {
      create: authenticator.create,
      secretOf: async (credentialId) =>
        (await authenticator.get(randomBytes(32), question, [credentialId])).secret,
    },
    question,
  );
  if (!secret) return false;
  const wrap = await rewrapForPasskey(userId, user.keys, pinKey, secret, device.secret);
  await database.transaction("rw", database.users, async () => {
    const now = await database.users.get(userId);
    if (!now) throw new LocalError("unknown_user");
    const others = (now.keys.passkeys ?? []).filter(({ credentialId }) => credentialId !== wrap.credentialId);
    await database.users.update(userId, { keys: { ...now.keys, passkeys: [...others, wrap] } });
  });
  return true;
}

/** Destroys what passkeys other than these open on this device. */
export const keepPasskeys = (
  database: LocalDatabase,
  userId: string,
  kept: readonly string[],
): Promise<void> =>
  withReconnect(database, () =>
    database.transaction("rw", database.users, async () => {
      const keys = (await database.users.get(userId))?.keys;
      const passkeys = keys?.passkeys?.filter(({ credentialId }) => kept.includes(credentialId));
      if (keys && passkeys?.length !== keys.passkeys?.length)
        await database.users.update(userId, { keys: { ...keys, passkeys: passkeys ?? [] } });
    }),
  );
