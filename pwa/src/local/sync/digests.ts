import { sha256Hex } from "#domain/kernel/canonical.ts";
import { sleep } from "#domain/kernel/clock.ts";
import { type StreamDigest, streamDigest } from "#domain/sync/protocol.ts";
import type { ConfirmedRow } from "../store/rows.ts";

export const emptyDigest: StreamDigest = streamDigest([], sha256Hex);

/** A stream of so few rows is hashed in one go. Of more, a slice at a time with a frame between: taps come first. */
const FEW = 400;
const SLICE = 100;
const FRAME = 16;

/** The digests of these streams as they are held, by key id. */
export async function digestsByKey(
  rows: Iterable<ConfirmedRow>,
  kids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, StreamDigest>> {
  const byKey = new Map<string, ConfirmedRow[]>();
  for (const row of rows) {
    if (!kids.has(row.kid)) continue;
    const list = byKey.get(row.kid) ?? [];
    byKey.set(row.kid, list);
    list.push(row);
  }
  const digests = new Map<string, StreamDigest>();
  for (const [kid, list] of byKey) {
    let sum = emptyDigest;
    const slice = list.length > FEW ? SLICE : FEW;
    for (let i = 0; i < list.length; i += slice) {
      const part = streamDigest(list.slice(i, i + slice), sha256Hex);
      const xor = BigInt(`0x${sum.xor}`) ^ BigInt(`0x${part.xor}`);
      sum = { count: sum.count + part.count, xor: xor.toString(16).padStart(16, "0") };
      if (i + slice < list.length) await sleep(FRAME);
    }
    digests.set(kid, sum);
  }
  return digests;
}
