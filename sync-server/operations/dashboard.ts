import { X509Certificate } from "node:crypto";
import { readFile, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { HistoryFault } from "#domain/audit/history-fault.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import type { Dashboard } from "#domain/operations/dashboard.ts";
import { reportNames } from "#domain/sync/review.ts";
import type { EntityManager } from "#server/database/database.ts";
import { openLosses } from "#server/device/index.ts";
import type { Practice } from "#server/practice/practice.ts";

const at = (value: string | Date | null): string | null => value && new Date(value).toISOString();

async function devices(em: EntityManager, asking: string | undefined): Promise<Dashboard["devices"]> {
  const rows: {
    id: string;
    name: string;
    status: "enrolled" | "revoked";
    last_seen_at: string | null;
    user_name: string | null;
    copied: boolean;
    wipe_asked_at: string | null;
    wipe_asked_by: string;
    wiped_at: string | null;
    wipe_left: number | null;
    kept: string;
    version: string | null;
    outbox_depth: number;
    outbox_oldest_at: string | null;
    attention: number;
    recordings_waiting: number;
    storage_persisted: boolean;
    storage_used: string;
    storage_quota: string;
    charts_put_away: number;
    storage_refused: boolean;
    history_fault: HistoryFault | null;
    clock_skew_ms: string;
    reported_at: string;
  }[] = await em.execute(
    `select d.id, d.name, d.status, d.last_seen_at, d.wipe_asked_at, d.wiped_at, d.wipe_left,
       (select a.name from staff a where a.id = d.wipe_asked_by) as wipe_asked_by,
       (select count(*) from quarantine q where q.device_id = d.id and q.received_at >= d.wipe_asked_at
          and q.name <> all(?::text[])) as kept,
       r.*, coalesce(f.name,
       (select s2.name from session s join staff s2 on s2.id = s.user_id where s.device_id = d.id
        order by s.started_at desc limit 1)) as user_name,
       exists(select from sync_client c where c.device_id = d.id and c.forked_at > ?) as copied
     from device d left join device_report r on r.device_id = d.id left join staff f on f.id = r.user_id
     order by coalesce(r.reported_at, d.last_seen_at, d.enrolled_at) desc limit 500`,
    [`{${reportNames.join(",")}}`, new Date(now() - 7 * 86_400_000).toISOString()],
  );
  const losses = await openLosses(em);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    status: row.status,
    lastSeenAt: at(row.reported_at ?? row.last_seen_at),
    user: row.user_name,
    copied: row.copied,
    isOwn: row.id === asking,
    wipe:
      row.wipe_asked_at === null
        ? null
        : {
            askedAt: at(row.wipe_asked_at)!,
            askedBy: row.wipe_asked_by,
            wipedAt: at(row.wiped_at),
            left: row.wipe_left,
            kept: Number(row.kept),
          },
    loss: losses.get(row.id) ?? null,
    report:
      row.version === null
        ? null
        : {
            version: row.version,
            outboxDepth: row.outbox_depth,
            outboxOldestAt: at(row.outbox_oldest_at),
            attention: row.attention,
            recordingsWaiting: row.recordings_waiting,
            storagePersisted: row.storage_persisted,
            storageUsed: Number(row.storage_used),
            storageQuota: Number(row.storage_quota),
            chartsPutAway: row.charts_put_away,
            storageRefused: row.storage_refused,
            historyFault: row.history_fault,
            clockSkewMs: Number(row.clock_skew_ms),
            reportedAt: at(row.reported_at)!,
          },
  }));
}

/** What is on its way or failed, and the newest that came through. */
async function recordings(em: EntityManager): Promise<Dashboard["recordings"]> {
  const rows: {
    id: string;
    status: string;
    started_at: string;
    seconds: number;
    progress: number;
    failure: string | null;
    factor: number | null;
  }[] = await em.execute(
    `select r.id, r.status, r.started_at, r.progress, r.failure,
       coalesce((select sum((p ->> 'seconds')::float) from jsonb_array_elements(r.parts) p), 0) as seconds,
       t.audio_seconds / nullif(t.wall_seconds, 0) as factor
     from recording r left join transcript t on t.recording_id = r.id
     order by (r.status = 'transcribed'), r.started_at desc limit 60`,
  );
  return rows.map(({ started_at, factor, ...row }) => ({
    ...row,
    startedAt: at(started_at)!,
    realTimeFactor: factor,
  }));
}

async function nodes(em: EntityManager): Promise<Dashboard["nodes"]> {
  const rows: (Omit<Dashboard["nodes"][number], "lastHeartbeatAt"> & { last_heartbeat_at: string })[] =
    await em.execute(
      'select id, name, version, device, models, history_fault as "historyFault", last_heartbeat_at from ai_node order by name, id',
    );
  return rows.map(({ last_heartbeat_at, ...row }) => ({ ...row, lastHeartbeatAt: at(last_heartbeat_at)! }));
}

async function refusals(em: EntityManager): Promise<Dashboard["refusals"]> {
  const rows: { status: string; code: string | null; count: string; latest: string | null }[] =
    await em.execute(
      `select m.status, coalesce(m.result ->> 'code', m.status) as code, count(*) as count,
       max(a.body::jsonb ->> 'recordedAt') as latest
     from sync_mutation m join audit_log a on a.seq = m.seq
     where m.status <> 'applied' and a.body::jsonb ->> 'recordedAt' > ?
     group by 1, 2 order by 3 desc limit 50`,
      [new Date(now() - 7 * 86_400_000).toISOString()],
    );
  return rows.map(({ status, code, count, latest }) => ({
    status,
    code: code ?? status,
    count: Number(count),
    latestAt: at(latest),
  }));
}

async function mismatches(em: EntityManager): Promise<Dashboard["mismatches"]> {
  const rows: { device: string; kind: string; held: number; expected: number; found_at: string }[] =
    await em.execute(
      `select d.name as device, m.kind, m.held_count as held, m.expected_count as expected, m.found_at
       from sync_mismatch m join device d on d.id = m.device_id where m.found_at > ? order by m.found_at desc limit 50`,
      [new Date(now() - 7 * 86_400_000).toISOString()],
    );
  return rows.map(({ found_at, ...row }) => ({ ...row, at: at(found_at)! }));
}

async function certificateDays(folder: string): Promise<number | null> {
  try {
    const { validTo } = new X509Certificate(await readFile(join(folder, "tls", "server.crt")));
    return Math.floor((Date.parse(validTo) - now()) / 86_400_000);
  } catch {
    return null; // shown as unknown: with several servers the certificate may be elsewhere
  }
}

async function backup(em: EntityManager, { info }: Practice): Promise<Dashboard["backup"]> {
  const [newest]: { at: string }[] = await em.execute(
    `select body::jsonb->>'recordedAt' as at from audit_log where body::jsonb->>'action' = 'backup.written'
     order by seq desc limit 1`,
  );
  return { writtenAt: newest?.at ?? null, needed: !info.trial };
}

/** Everything on the dashboard in one answer, for whoever asks on this device. */
export async function readDashboard(practice: Practice, deviceId?: string): Promise<Dashboard> {
  const em = practice.database.em.fork();
  const [[database], [quarantine], [head], [verified], disk]: [
    { bytes: string; connections: string; version: string }[],
    { count: string }[],
    { head: string }[],
    { through: string; whole: boolean; verified_at: string }[],
    Awaited<ReturnType<typeof statfs>>,
  ] = [
    await em.execute(
      `select pg_database_size(current_database()) as bytes, current_setting('server_version') as version,
         (select count(*) from pg_stat_activity where datname = current_database()) as connections`,
    ),
    await em.execute(
      "select count(*) as count from quarantine where decided_at is null and name <> all(?::text[])",
      [`{${reportNames.join(",")}}`],
    ),
    await em.execute("select coalesce(max(seq), 0) as head from audit_log"),
    await em.execute("select through, whole, verified_at from audit_verification"),
    await statfs(practice.config.JAMEMR_DATA),
  ];
  return {
    at: instantNow(),
    devices: await devices(em, deviceId),
    jobs: await practice.jobs.depth(),
    recordings: await recordings(em),
    nodes: await nodes(em),
    refusals: await refusals(em),
    quarantined: Number(quarantine!.count),
    mismatches: await mismatches(em),
    database: {
      bytes: Number(database!.bytes),
      connections: Number(database!.connections),
      version: database!.version,
    },
    disk: { free: Number(disk.bavail) * Number(disk.bsize), total: Number(disk.blocks) * Number(disk.bsize) },
    certificateDays: await certificateDays(practice.config.JAMEMR_DATA),
    backup: await backup(em, practice),
    audit: {
      head: Number(head!.head),
      verifiedThrough: verified ? Number(verified.through) : null,
      verifiedAt: verified ? at(verified.verified_at) : null,
      whole: verified?.whole ?? null,
    },
  };
}
