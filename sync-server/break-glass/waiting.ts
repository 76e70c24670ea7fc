import { reviewDue } from "#domain/break-glass/index.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import type { WorkingHours } from "#domain/working-hours/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import { BreakGlassEntity } from "./break-glass.entity.ts";

type Days = readonly Pick<WorkingHours, "weekday" | "spans">[];

export const workingDays = (em: EntityManager): Promise<Days> =>
  em.execute("select weekday, spans from working_hours");

/** Until when it has to be looked at, and whether that is over. */
export function dueOf(
  { begunAt, reviewedAt }: Pick<BreakGlassEntity, "begunAt" | "reviewedAt">,
  zone: string,
  days: Days,
): { readonly dueAt: string; readonly overdue: boolean } {
  const dueAt = reviewDue(begunAt, zone, days);
  return { dueAt, overdue: reviewedAt === null && instantNow() >= dueAt };
}

/** Those that wait for this officer; one's own waits for somebody else. */
export async function waitingGlasses(
  practice: Practice,
  { actor }: Principal,
): Promise<readonly { readonly id: string; readonly running: boolean; readonly overdue: boolean }[]> {
  const em = practice.database.em.fork();
  const waiting = await em.find(BreakGlassEntity, { reviewedAt: null, userId: { $ne: actor.id } });
  if (waiting.length === 0) return [];
  const days = await workingDays(em);
  return waiting.map((one) => ({
    id: one.id,
    running: !one.endedAt,
    overdue: dueOf(one, practice.info.zone, days).overdue,
  }));
}
