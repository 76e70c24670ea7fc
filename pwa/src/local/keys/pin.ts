import { randomBytes } from "#domain/kernel/clock.ts";
import type { Bytes } from "./aes.ts";

/** Stored beside each wrap, so that a later release may ask for more without locking anybody out. */
export interface KdfParameters {
  readonly name: "argon2id";
  readonly memoryKiB: number;
  readonly iterations: number;
  readonly parallelism: number;
  readonly salt: Bytes;
}

/**
 * Turns a PIN into 32 bytes with Argon2id. `secret` is the device's random secret (RFC 9106 §3.1, K), so that a wrap
 * copied without the device's own record cannot be guessed at.
 */
export type DeriveFromPin = (pin: string, parameters: KdfParameters, secret: Bytes) => Promise<Bytes>;

/** Characters. A passphrase is a longer PIN. */
export const MIN_PIN_LENGTH = 8;
const FREE_TRIES = 5;
const FIRST_WAIT = 30_000;
const LONGEST_WAIT = 15 * 60_000;

/** 64 MiB and three passes (RFC 9106 §4, second recommended option, for one lane). */
export const newKdfParameters = (memoryKiB = 64 * 1024, iterations = 3): KdfParameters => ({
  name: "argon2id",
  memoryKiB,
  iterations,
  parallelism: 1,
  salt: randomBytes(16),
});

/**
 * Milliseconds to wait after `wrong` wrong PINs in a row: none for the first four, 30 s after the fifth, then doubling
 * to 15 minutes. Nothing is ever destroyed: a child with the tablet must not cost anybody their notes.
 */
export const waitAfter = (wrong: number): number =>
  wrong < FREE_TRIES ? 0 : Math.min(FIRST_WAIT * 2 ** Math.min(wrong - FREE_TRIES, 20), LONGEST_WAIT);

/** What is tried first on a found tablet: one or two characters again and again, a run up or down, a half said twice. */
export function isGuessable(pin: string): boolean {
  const codes = [...pin].map((character) => character.codePointAt(0)!);
  const steps = codes.slice(1).map((code, i) => code - codes[i]!);
  const isRun = Math.abs(steps[0] ?? 0) === 1 && new Set(steps).size === 1;
  const half = pin.length / 2;
  return new Set(codes).size <= 2 || isRun || pin.slice(0, half) === pin.slice(half);
}

/** Unicode forms of the same keys must give the same bytes on every keyboard. */
export const normalPin = (pin: string): string => pin.normalize("NFKC");
