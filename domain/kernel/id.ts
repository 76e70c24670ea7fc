import { sha256 } from "@noble/hashes/sha2.js";
import * as z from "zod";
import { toHex, utf8 } from "./bytes.ts";
import { now, randomBytes } from "./clock.ts";

/** Any record id: a UUID in lower case, as PostgreSQL prints it. */
export const idSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, "must be a lower-case UUID");

const format = (bytes: Uint8Array, version: number): string => {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** A new record id: UUID version 7 (RFC 9562), so that ids sort by the time they were made. */
export function newId(): string {
  const bytes = randomBytes(16);
  let milliseconds = now();
  for (let i = 5; i >= 0; i--) {
    bytes[i] = milliseconds % 256;
    milliseconds = Math.floor(milliseconds / 256);
  }
  return format(bytes, 7);
}

/**
 * The id that follows from other ids (UUID version 8 over SHA-256): two tablets that start the same encounter
 * offline name it alike, so their work meets in one record instead of two.
 */
export const deriveId = (kind: string, ...parts: string[]): string =>
  format(sha256(utf8([kind, ...parts].join("\u0000"))).slice(0, 16), 8);
