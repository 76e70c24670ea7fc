import { randomBytes } from "#domain/kernel/clock.ts";
import type { PublicKey } from "#domain/sync/session.ts";
import { LocalError } from "../local-error.ts";
import { type Bytes, importAesKey, open, type Sealed, seal } from "./aes.ts";
import { importSigningKey, publicKeyOf } from "./device-identity.ts";
import {
  type DeriveFromPin,
  isGuessable,
  type KdfParameters,
  MIN_PIN_LENGTH,
  newKdfParameters,
  normalPin,
} from "./pin.ts";

/** What an unlocked session can do. All non-extractable; dropping the object drops the session. */
export interface Keyring {
  readonly userId: string;
  /** AES-256-GCM: wraps stream keys and content keys, seals the session's own records. */
  readonly root: CryptoKey;
  /** ECDSA P-256: signs outbox envelopes. */
  readonly signing: CryptoKey;
  /** HMAC-SHA-256: turns record ids into row names that say nothing. */
  readonly index: CryptoKey;
}

/** The root key under what a passkey gives on this device (passkey-wrap.ts). */
export interface PasskeyWrap {
  readonly credentialId: string;
  readonly salt: Bytes;
  readonly root: Sealed;
}

/** The keyring as it lies on disk. */
export interface WrappedKeyring {
  readonly kdf: KdfParameters;
  /** Root key under Argon2id(PIN, device secret). */
  readonly root: Sealed;
  /** Besides the PIN, never instead of it: a lost authenticator locks nobody out of unsent work. */
  readonly passkeys?: readonly PasskeyWrap[];
  /** PKCS #8 under the root key. */
  readonly signing: Sealed;
  readonly signingPublic: PublicKey;
  readonly index: Sealed;
}

const context = (what: string, userId: string) => `key|${what}|${userId}|1`;

export const rootContext = (userId: string): string => context("root", userId);

const importIndexKey = (raw: Bytes) =>
  crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);

/** @throws {LocalError} pin_too_short, pin_guessable */
export function checkNewPin(pin: string): string {
  const normal = normalPin(pin);
  if ([...normal].length < MIN_PIN_LENGTH) throw new LocalError("pin_too_short");
  if (isGuessable(normal)) throw new LocalError("pin_guessable");
  return normal;
}

/** The key that a PIN gives, right or wrong. */
export async function pinKey(pin: string, kdf: KdfParameters, secret: Bytes, derive: DeriveFromPin) {
  const raw = await derive(normalPin(pin), kdf, secret);
  try {
    return await importAesKey(raw);
  } finally {
    raw.fill(0);
  }
}

/**
 * Makes a person's keys on this device. `pair` was sent at sign-in and is extractable until now; afterwards only the
 * returned keyring and its wrapped form are left.
 * @throws {LocalError} pin_too_short, pin_guessable
 */
export async function createKeyring(options: {
  readonly userId: string;
  readonly pin: string;
  readonly secret: Bytes;
  readonly pair: CryptoKeyPair;
  readonly derive: DeriveFromPin;
  readonly kdf?: KdfParameters;
  /** Wraps the root key for the passkey that was signed in with; must not keep the bytes. */
  readonly wrap?: ((rawRoot: Bytes) => Promise<PasskeyWrap>) | undefined;
}): Promise<{ keyring: Keyring; wrapped: WrappedKeyring }> {
  const { userId, pair } = options;
  const pin = checkNewPin(options.pin);
  const kdf = options.kdf ?? newKdfParameters();
  const rawRoot = randomBytes(32);
  const rawIndex = randomBytes(32);
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  try {
    const root = await importAesKey(rawRoot);
    const wrapped: WrappedKeyring = {
      kdf,
      root: await seal(await pinKey(pin, kdf, options.secret, options.derive), rawRoot, rootContext(userId)),
      passkeys: options.wrap ? [await options.wrap(rawRoot)] : [],
      signing: await seal(root, pkcs8, context("signing", userId)),
      signingPublic: await publicKeyOf(pair.publicKey),
      index: await seal(root, rawIndex, context("index", userId)),
    };
    const keyring = {
      userId,
      root,
      signing: await importSigningKey(pkcs8),
      index: await importIndexKey(rawIndex),
    };
    return { keyring, wrapped };
  } finally {
    for (const secret of [rawRoot, rawIndex, pkcs8]) secret.fill(0);
  }
}

/** @throws {LocalError} wrong_pin */
async function openRoot(
  userId: string,
  wrapped: WrappedKeyring,
  pin: string,
  secret: Bytes,
  derive: DeriveFromPin,
): Promise<Bytes> {
  const key = await pinKey(pin, wrapped.kdf, secret, derive);
  try {
    return await open(key, wrapped.root, rootContext(userId));
  } catch (cause) {
    throw new LocalError("wrong_pin", { cause });
  }
}

/** @throws {LocalError} wrong_pin, damaged */
export async function unlockKeyring(
  userId: string,
  wrapped: WrappedKeyring,
  pin: string,
  secret: Bytes,
  derive: DeriveFromPin,
): Promise<Keyring> {
  return openKeyring(userId, wrapped, await openRoot(userId, wrapped, pin, secret, derive));
}

/** The session's keys. The bytes of the root key are gone afterwards. @throws {LocalError} damaged */
export async function openKeyring(userId: string, wrapped: WrappedKeyring, rawRoot: Bytes): Promise<Keyring> {
  const root = await importAesKey(rawRoot).finally(() => rawRoot.fill(0));
  const pkcs8 = await open(root, wrapped.signing, context("signing", userId));
  const rawIndex = await open(root, wrapped.index, context("index", userId));
  try {
    return {
      userId,
      root,
      signing: await importSigningKey(pkcs8),
      index: await importIndexKey(rawIndex),
    };
  } finally {
    pkcs8.fill(0);
    rawIndex.fill(0);
  }
}

/**
 * Wraps the same root key under another PIN; the root key itself never leaves this function.
 * @throws {LocalError} wrong_pin, pin_too_short, pin_guessable
 */
export async function rewrapKeyring(
  userId: string,
  wrapped: WrappedKeyring,
  pins: { readonly old: string; readonly next: string },
  secret: Bytes,
  derive: DeriveFromPin,
): Promise<WrappedKeyring> {
  const next = checkNewPin(pins.next);
  const rawRoot = await openRoot(userId, wrapped, pins.old, secret, derive);
  try {
    const kdf = newKdfParameters(wrapped.kdf.memoryKiB, wrapped.kdf.iterations);
    const root = await seal(await pinKey(next, kdf, secret, derive), rawRoot, rootContext(userId));
    return { ...wrapped, kdf, root };
  } finally {
    rawRoot.fill(0);
  }
}
