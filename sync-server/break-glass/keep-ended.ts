import { every, instantNow } from "#domain/kernel/clock.ts";
import type { Practice } from "#server/practice/practice.ts";
import { endOver } from "./end.ts";

/** Milliseconds between two looks. Nobody reads any longer for that: only the row goes a little later. */
const EVERY = 5_000;

async function look(practice: Practice): Promise<void> {
  const over = await practice.database.em
    .fork()
    .execute("select 1 from break_glass where ended_at is null and until <= ? limit 1", [instantNow()]);
  if (over.length > 0) await practice.ledger.transact(endOver);
}

/** Writes down which restricted charts closed by themselves, and tells the tablets. Returns what ends it. */
export const keepGlassEnded = (practice: Practice): (() => void) =>
  every(EVERY, () =>
    look(practice).catch((error: unknown) =>
      practice.log.error(
        { err: error instanceof Error ? error.message : "unknown" },
        "break-glass accesses not ended",
      ),
    ),
  );
