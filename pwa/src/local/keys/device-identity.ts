import { toBase64Url, utf8 } from "#domain/kernel/bytes.ts";
import { now, randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { type PublicKey, publicKeySchema } from "#domain/sync/session.ts";
import type { Bytes } from "./aes.ts";

/**
 * This browser profile. The private key cannot leave the browser: it proves the device to the clinic while everybody
 * is locked out (deliver, heartbeat, uploads).
 */
export interface DeviceIdentity {
  readonly key: "this";
  readonly id: string;
  readonly name: string;
  readonly signing: CryptoKey;
  readonly publicKey: PublicKey;
  /** Goes into every PIN derivation. */
  readonly secret: Bytes;
  /** The clinic asked for it to be wiped: what was begun goes on at the next start. */
  readonly wipe?: DeviceWipe;
}

export interface DeviceWipe {
  readonly at: string;
  /** The clinic it was: a device's proof names it. Null when no record said. */
  readonly practice: string | null;
  /** All that waited was delivered, and nothing of the former device is left. */
  readonly done: boolean;
}

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;
export const ES256 = { name: "ECDSA", hash: "SHA-256" } as const;

export async function publicKeyOf(key: CryptoKey): Promise<PublicKey> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", key);
  return publicKeySchema.parse({ kty, crv, x, y });
}

export async function newDeviceIdentity(name: string): Promise<DeviceIdentity> {
  const pair = await crypto.subtle.generateKey(P256, false, ["sign", "verify"]);
  return {
    key: "this",
    id: newId(),
    name,
    signing: pair.privateKey,
    publicKey: await publicKeyOf(pair.publicKey),
    secret: randomBytes(32),
  };
}

/** A user-on-device signing key, extractable only until its private part was wrapped. */
export const newSigningPair = (): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey(P256, true, ["sign", "verify"]);

export const importSigningKey = (pkcs8: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey("pkcs8", pkcs8, P256, false, ["sign"]);

/** ECDSA P-256 SHA-256 in IEEE P1363 form, base64url. */
export const signText = async (key: CryptoKey, text: string): Promise<string> =>
  toBase64Url(new Uint8Array(await crypto.subtle.sign(ES256, key, utf8(text))));

/**
 * A proof that this device made this one request (compact JWS, ES256). `practiceId` is the audience; `url` has no query.
 * `skew` is how many seconds this clock is ahead of the clinic's: a proof is good for minutes by the clinic's clock, and a
 * tablet whose clock is wrong has no other way to deliver while it is locked.
 */
export async function deviceProof(
  identity: Pick<DeviceIdentity, "id" | "signing">,
  request: {
    readonly practiceId: string;
    readonly method: string;
    readonly url: string;
    readonly skew: number;
  },
): Promise<string> {
  const part = (value: unknown) => toBase64Url(utf8(JSON.stringify(value)));
  const head = part({ alg: "ES256", typ: "JWT" });
  const body = part({
    iss: identity.id,
    aud: request.practiceId,
    iat: Math.floor(now() / 1000 - request.skew),
    jti: newId(),
    htm: request.method,
    htu: request.url,
  });
  return `${head}.${body}.${await signText(identity.signing, `${head}.${body}`)}`;
}
