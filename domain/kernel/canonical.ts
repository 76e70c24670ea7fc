import { sha256 } from "@noble/hashes/sha2.js";
import canonicalizeJson from "canonicalize";
import { toHex, utf8 } from "./bytes.ts";

/**
 * RFC 8785 (JCS) text of a JSON value: the only form that is ever hashed or signed.
 * @throws {TypeError} for what JSON cannot hold (undefined, NaN, Infinity)
 */
export function canonical(value: unknown): string {
  const text = canonicalizeJson(value);
  if (text === undefined) throw new TypeError("value has no JSON form");
  return text;
}

/** SHA-256 as 64 hexadecimal digits. Text is hashed as UTF-8. */
export const sha256Hex = (data: string | Uint8Array): string =>
  toHex(sha256(typeof data === "string" ? utf8(data) : data));

/** SHA-256 of the RFC 8785 text of `value`, as hexadecimal. */
export const digest = (value: unknown): string => sha256Hex(canonical(value));
