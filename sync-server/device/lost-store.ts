import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import type { ClientMark, DeviceLoss, LostStore } from "#domain/operations/dashboard.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { RouteContext } from "#server/http/route.ts";
import type { Practice } from "#server/practice/practice.ts";

type Asked = Pick<RouteContext, "practice" | "principal" | "requestId">;

/**
 * Remembers the newest change that a device has, by client; other devices' clients are none of its business. What the
 * device says of itself replaces what others said of it.
 */
export async function noteNewest(
  em: EntityManager,
  deviceId: string,
  clients: readonly ClientMark[],
  saidBy: "itself" | "another",
): Promise<void> {
  if (clients.length === 0) return;
  await em.execute(
    `update sync_client c set reported_n = m.n from jsonb_to_recordset(?::jsonb) m("clientId" uuid, n bigint)
     where c.client_id = m."clientId" and c.device_id = ? and (c.reported_n < m.n or ?)`,
    [JSON.stringify(clients), deviceId, saidBy === "itself"],
  );
}

/**
 * Somebody signed in on a browser that had been another device and has thrown away what was kept there. Told once for each
 * device, and again when it turned out to be in use since; one that was wiped has lost nothing that it had not delivered.
 * A clinic that went back to a backup may not know the device any more, or who wrote on it: what they had done since is
 * missing too, and then only their number is known.
 * @throws {DomainError} not_found
 */
export async function reportLostStore(
  { practice, principal, requestId }: Asked,
  { deviceId, clients, refused, recordings }: LostStore,
): Promise<void> {
  const { session, actor } = principal;
  if (!session || deviceId === session.deviceId) throw new DomainError("not_found");
  const nothingNew = new Error("nothing new");
  const wentBack = (await practice.recovering()) !== null;
  try {
    await practice.ledger.transact(async ({ em, audit }) => {
      const [device]: { wiped: boolean; told: boolean }[] = await em.execute(
        `select wiped_at is not null as wiped, exists(
           select from device_loss l left join device_report r on r.device_id = l.device_id
           where l.device_id = d.id and (r.reported_at is null or r.reported_at < l.found_at)) as told
         from device d where id = ? for update`,
        [deviceId],
      );
      if (!device && !wentBack) throw new DomainError("not_found");
      if (device?.wiped || device?.told) throw nothingNew;
      if (!device) await remember(practice, em, deviceId, session.deviceId);
      await noteNewest(em, deviceId, clients, "another");
      await em.execute(
        `insert into device_loss(device_id, found_on, found_by, found_at, changes, refused, recordings, of_unknown)
         select ?::uuid, ?::uuid, ?::uuid, ?::timestamptz,
           (select coalesce(sum(greatest(reported_n - last_n, 0)), 0) from sync_client where device_id = ?), ?, ?, ?
         on conflict (device_id) do update set found_on = excluded.found_on, found_by = excluded.found_by,
           found_at = excluded.found_at, changes = excluded.changes, refused = excluded.refused,
           recordings = excluded.recordings, of_unknown = excluded.of_unknown, acknowledged_at = null, acknowledged_by = null`,
        [
          deviceId,
          session.deviceId,
          actor.id,
          instantNow(),
          deviceId,
          refused,
          recordings,
          wentBack ? await ofUnknown(em, clients) : 0,
        ],
      );
      audit({
        actor: principal.audit,
        action: "device.store_lost",
        outcome: "error",
        resource: { type: "device", id: deviceId },
        requestId,
      });
    });
  } catch (error) {
    if (error !== nothingNew) throw error;
  }
}

/**
 * A device of which the backup knew nothing gets the name of the one that the same browser is now. Outside a trial nobody
 * has enrolled it at this clinic, and that somebody says it was lost must not.
 */
const remember = (
  { info }: Practice,
  em: EntityManager,
  deviceId: string,
  presentId: string,
): Promise<unknown> =>
  em.execute(
    "insert into device(id, name, status, key, enrolled_at) select ?, name, ?, null, ? from device where id = ?",
    [deviceId, info.trial ? "enrolled" : "revoked", instantNow(), presentId],
  );

/** Changes of clients that nobody knows. */
async function ofUnknown(em: EntityManager, clients: readonly ClientMark[]): Promise<number> {
  const [found]: { changes: string }[] = await em.execute(
    `select coalesce(sum(m.n), 0) as changes from jsonb_to_recordset(?::jsonb) m("clientId" uuid, n bigint)
     where not exists (select from sync_client c where c.client_id = m."clientId")`,
    [JSON.stringify(clients)],
  );
  return Number(found?.changes ?? 0);
}

/** Who looks after devices has asked the people, or knows that nothing is missing. @throws {DomainError} not_found */
export async function acknowledgeLoss({ practice, principal, requestId }: Asked, id: string): Promise<void> {
  await practice.ledger.transact(async ({ em, audit }) => {
    const [loss]: { seen: boolean }[] = await em.execute(
      "select acknowledged_at is not null as seen from device_loss where device_id = ? for update",
      [id],
    );
    if (!loss) throw new DomainError("not_found");
    if (!loss.seen) {
      await em.execute(
        "update device_loss set acknowledged_at = ?, acknowledged_by = ? where device_id = ?",
        [instantNow(), principal.actor.id, id],
      );
      // Nothing waits there any more, whatever it said last.
      await em.execute(
        `update device_report set outbox_depth = 0, outbox_oldest_at = null, attention = 0, recordings_waiting = 0
         where device_id = ?`,
        [id],
      );
    }
    audit({
      actor: principal.audit,
      action: "device.loss_acknowledged",
      outcome: "ok",
      ...(loss.seen && { reason: "repeated" }),
      resource: { type: "device", id },
      requestId,
    });
  });
}

interface LossRow {
  readonly device_id: string;
  readonly found_at: string | Date;
  readonly found_by: string;
  readonly heard_at: string | Date | null;
  readonly changes: number;
  readonly refused: number;
  readonly recordings: number;
  readonly of_unknown: number;
  readonly arrived: string;
  readonly people: DeviceLoss["people"];
}

const at = (value: string | Date): string => new Date(value).toISOString();

/**
 * By device, what nobody has seen to yet. What turns up after all is not missing any more; a loss of which everything has
 * turned up is none, and neither is that of a device which still says how it does.
 */
export async function openLosses(em: EntityManager): Promise<ReadonlyMap<string, DeviceLoss>> {
  const rows: LossRow[] = await em.execute(
    `select l.device_id, l.found_at, f.name as found_by, r.reported_at as heard_at, l.changes, l.refused, l.recordings, l.of_unknown,
       (select count(distinct p.recording_id) from recording_part p join recording x on x.id = p.recording_id
        where x.device_id = l.device_id and p.stored_at > l.found_at) as arrived,
       (select coalesce(json_agg(json_build_object('name', s.name, 'changes', m.missing) order by s.name), '[]')
        from (select user_id, sum(reported_n - last_n)::int as missing from sync_client
              where device_id = l.device_id and reported_n > last_n group by user_id) m
        join staff s on s.id = m.user_id) as people
     from device_loss l join staff f on f.id = l.found_by left join device_report r on r.device_id = l.device_id
     where l.acknowledged_at is null and (r.reported_at is null or r.reported_at < l.found_at)`,
  );
  return new Map(
    rows.flatMap((row): [string, DeviceLoss][] => {
      const recordings = Math.max(0, row.recordings - Number(row.arrived));
      const stays = row.refused + row.of_unknown;
      if (row.changes + row.recordings + stays > 0 && row.people.length + recordings + stays === 0) return [];
      const loss = {
        foundAt: at(row.found_at),
        foundBy: row.found_by,
        heardAt: row.heard_at && at(row.heard_at),
        people: row.people,
        ofUnknown: row.of_unknown,
        refused: row.refused,
        recordings,
      };
      return [[row.device_id, loss]];
    }),
  );
}
