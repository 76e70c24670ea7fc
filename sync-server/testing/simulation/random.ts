import { sha256Hex } from "#domain/kernel/canonical.ts";

/** A source of chance that follows from its seed alone. */
export interface Random {
  /** 0 ≤ x < 1 */
  next(): number;
  /** A whole number, 0 ≤ x < `below`. */
  below(below: number): number;
  chance(probability: number): boolean;
  /** @throws {RangeError} for an empty list */
  pick<T>(list: readonly T[]): T;
  /** By weight; entries without weight are never taken. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T;
  shuffle<T>(list: readonly T[]): T[];
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/** xoshiro128** over a hash of the words that name the source: the same words give the same numbers, everywhere. */
export function createRandom(...words: readonly (string | number)[]): Random {
  const hash = sha256Hex(words.join("\u0000"));
  let [a, b, c, d] = [0, 8, 16, 24].map((at) => Number.parseInt(hash.slice(at, at + 8), 16) >>> 0) as [
    number,
    number,
    number,
    number,
  ];
  const rotate = (x: number, by: number) => ((x << by) | (x >>> (32 - by))) >>> 0;
  const uint32 = () => {
    const result = Math.imul(rotate(Math.imul(b, 5) >>> 0, 7), 9) >>> 0;
    const t = (b << 9) >>> 0;
    c = (c ^ a) >>> 0;
    d = (d ^ b) >>> 0;
    b = (b ^ c) >>> 0;
    a = (a ^ d) >>> 0;
    c = (c ^ t) >>> 0;
    d = rotate(d, 11);
    return result;
  };
  const next = () => uint32() / 4_294_967_296;
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new RangeError("nothing to choose from");
    return list[below(list.length)] as T;
  };
  return {
    next,
    below,
    pick,
    chance: (probability) => next() < probability,
    weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
      const entries = Object.entries(weights) as [T, number][];
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [name, weight] of entries) {
        left -= weight;
        if (left < 0) return name;
      }
      return pick(entries.filter(([, weight]) => weight > 0))[0];
    },
    shuffle<T>(list: readonly T[]): T[] {
      const mixed = [...list];
      for (let i = mixed.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T];
      }
      return mixed;
    },
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let i = 0; i < length; i++) bytes[i] = uint32() & 0xff;
      return bytes;
    },
  };
}
