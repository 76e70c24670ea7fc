import { Secret, TOTP } from "otpauth";
import { randomBytes } from "#domain/kernel/clock.ts";
import type { KeyStore } from "#server/keys/key-store.ts";

/** Seconds, digits and hash that every authenticator app knows (RFC 6238). */
const form = { algorithm: "SHA1", digits: 6, period: 30 } as const;
/** Steps before and after the present one: a phone's clock is seldom further off. */
const WINDOW = 1;
/** 160 bits, as RFC 4226 recommends. */
const SECRET_BYTES = 20;

const contextOf = (factorId: string): string => `totp|${factorId}`;

/** Sealed under the practice key, which lies apart from the database. */
export const sealSecret = (keys: KeyStore, factorId: string, secret: Uint8Array): Buffer =>
  keys.sealForPractice(secret, contextOf(factorId));
export const openSecret = (keys: KeyStore, factorId: string, sealed: Uint8Array): Uint8Array =>
  keys.openForPractice(sealed, contextOf(factorId));

export const newSecret = (): Uint8Array => randomBytes(SECRET_BYTES);

const totpOf = (secret: Uint8Array, names: { issuer?: string; label?: string } = {}): TOTP =>
  new TOTP({ ...form, ...names, secret: new Secret({ buffer: new Uint8Array(secret).buffer }) });

/** What the app reads from the QR code, and the same to type. */
export function wordsFor(secret: Uint8Array, issuer: string, label: string): { secret: string; uri: string } {
  const totp = totpOf(secret, { issuer, label });
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** @returns the time step whose code it is, or null */
export function stepOf(secret: Uint8Array, code: string, at: number): number | null {
  const totp = totpOf(secret);
  const delta = totp.validate({ token: code, timestamp: at, window: WINDOW });
  return delta === null ? null : totp.counter({ timestamp: at }) + delta;
}
