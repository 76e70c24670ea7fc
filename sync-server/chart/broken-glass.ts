import type { GlassReader } from "#domain/break-glass/index.ts";
import { CLOCK_TOLERANCE, instantNow } from "#domain/kernel/clock.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { AuditEntry } from "#server/database/ledger.ts";

export interface BrokenGlass {
  readonly id: string;
  readonly patientId: string;
}

/** The restricted charts that are open to somebody at this moment because they broke the glass, the last one first. */
export const brokenGlass = (
  em: EntityManager,
  { id, role, deviceId }: GlassReader,
): Promise<readonly BrokenGlass[]> =>
  em.execute(
    `select id, patient_id as "patientId" from break_glass
     where user_id = ? and role = ? and device_id = ? and ended_at is null and until > ? order by begun_at desc`,
    [id, role, deviceId, instantNow()],
  );

/**
 * The access under which something was done of which a device tells later: by the time that it claims, give or take what its
 * clock may be off.
 */
export async function glassAt(
  em: EntityManager,
  { id, role, deviceId }: GlassReader,
  patientIds: readonly string[],
  at: string,
): Promise<string | null> {
  const off = (by: number) => instant(Date.parse(at) + by);
  const [found]: { id: string }[] = await em.execute(
    `select id from break_glass where user_id = ? and role = ? and device_id = ? and patient_id = any(?::uuid[])
     and begun_at <= ? and coalesce(ended_at, until) >= ? order by begun_at desc limit 1`,
    [id, role, deviceId, `{${patientIds.join(",")}}`, off(CLOCK_TOLERANCE), off(-CLOCK_TOLERANCE)],
  );
  return found?.id ?? null;
}

/** What stands in a record of what was done under a broken glass. */
export const underGlass = (
  breakGlassId: string | null | undefined,
): Pick<AuditEntry, "breakGlassId" | "purpose"> =>
  breakGlassId ? { breakGlassId, purpose: "break-glass" } : {};
