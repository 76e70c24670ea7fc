import { can } from "#domain/access/can.ts";
import { chartWindow, patientOfStream, scope } from "#domain/access/scope.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { addDays, dateIn, instantIn } from "#domain/kernel/instant.ts";
import { recordsOf } from "#domain/patient/index.ts";
import { restrictedCharts } from "#server/chart/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Principal } from "#server/identity/principal.ts";
import { mergeLinks } from "#server/patient/index.ts";
import type { Practice } from "#server/practice/practice.ts";

/**
 * The streams a person's device may hold at this moment, computed from the database and never from what the device
 * says it holds. `want` adds charts the person opened, when such patients exist and the role may open charts.
 */
export async function scopeNow(
  practice: Practice,
  principal: Principal,
  want: readonly string[],
  em: EntityManager,
): Promise<string[]> {
  const { actor, session } = principal;
  if (actor.type !== "user" || !session) throw new DomainError("forbidden");
  const { zone } = practice.info;
  const today = dateIn(zone);
  const mayOpen = can(actor, "chart:open").allowed;
  const seen: { patient_id: string }[] = mayOpen
    ? await em.execute(
        "select distinct patient_id from appointment where start >= ? and start < ? and status not in ('cancelled', 'no-show')",
        [
          instantIn(zone, addDays(today, -chartWindow.before), "00:00"),
          instantIn(zone, addDays(today, chartWindow.after + 1), "00:00"),
        ],
      )
    : [];
  const wanted = want.map(patientOfStream).filter((id) => id !== null && idSchema.safeParse(id).success);
  const opened: { id: string }[] =
    mayOpen && wanted.length > 0
      ? await em.execute("select id from patient where id = any(?::uuid[])", [`{${wanted.join(",")}}`])
      : [];
  // A chart of several records comes whole: the parts of a merged one are useless, and dangerous, without each other.
  const links = await mergeLinks(em);
  const whole = (ids: readonly string[]) => [...new Set(ids.flatMap((id) => recordsOf(links, id)))];
  const seenPatientIds = whole(seen.map((row) => row.patient_id));
  const openedPatientIds = whole(opened.map((row) => row.id));
  return scope({
    userId: actor.id,
    role: actor.role,
    deviceId: session.deviceId,
    seenPatientIds,
    openedPatientIds,
    restricted: await restrictedCharts(em, [...seenPatientIds, ...openedPatientIds], links),
  });
}
