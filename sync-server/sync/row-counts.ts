import { now } from "#domain/kernel/clock.ts";
import type { EntityManager } from "#server/database/database.ts";
import { perPractice } from "#server/practice/per-practice.ts";
import { names } from "./page.ts";

/** Milliseconds for which a count is good enough: it only decides how much of the past a tablet carries. */
const KEPT = 10 * 60_000;

interface Counted {
  readonly rows: number;
  readonly at: number;
}

/** How many records each stream holds, counted once in a while. */
export const rowCounts = perPractice(() => {
  const known = new Map<string, Counted>();
  return {
    async of(em: EntityManager, streams: readonly string[]): Promise<ReadonlyMap<string, number>> {
      const at = now();
      const unknown = streams.filter((stream) => Math.abs(at - (known.get(stream)?.at ?? 0)) > KEPT);
      if (unknown.length > 0) {
        const counted: { stream: string; rows: number }[] = await em.execute(
          "select stream, count(*)::int as rows from sync_row where stream = any(?::text[]) and op = 'put' group by stream",
          [names(unknown)],
        );
        const found = new Map(counted.map(({ stream, rows }) => [stream, rows]));
        for (const stream of unknown) known.set(stream, { rows: found.get(stream) ?? 0, at });
      }
      return new Map(streams.map((stream) => [stream, known.get(stream)!.rows]));
    },
  };
});
