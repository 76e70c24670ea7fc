import type { Role } from "#domain/access/roles.ts";
import { mayOpenChart } from "#domain/access/scope.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { mayTake, sortOf } from "#domain/sync/review.ts";
import type { ReviewDecision } from "#domain/sync/review-items.ts";
import { restrictedCharts } from "#server/chart/index.ts";
import type { EntityManager } from "#server/database/database.ts";

export interface HandedTo {
  readonly authorId: string;
  readonly toId: string;
  readonly name: string;
  readonly patientId: string | null;
}

/**
 * Work goes to somebody else who works here, and who today may decide about it, do it, and open the chart that it is in.
 * Whether that is still so is asked again when the colleague decides.
 * @throws {DomainError} handover_colleague
 */
export async function assertColleague(
  em: EntityManager,
  { authorId, toId, name, patientId }: HandedTo,
): Promise<void> {
  const [person]: { roles: Role[]; active: boolean; disabled: boolean }[] = await em.execute(
    `select roles, active, coalesce(disabled_at is not null, true) as disabled
     from staff left join app_user using (id) where id = ?`,
    [toId],
  );
  const able =
    person?.active &&
    !person.disabled &&
    toId !== authorId &&
    person.roles.some((role) => mayTake(role, name));
  if (!able || !(await mayOpen(em, toId, name, patientId))) throw new DomainError("handover_colleague");
}

async function mayOpen(
  em: EntityManager,
  userId: string,
  name: string,
  patientId: string | null,
): Promise<boolean> {
  if (patientId === null || sortOf(name) === "desk") return true;
  return mayOpenChart(userId, (await restrictedCharts(em, [patientId])).get(patientId));
}

/** Closes an undecided item for its author, who holds its lock from then on. @returns the decision that was there before */
export async function takeItemBack(
  em: EntityManager,
  id: string,
  by: { readonly userId: string; readonly at: string },
): Promise<ReviewDecision | null> {
  const [item]: { decision: ReviewDecision | null; userId: string }[] = await em.execute(
    'select decision, user_id as "userId" from quarantine where id = ? and handed_to is not null for update',
    [id],
  );
  if (item && item.decision === null && item.userId === by.userId)
    await em.execute(
      `update quarantine set decision = 'taken-back', decided_by = ?, decided_at = ?, version = version + 1 where id = ?`,
      [by.userId, by.at, id],
    );
  return item?.decision ?? null;
}

/** The author's row says what became of the work. */
export const tellAuthor = (
  em: EntityManager,
  id: string,
  { decision, decidedBy, decidedAt }: { decision: ReviewDecision; decidedBy: string; decidedAt: string },
): Promise<unknown> =>
  em.execute(
    "update handover set decision = ?, decided_by = ?, decided_at = ?, version = version + 1 where id = ?",
    [decision, decidedBy, decidedAt, id],
  );
