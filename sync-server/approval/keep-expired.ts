import { every } from "#domain/kernel/clock.ts";
import type { Practice } from "#server/practice/practice.ts";
import { expire } from "./approvals.ts";

/** Milliseconds between two looks. */
const EVERY = 60_000;

/**
 * Marks requests that ran out while the server runs, so that a banner does not go on warning of a merge that nobody can
 * approve any more. Nothing is ever carried out by a timer. Returns what ends it.
 */
export const keepApprovalsExpired = (practice: Practice): (() => void) =>
  every(EVERY, () =>
    expire(practice).catch((error: unknown) =>
      practice.log.error(
        { err: error instanceof Error ? error.message : "unknown" },
        "approvals not expired",
      ),
    ),
  );
