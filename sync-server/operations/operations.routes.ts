import * as z from "zod";
import type { HistoryFault } from "#domain/audit/history-fault.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { dashboardSchema, deviceReportSchema } from "#domain/operations/dashboard.ts";
import { noteNewest } from "#server/device/index.ts";
import { type Route, route } from "#server/http/route.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import { RecordingEntity } from "#server/recording/index.ts";
import { readDashboard } from "./dashboard.ts";

export const operationsRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/operations/dashboard",
    summary:
      "Devices, recordings, AI nodes, refusals, database, disk, certificate and audit: no clinical content",
    permission: "ops:read",
    audit: { none: "numbers, states and names of machines and staff" },
    response: dashboardSchema,
    handle: ({ practice, principal }) => readDashboard(practice, principal.session?.deviceId),
  }),
  route({
    method: "post",
    path: "/api/operations/recordings/{id}/retry",
    summary: "Send the transcription of a failed recording again",
    permission: "ops:retry",
    audit: "job.retried",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({}),
    handle: async ({ practice, principal, params, requestId }) => {
      await practice.ledger.transact(async ({ em, audit }) => {
        const recording = await em.findOne(RecordingEntity, { id: params.id });
        if (!recording) throw new DomainError("not_found");
        // Without all of its sound there is nothing to try again.
        const stored: unknown[] = await em.execute("select 1 from recording_part where recording_id = ?", [
          params.id,
        ]);
        if (recording.status !== "failed" || stored.length < recording.parts.length || stored.length === 0)
          throw new DomainError("status_not_forward");
        recording.status = "stored";
        recording.failure = null;
        recording.progress = 0;
        await em.flush();
        await practice.jobs.enqueue(em, { kind: "transcribe", recordingId: recording.id });
        const resource = { type: "recording", id: recording.id };
        audit({ actor: principal.audit, action: "job.retried", outcome: "ok", resource, requestId });
      });
    },
  }),
  route({
    method: "post",
    path: "/api/devices/heartbeat",
    summary: "What a device says of itself: version, what waits, storage, clock",
    permission: "session:use",
    audit: { none: "the state of a device, each minute; only that it begins to refuse the log is on record" },
    body: deviceReportSchema,
    limit: 32 * 1024,
    handle: async ({ practice, principal, body }) => {
      const { session, actor } = principal;
      if (!session) throw new DomainError("forbidden");
      const em = practice.database.em.fork();
      await noteNewest(em, session.deviceId, body.clients, "itself");
      if (body.historyFault) await recordRefusal(practice, principal, session.deviceId, body.historyFault);
      await em.execute(
        `insert into device_report(device_id, user_id, version, outbox_depth, outbox_oldest_at, attention,
           recordings_waiting, storage_persisted, storage_used, storage_quota, charts_put_away, storage_refused,
           history_fault, clock_skew_ms, reported_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         on conflict (device_id) do update set user_id = excluded.user_id, version = excluded.version,
           outbox_depth = excluded.outbox_depth, outbox_oldest_at = excluded.outbox_oldest_at,
           attention = excluded.attention, recordings_waiting = excluded.recordings_waiting,
           storage_persisted = excluded.storage_persisted, storage_used = excluded.storage_used,
           storage_quota = excluded.storage_quota, charts_put_away = excluded.charts_put_away,
           storage_refused = excluded.storage_refused,
           history_fault = excluded.history_fault,
           clock_skew_ms = excluded.clock_skew_ms,
           reported_at = excluded.reported_at`,
        [
          session.deviceId,
          actor.id,
          body.version,
          body.outboxDepth,
          body.outboxOldestAt,
          body.attention,
          body.recordingsWaiting,
          body.storagePersisted,
          body.storageUsed,
          body.storageQuota,
          body.chartsPutAway,
          body.storageRefused,
          body.historyFault,
          Date.parse(body.at) - now(),
          instantNow(),
        ],
      );
    },
  }),
];

/** Once for as long as it lasts; also in the log of a clinic that is believed again. */
async function recordRefusal(
  practice: Practice,
  principal: Principal,
  deviceId: string,
  fault: HistoryFault,
): Promise<void> {
  const told: unknown[] = await practice.database.em
    .fork()
    .execute("select from device_report where device_id = ? and history_fault is not null", [deviceId]);
  if (told.length > 0) return;
  const resource = { type: "device", id: deviceId };
  await practice.ledger.transact(async ({ audit }) =>
    audit({ actor: principal.audit, action: "history.refused", outcome: "error", reason: fault, resource }),
  );
}
