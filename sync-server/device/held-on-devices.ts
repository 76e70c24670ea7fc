import type { HeldOnDevice } from "#domain/access/access-end.ts";
import { reportNames } from "#domain/sync/review.ts";
import type { EntityManager } from "#server/database/database.ts";

type Instant = string | Date | null;

interface HeldRow {
  readonly id: string;
  readonly name: string;
  readonly status: "enrolled" | "revoked";
  readonly wipe_asked_at: Instant;
  readonly wiped_at: Instant;
  readonly wipe_left: number | null;
  readonly seen_at: Instant;
  readonly dark_at: Instant;
  readonly told_at: Instant;
  readonly received: number;
  readonly written: number;
  readonly charts: number;
  readonly reported_at: Instant;
  readonly outbox_depth: number;
  readonly attention: number;
  readonly recordings_waiting: number;
  readonly shared: boolean;
  readonly arrived: number;
  readonly waiting: number;
}

const heldSql = `
  select d.id, d.name, d.status, d.wipe_asked_at, d.wiped_at, d.wipe_left,
    greatest(s.seen_at, r.reported_at) as seen_at, s.dark_at, s.told_at, c.received, c.written, c.charts,
    r.reported_at, r.outbox_depth, r.attention, r.recordings_waiting, q.arrived, q.waiting,
    exists (select from session o join app_user u on u.id = o.user_id
      where o.device_id = d.id and o.user_id <> w.id and u.disabled_at is null) as shared
  from (select ?::uuid as id, ?::timestamptz as ended_at, ?::text[] as reports) w
    cross join device d
    left join device_report r on r.device_id = d.id and r.user_id = w.id,
    lateral (select max(greatest(started_at, (select max(t.issued_at) from refresh_token t
        where t.session_id = session.id))) as seen_at,
      max(offline_until) as dark_at, max(end_told_at) filter (where end_told_at >= w.ended_at) as told_at
      from session where user_id = w.id and device_id = d.id) s,
    lateral (select coalesce(sum(last_n), 0)::int as received, coalesce(sum(greatest(reported_n, last_n)), 0)::int as written,
        (select count(distinct h.stream)::int from sync_client_stream h join sync_client k using (client_id)
         where k.user_id = w.id and k.device_id = d.id and h.stream like 'chart:%' and h.state <> 'leaving') as charts
      from sync_client where user_id = w.id and device_id = d.id) c,
    lateral (select count(*) filter (where received_at >= w.ended_at)::int as arrived,
        count(*) filter (where decided_at is null)::int as waiting
      from quarantine where user_id = w.id and device_id = d.id and name <> all(w.reports)) q
  where exists (select from session where user_id = w.id and device_id = d.id)
    or exists (select from sync_client where user_id = w.id and device_id = d.id)
  order by seen_at desc nulls last, d.id`;

const iso = (value: Instant): string | null => value && new Date(value).toISOString();

function reportOf(row: HeldRow): HeldOnDevice["report"] {
  const at = iso(row.reported_at);
  if (at === null) return null;
  return { at, unsent: row.outbox_depth, refused: row.attention, recordings: row.recordings_waiting };
}

interface Of {
  readonly userId: string;
  readonly endedAt: string | null;
  readonly askingDevice: string | undefined;
}

/** Every device that somebody used, and what it still holds of theirs as far as the clinic was told. */
export async function heldOnDevices(
  em: EntityManager,
  { userId, endedAt, askingDevice }: Of,
): Promise<HeldOnDevice[]> {
  const rows: HeldRow[] = await em.execute(heldSql, [userId, endedAt, `{${reportNames.join(",")}}`]);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    seenAt: iso(row.seen_at),
    report: reportOf(row),
    received: row.received,
    written: row.written,
    arrivedSince: row.arrived,
    waiting: row.waiting,
    charts: row.wiped_at ? 0 : row.charts,
    darkAt: iso(row.dark_at),
    toldAt: iso(row.told_at),
    shared: row.shared,
    removed: row.status === "revoked",
    wipeAskedAt: iso(row.wipe_asked_at),
    wipedAt: iso(row.wiped_at),
    wipeLeft: row.wipe_left,
    isOwn: row.id === askingDevice,
  }));
}
