import * as z from "zod";
import { can } from "#domain/access/can.ts";
import { device, deviceSchema } from "#domain/device/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { instantSchema } from "#domain/kernel/instant.ts";
import type { EntityManager } from "#server/database/database.ts";
import { type Route, route } from "#server/http/route.ts";
import { shownRow } from "#server/sync/slice.ts";
import { DeviceEntity } from "./device.entity.ts";

const shownDevice = deviceSchema.extend({
  /** Who signed in on it last. */
  lastUserId: idSchema.nullable(),
  /** When it last reported or renewed a session; a tablet in use does so every few minutes. */
  lastContactAt: instantSchema.nullable(),
});

async function lastContacts(em: EntityManager): Promise<Map<string, { userId: string; at: string }>> {
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

export const deviceRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/devices",
    summary: "The devices of the practice, or one's own",
    permission: "device:read",
    audit: { none: "devices hold no clinical content" },
    response: z.object({ devices: z.array(shownDevice) }),
    handle: async ({ practice, principal }) => {
      const em = practice.database.em.fork();
      const decision = can(principal.actor, "device:read");
      const own = decision.allowed && decision.grant === "own";
      const found = await em.find(DeviceEntity, own ? { id: principal.session!.deviceId } : {}, {
        orderBy: { id: "asc" },
      });
      const contacts = await lastContacts(em);
      return {
        devices: found.map((entity) => ({
          ...shownRow(device, entity),
          lastUserId: contacts.get(entity.id)?.userId ?? null,
          lastContactAt: contacts.get(entity.id)?.at ?? null,
        })),
      };
    },
  }),
  route({
    method: "post",
    path: "/api/devices/{id}/revoke",
    about: "device",
    summary: "Remove a device from the practice: its sessions end at once",
    permission: "device:revoke",
    audit: "device.revoked",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({}),
    handle: async ({ practice, principal, params, requestId }) => {
      const decision = can(principal.actor, "device:revoke");
      const own = decision.allowed && decision.grant === "own";
      if (own && params.id !== principal.session!.deviceId) throw new DomainError("not_yours");
      await practice.ledger.transact(async ({ em, audit }) => {
        const found = await em.findOne(DeviceEntity, { id: params.id });
        if (!found) throw new DomainError("not_found");
        found.status = "revoked";
        await em.flush();
        await em.execute(
          "update session set ended_at = ?, end_reason = 'device_revoked' where device_id = ? and ended_at is null",
          [instantNow(), params.id],
        );
        audit({
          actor: principal.audit,
          action: "device.revoked",
          outcome: "ok",
          resource: { type: "device", id: params.id },
          requestId,
        });
      });
    },
  }),
];
