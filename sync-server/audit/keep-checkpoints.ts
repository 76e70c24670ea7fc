import { every } from "#domain/kernel/clock.ts";
import type { Practice } from "#server/practice/practice.ts";

/** Milliseconds, and records, after which the head of the log is signed anew. */
const EVERY = 60_000;
const RECORDS = 100;

/** Signs the head of the audit log again and again while the server runs. Returns what ends it. */
export function keepCheckpoints({
  ledger,
  checkpoints,
  log,
}: Pick<Practice, "ledger" | "checkpoints" | "log">): () => void {
  let unsigned = 0;
  let signing = false;
  const sign = async (): Promise<void> => {
    if (signing) return;
    signing = true;
    unsigned = 0;
    try {
      await checkpoints.make();
    } catch (error) {
      log.error({ err: error instanceof Error ? error.message : "unknown" }, "audit log not signed");
    }
    signing = false;
  };
  const ends = [
    ledger.onSealed((records) => {
      unsigned += records;
      if (unsigned >= RECORDS) void sign();
    }),
    every(EVERY, sign),
  ];
  void sign();
  return () => {
    for (const end of ends) end();
  };
}
