import * as z from "zod";
import { can } from "#domain/access/can.ts";
import { device, deviceNameSchema, deviceSchema } from "#domain/device/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { instantSchema } from "#domain/kernel/instant.ts";
import { deviceLossSchema, lostStoreSchema } from "#domain/operations/dashboard.ts";
import { type KnownClients, knownClientsSchema } from "#domain/sync/protocol.ts";
import { type Route, route } from "#server/http/route.ts";
import type { Practice } from "#server/practice/practice.ts";
import { shownRow } from "#server/sync/slice.ts";
import { DeviceEntity } from "./device.entity.ts";
import { heldTimesRoutes } from "./held-times.routes.ts";
import { lastContacts } from "./last-contacts.ts";
import { askForWipe, assertDeviceInUse, confirmWipe, keptForReview, revokeDevice } from "./lost-device.ts";
import { acknowledgeLoss, openLosses, reportLostStore } from "./lost-store.ts";
import { assertMayTouch, devicesAlone, devicesOf } from "./own-device.ts";

const shownDevice = deviceSchema.extend({
  /** Who signed in on it last. */
  lastUserId: idSchema.nullable(),
  /** When it last reported or renewed a session; a tablet in use does so every few minutes. */
  lastContactAt: instantSchema.nullable(),
  /** Changes that it delivered after it was reported lost; they wait for review or were reviewed. */
  kept: z.int(),
  /** Null unless its browser threw away what was kept on it and nobody has seen to that yet. */
  loss: deviceLossSchema.nullable(),
  /** The one that asks. */
  isOwn: z.boolean(),
  /** Whether nobody else has worked on it, so that the one who asks may remove it from afar. */
  isAlone: z.boolean(),
});

/** In a practice that went back to a backup: what it knows of a device's work, so that the device gives back the rest. */
async function knownClients(practice: Practice, deviceId: string): Promise<KnownClients> {
  if (!(await practice.recovering())) return [];
  return practice.database.em.fork().execute(
    `select client_id as "clientId", last_n::int as "lastN", encode(last_hash, 'hex') as "lastHash"
     from sync_client where device_id = ?`,
    [deviceId],
  );
}

export const deviceRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/devices",
    summary: "The devices of the practice, or the present one; with own=true, those that hold one's keys",
    permission: "device:read",
    audit: { none: "devices hold no clinical content" },
    query: z.strictObject({ own: z.literal("true").optional() }),
    response: z.object({ devices: z.array(shownDevice) }),
    handle: async ({ practice, principal, query }) => {
      const em = practice.database.em.fork();
      const decision = can(principal.actor, "device:read");
      const own = decision.allowed && decision.grant === "own";
      const present = own ? { id: principal.session!.deviceId } : {};
      const mine = query.own ? { id: { $in: await devicesOf(em, principal) } } : present;
      const found = await em.find(DeviceEntity, mine, { orderBy: { id: "asc" } });
      const [contacts, kept, losses, alone] = await Promise.all([
        lastContacts(em),
        keptForReview(em),
        openLosses(em),
        devicesAlone(em, principal.actor.id),
      ]);
      return {
        devices: found.map((entity) => ({
          ...shownRow(device, entity),
          lastUserId: contacts.get(entity.id)?.userId ?? null,
          lastContactAt: contacts.get(entity.id)?.at ?? null,
          kept: kept.get(entity.id) ?? 0,
          loss: losses.get(entity.id) ?? null,
          isOwn: entity.id === principal.session?.deviceId,
          isAlone: alone.has(entity.id),
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
    handle: async (context) => {
      await assertMayTouch(context.practice, context.principal, context.params.id, "device:revoke");
      await revokeDevice(context, context.params.id);
    },
  }),
  route({
    method: "post",
    path: "/api/devices/{id}/wipe",
    about: "device",
    summary:
      "Remove a device and have it destroy what can be read on it; what it has not sent is still delivered",
    permission: "device:wipe",
    audit: "device.wipe_requested",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({}),
    handle: async (context) => {
      await assertMayTouch(context.practice, context.principal, context.params.id, "device:wipe");
      await askForWipe(context, context.params.id);
    },
  }),
  route({
    method: "get",
    path: "/api/devices/this",
    summary: "Whether the device that asks is still in use, for a tablet that nobody has unlocked",
    permission: "session:use",
    proof: "any-device",
    audit: { none: "tells a device of itself; one that was removed is refused, and that is recorded" },
    response: knownClientsSchema,
    handle: async ({ practice, deviceId }) => {
      await assertDeviceInUse(practice, deviceId);
      return { clients: await knownClients(practice, deviceId) };
    },
  }),
  route({
    method: "post",
    path: "/api/devices/wiped",
    summary: "A device says that it has wiped itself, and how much it still has to deliver",
    permission: "session:use",
    proof: "any-device",
    audit: "device.wiped",
    body: z.strictObject({ left: z.int().min(0).max(1_000_000) }),
    limit: 1024,
    response: knownClientsSchema,
    handle: async (context) => {
      await confirmWipe(context, context.body.left);
      return { clients: await knownClients(context.practice, context.deviceId) };
    },
  }),
  route({
    method: "post",
    path: "/api/devices/lost-store",
    summary:
      "A browser says which device it was before it threw away what was kept there, and what had waited",
    permission: "session:use",
    audit: "device.store_lost",
    body: lostStoreSchema,
    limit: 32 * 1024,
    handle: (context) => reportLostStore(context, context.body),
  }),
  route({
    method: "post",
    path: "/api/devices/{id}/acknowledge-loss",
    about: "device",
    summary: "Somebody has seen to a device whose browser threw away what was kept on it",
    permission: "device:acknowledge",
    audit: "device.loss_acknowledged",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({}),
    handle: (context) => acknowledgeLoss(context, context.params.id),
  }),
  route({
    method: "post",
    path: "/api/devices/{id}/name",
    about: "device",
    summary: "Give a device the name by which people know it",
    permission: "device:name",
    audit: "device.named",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({ name: deviceNameSchema }),
    handle: async ({ practice, principal, params, body, requestId }) => {
      const known = await practice.database.em.fork().findOne(DeviceEntity, { id: params.id });
      if (known?.name === body.name) return; // a transaction without a record is refused
      await practice.ledger.transact(async ({ em, audit }) => {
        const found = await em.findOne(DeviceEntity, { id: params.id });
        if (!found) throw new DomainError("not_found");
        const before = found.name;
        found.name = body.name;
        await em.flush();
        audit({
          actor: principal.audit,
          action: "device.named",
          outcome: "ok",
          resource: { type: "device", id: params.id },
          changed: ["name"],
          before,
          after: body.name,
          requestId,
        });
      });
    },
  }),
  ...heldTimesRoutes,
];
