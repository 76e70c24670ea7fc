import { concatBytes, utf8 } from "#domain/kernel/bytes.ts";
import { randomBytes } from "#domain/kernel/clock.ts";
import { LocalError } from "../local-error.ts";
import { type Bytes, open, seal } from "./aes.ts";
import {
  type Keyring,
  openKeyring,
  type PasskeyWrap,
  pinKey,
  rootContext,
  type WrappedKeyring,
} from "./keyring.ts";
import type { DeriveFromPin } from "./pin.ts";

/** What a passkey's pseudo-random function (WebAuthn PRF) gave for this device; it never leaves the tablet. */
export interface PasskeySecret {
  readonly credentialId: string;
  /** HKDF, non-extractable. */
  readonly key: CryptoKey;
}

/** Takes over the authenticator's output; the bytes themselves are gone afterwards. */
export async function passkeySecret(credentialId: string, output: Bytes): Promise<PasskeySecret> {
  const key = await crypto.subtle.importKey("raw", output, "HKDF", false, ["deriveKey"]);
  output.fill(0);
  return { credentialId, key };
}

/**
 * What the authenticator is asked for. One question for everybody on a device, since at sign-in nobody knows yet who
 * answers; that two wraps have different keys is the doing of their salts.
 */
export async function passkeyQuestion(deviceSecret: Bytes): Promise<Bytes> {
  const text = concatBytes(utf8("jamemr|passkey|1|"), deviceSecret);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", text));
}

/** The device's own secret is in it, as for the PIN: a wrap that was copied away does not open elsewhere. */
const wrappingKey = (
  userId: string,
  { credentialId, key }: PasskeySecret,
  salt: Bytes,
  deviceSecret: Bytes,
): Promise<CryptoKey> =>
  crypto.subtle.deriveKey(
    {
      name: "HKDF",
      hash: "SHA-256",
      salt: concatBytes(salt, deviceSecret),
      info: utf8(`jamemr|passkey|${userId}|${credentialId}|1`),
    },
    key,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );

/** The root key once more, under what the passkey gives. */
export async function wrapForPasskey(
  userId: string,
  rawRoot: Bytes,
  secret: PasskeySecret,
  deviceSecret: Bytes,
): Promise<PasskeyWrap> {
  const salt = randomBytes(32);
  const key = await wrappingKey(userId, secret, salt, deviceSecret);
  return { credentialId: secret.credentialId, salt, root: await seal(key, rawRoot, rootContext(userId)) };
}

/** The key that the right PIN gives, for a step that needs the root key later on. @throws {LocalError} wrong_pin */
export async function pinKeyOf(
  userId: string,
  wrapped: WrappedKeyring,
  pin: string,
  secret: Bytes,
  derive: DeriveFromPin,
): Promise<CryptoKey> {
  const key = await pinKey(pin, wrapped.kdf, secret, derive);
  try {
    (await open(key, wrapped.root, rootContext(userId))).fill(0);
    return key;
  } catch (cause) {
    throw new LocalError("wrong_pin", { cause });
  }
}

/** @param byPin the key that the right PIN gave; the root key itself never leaves this function */
export async function rewrapForPasskey(
  userId: string,
  wrapped: WrappedKeyring,
  byPin: CryptoKey,
  secret: PasskeySecret,
  deviceSecret: Bytes,
): Promise<PasskeyWrap> {
  const rawRoot = await open(byPin, wrapped.root, rootContext(userId));
  try {
    return await wrapForPasskey(userId, rawRoot, secret, deviceSecret);
  } finally {
    rawRoot.fill(0);
  }
}

/** @throws {LocalError} no_passkey: not wrapped for this one, or by another device or person; damaged */
export async function unlockByPasskey(
  userId: string,
  wrapped: WrappedKeyring,
  secret: PasskeySecret,
  deviceSecret: Bytes,
): Promise<Keyring> {
  const wrap = wrapped.passkeys?.find(({ credentialId }) => credentialId === secret.credentialId);
  if (!wrap) throw new LocalError("no_passkey");
  const key = await wrappingKey(userId, secret, wrap.salt, deviceSecret);
  const rawRoot = await open(key, wrap.root, rootContext(userId)).catch((cause: unknown) => {
    throw new LocalError("no_passkey", { cause });
  });
  return openKeyring(userId, wrapped, rawRoot);
}
