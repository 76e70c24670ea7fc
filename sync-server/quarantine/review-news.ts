import { can } from "#domain/access/can.ts";
import { waitingApprovals } from "#server/approval/index.ts";
import { waitingGlasses } from "#server/break-glass/index.ts";
import { waitingEmergencies } from "#server/emergency-access/index.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import { waitingFor } from "./review.ts";

/** What the database calls it when work is put apart, or somebody decided: no stream of rows. */
export const REVIEW_NEWS = "review";

/** What waits for this person now, in a form that tells whether it is still the same. */
async function waitingNow(practice: Practice, principal: Principal): Promise<string> {
  const items = can(principal.actor, "quarantine:read").allowed ? await waitingFor(practice, principal) : [];
  const accesses = can(principal.actor, "emergency:review").allowed
    ? await waitingEmergencies(practice, principal)
    : [];
  const glasses = can(principal.actor, "break-glass:review").allowed
    ? await waitingGlasses(practice, principal)
    : [];
  const approvals = can(principal.actor, "approval:read").allowed
    ? await waitingApprovals(practice, principal)
    : [];
  return [
    ...items.map(({ id }) => id),
    ...accesses,
    ...approvals,
    ...glasses.map(({ id, running }) => `${id} ${running}`),
  ]
    .sort()
    .join();
}

/**
 * Follows what waits for one person's review or decision. The function that it gives is called whenever something changed for anybody;
 * `tell` is called only when it changed for this person, who learns of others' work nothing, not even that there is some.
 */
export function followReview(practice: Practice, principal: Principal, tell: () => void): () => void {
  const reviews = (
    ["quarantine:read", "emergency:review", "break-glass:review", "approval:read"] as const
  ).some((permission) => can(principal.actor, permission).allowed);
  if (!reviews) return () => {};
  const look = () => waitingNow(practice, principal).catch(() => null);
  let known = look();
  return () => {
    // One after the other: each look begins when its news is known, and is compared with the one before.
    known = known.then(async (before) => {
      const after = await look();
      if (after !== before) tell();
      return after;
    });
  };
}
