import type { CardOpened } from "#domain/emergency-access/index.ts";
import { CLOCK_TOLERANCE } from "#domain/kernel/clock.ts";
import type { EntityManager } from "#server/database/database.ts";

/**
 * Whose safety card was opened during each of these accesses, as the log has it: by the same person on the same device, from
 * its beginning to its end. It ended at the latest when the tablet reached the clinic and told of it; what is opened
 * afterwards is ordinary work.
 */
export async function cardsOpened(
  em: EntityManager,
  accessIds: readonly string[],
): Promise<ReadonlyMap<string, readonly CardOpened[]>> {
  const rows: { accessId: string; id: string; at: string }[] = await em.execute(
    `select e.id as "accessId", o.patient as id, min(o.at) as at
     from emergency_access e
     left join lateral (
       select min((body::jsonb)->>'recordedAt')::timestamptz as at from audit_log
       where (body::jsonb)->>'action' = 'emergency-access.begun' and (body::jsonb)->'resource'->>'id' = e.id::text
         and ((body::jsonb)->'actor'->>'id' = e.user_id::text or (body::jsonb)->>'onBehalfOf' = e.user_id::text)
     ) told on true
     join lateral (
       select (body::jsonb)->>'patientId' as patient, ((body::jsonb)->>'occurredAt')::timestamptz as at from audit_log
       where (body::jsonb)->>'action' = 'chart.opened' and (body::jsonb)->>'outcome' = 'ok'
         and ((body::jsonb)->'actor'->>'id' = e.user_id::text or (body::jsonb)->>'onBehalfOf' = e.user_id::text)
         and e.device_id::text in ((body::jsonb)->'actor'->>'deviceId', (body::jsonb)->'actor'->>'id')
         and (body::jsonb)->>'patientId' is not null
     ) o on o.at between e.begun_at and least(e.until, greatest(told.at, e.begun_at) + ? * interval '1 millisecond')
     where e.id = any(?::uuid[]) group by e.id, o.patient order by min(o.at)`,
    [CLOCK_TOLERANCE, `{${accessIds.join(",")}}`],
  );
  return Map.groupBy(
    rows.map(({ accessId, id, at }) => ({ accessId, id, at: new Date(at).toISOString() })),
    ({ accessId }) => accessId,
  );
}
