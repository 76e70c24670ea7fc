import type { EntityManager } from "#server/database/database.ts";

/** By device: who used it last, and when it last reported or renewed a session. */
export async function lastContacts(em: EntityManager): Promise<Map<string, { userId: string; at: string }>> {
  const rows: { device_id: string; user_id: string; at: string | Date }[] = await em.execute(
    `select distinct on (s.device_id) s.device_id, s.user_id,
       greatest(s.started_at, r.reported_at,
         (select max(t.issued_at) from refresh_token t where t.device_id = s.device_id)) as at
     from session s left join device_report r on r.device_id = s.device_id
     order by s.device_id, s.started_at desc`,
  );
  return new Map(
    rows.map(({ device_id, user_id, at }) => [
      device_id,
      { userId: user_id, at: new Date(at).toISOString() },
    ]),
  );
}
