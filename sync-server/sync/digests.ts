import { patientOfStream } from "#domain/access/scope.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { PullRequest, StreamDigest } from "#domain/sync/protocol.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { Principal } from "#server/identity/principal.ts";
import { names } from "./page.ts";

/** The first 8 bytes of SHA-256(`id:version`) as a signed number, which PostgreSQL can XOR over a group. */
const ROW_HASH =
  "('x' || substr(encode(sha256(convert_to(id::text || ':' || version, 'UTF8')), 'hex'), 1, 16))::bit(64)::bigint";

/** Digests of whole streams as `streamDigest` makes them on a device, over the tables that the role may read. */
export async function digestsOf(
  em: EntityManager,
  streams: readonly string[],
  kinds: readonly string[],
): Promise<Record<string, StreamDigest>> {
  if (streams.length === 0) return {};
  const list = names(streams);
  const sums = new Map(streams.map((stream) => [stream, { count: 0, xor: 0n }]));
  const present: { kind: string }[] = await em.execute(
    "select distinct kind from sync_row where stream = any(?::text[]) and op = 'put'",
    [list],
  );
  for (const { kind } of present) {
    if (!kinds.includes(kind)) continue;
    const rows: { stream: string; count: string; xor: string }[] = await em.execute(
      `select stream, count(*) as count, bit_xor(${ROW_HASH}) as xor from "${kind}"
       where stream = any(?::text[]) group by stream`,
      [list],
    );
    for (const { stream, count, xor } of rows) {
      const sum = sums.get(stream)!;
      sum.count += Number(count);
      sum.xor ^= BigInt.asUintN(64, BigInt(xor));
    }
  }
  return Object.fromEntries(
    [...sums].map(([stream, { count, xor }]) => [stream, { count, xor: xor.toString(16).padStart(16, "0") }]),
  );
}

/** A stream's sort, without whose it is. */
const kindOf = (stream: string): string => stream.split(":")[0]!;

/**
 * Writes down what a device found when it compared: once for each generation of a stream, with both values. Practice IT
 * sees the numbers; whose chart it was stands in the log alone.
 */
export async function recordMismatches(
  { em, audit }: LedgerTransaction,
  principal: Principal,
  { clientId, mismatches }: PullRequest,
  present: readonly { stream: string; generation: number }[],
): Promise<void> {
  const fresh = mismatches.filter(({ stream, generation }) =>
    present.some((held) => held.stream === stream && held.generation === generation),
  );
  for (const { stream, held, expected } of fresh) {
    await em.execute(
      `insert into sync_mismatch(id, device_id, kind, held_count, held_xor, expected_count, expected_xor, found_at)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        newId(),
        principal.session!.deviceId,
        kindOf(stream),
        held.count,
        held.xor,
        expected.count,
        expected.xor,
        instantNow(),
      ],
    );
    const patientId = patientOfStream(stream);
    audit({
      actor: principal.audit,
      action: "sync.mismatch",
      outcome: "error",
      resource: { type: "client", id: clientId },
      ...(patientId && { patientId }),
      before: `${held.count} ${held.xor}`,
      after: `${expected.count} ${expected.xor}`,
    });
  }
}
