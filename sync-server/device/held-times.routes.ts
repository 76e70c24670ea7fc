import * as z from "zod";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { deviceTimesSchema } from "#domain/operations/dashboard.ts";
import { repeatTransient } from "#server/database/database-error.ts";
import { type Route, type RouteContext, route } from "#server/http/route.ts";
import { endLeases, heldByDevices, leasesOfDevice } from "#server/slot-lease/index.ts";
import { lastContacts } from "./last-contacts.ts";

/**
 * Lets everybody have the times of a device that is put away. What was promised on it and has not arrived is judged like
 * anybody's booking, and becomes a call back where the time went to somebody else.
 */
async function giveBack({ practice, principal, requestId }: RouteContext, deviceId: string): Promise<void> {
  await repeatTransient(() =>
    practice.ledger.transact(async (tx) => {
      // In the order of a contact that would prolong them.
      const found = await tx.em.execute("select 1 from device where id = ? for no key update", [deviceId]);
      if (found.length === 0) throw new DomainError("not_found");
      const by = { actor: principal.audit, requestId };
      await endLeases(tx, await leasesOfDevice(tx, deviceId), "put_away", by);
      tx.audit({
        ...by,
        action: "device.times_given_back",
        outcome: "ok",
        resource: { type: "device", id: deviceId },
      });
    }),
  );
}

export const heldTimesRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/devices/held-times",
    summary: "Which devices hold times that only they may promise while they are offline",
    permission: "device:held-times",
    audit: { none: "counts free times; says nothing of any patient" },
    response: z.object({ devices: z.array(deviceTimesSchema) }),
    handle: async ({ practice, principal }) => {
      const em = practice.database.em.fork();
      const [held, contacts] = await Promise.all([heldByDevices(em, instantNow()), lastContacts(em)]);
      return {
        devices: held.map((device) => ({
          ...device,
          lastContactAt: contacts.get(device.id)?.at ?? null,
          isOwn: device.id === principal.session?.deviceId,
        })),
      };
    },
  }),
  route({
    method: "post",
    path: "/api/devices/{id}/give-back-times",
    about: "device",
    summary: "Give back the times of a device that is put away: everybody can book them",
    permission: "device:held-times",
    audit: "device.times_given_back",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({}),
    handle: (context) => giveBack(context, context.params.id),
  }),
];
