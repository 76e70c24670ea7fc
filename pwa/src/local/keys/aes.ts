import { utf8 } from "#domain/kernel/bytes.ts";
import { randomBytes } from "#domain/kernel/clock.ts";
import { LocalError } from "../local-error.ts";

/** AES-256-GCM output: 12 bytes iv, ciphertext with its 16-byte tag. */
export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly ct: Uint8Array<ArrayBuffer>;
}

export type Bytes = Uint8Array<ArrayBuffer>;

/** Seals bytes. `context` is bound to them: they open only where the same context is given again. */
export async function seal(key: CryptoKey, plain: Bytes, context: string): Promise<Sealed> {
  const iv = randomBytes(12);
  const ct = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(context) }, key, plain);
  return { iv, ct: new Uint8Array(ct) };
}

/** @throws {LocalError} damaged: changed on disk, or sealed for another place */
export async function open(key: CryptoKey, sealed: Sealed, context: string): Promise<Bytes> {
  try {
    const plain = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: sealed.iv, additionalData: utf8(context) },
      key,
      sealed.ct,
    );
    return new Uint8Array(plain);
  } catch (cause) {
    throw new LocalError("damaged", { cause });
  }
}

export const sealJson = (key: CryptoKey, value: unknown, context: string): Promise<Sealed> =>
  seal(key, utf8(JSON.stringify(value)), context);

/** The caller names the type it sealed there; the context makes sure that nothing else can open. */
export async function openJson<T>(key: CryptoKey, sealed: Sealed, context: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await open(key, sealed, context))) as T;
}

export const importAesKey = (
  raw: Bytes,
  usages: readonly ("encrypt" | "decrypt")[] = ["encrypt", "decrypt"],
): Promise<CryptoKey> => crypto.subtle.importKey("raw", raw, "AES-GCM", false, [...usages]);

/**
 * A new AES-256 key, sealed under `wrapping` and in memory as a non-extractable key. Its raw bytes exist only inside
 * this function.
 */
export async function newWrappedKey(
  wrapping: CryptoKey,
  context: string,
): Promise<{ key: CryptoKey; wrapped: Sealed }> {
  const raw = randomBytes(32);
  try {
    return { wrapped: await seal(wrapping, raw, context), key: await importAesKey(raw) };
  } finally {
    raw.fill(0);
  }
}

/** @throws {LocalError} damaged */
export async function unwrapKey(wrapping: CryptoKey, wrapped: Sealed, context: string): Promise<CryptoKey> {
  const raw = await open(wrapping, wrapped, context);
  try {
    return await importAesKey(raw);
  } finally {
    raw.fill(0);
  }
}
