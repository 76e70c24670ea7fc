import { after, instantNow } from "#domain/kernel/clock.ts";
import type { Practice } from "#server/practice/practice.ts";
import { verifyAudit } from "./verify-database.ts";

/** Milliseconds between two runs. */
const EVERY = 5 * 60_000;
/** The first run waits until the server has started. */
const FIRST = 10_000;

/**
 * Recomputes the audit chain again and again while the server runs, so that "verified through …" on the dashboard is a
 * fact of the last minutes. Returns what ends it.
 */
export function keepAuditVerified(practice: Pick<Practice, "database" | "checkpoints" | "log">): () => void {
  let cancel = () => {};
  let ended = false;
  const run = async () => {
    await verifyNow(practice).catch((error: unknown) =>
      practice.log.error({ err: error instanceof Error ? error.message : "unknown" }, "audit not verified"),
    );
    if (!ended) cancel = after(EVERY, () => void run());
  };
  cancel = after(FIRST, () => void run());
  return () => {
    ended = true;
    cancel();
  };
}

/** One run; what it found is kept for the dashboard. */
export async function verifyNow({
  database,
  checkpoints,
}: Pick<Practice, "database" | "checkpoints">): Promise<void> {
  const em = database.em.fork();
  const verdict = await verifyAudit(em, checkpoints.key);
  const [through, head, fault] = verdict.whole
    ? [verdict.records, verdict.head, null]
    : [verdict.seq - 1, "", verdict.fault];
  await em.execute(
    `insert into audit_verification(only_one, through, whole, fault, head, verified_at) values (true, ?, ?, ?, ?, ?)
     on conflict (only_one) do update set through = excluded.through, whole = excluded.whole, fault = excluded.fault,
       head = excluded.head, verified_at = excluded.verified_at`,
    [through, verdict.whole, fault, head, instantNow()],
  );
}
