import { instantNow } from "#domain/kernel/clock.ts";
import type { SlotLease } from "#domain/slot-lease/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { SlotLeaseEntity } from "./slot-lease.entity.ts";

/** The leases of a clinician that hold a time now and begin between two instants. */
export const leasesAround = (
  em: EntityManager,
  clinicianId: string,
  from: string,
  to: string,
): Promise<readonly SlotLease[]> =>
  em.find(
    SlotLeaseEntity,
    { clinicianId, status: "held", until: { $gt: instantNow() }, start: { $gte: from, $lte: to } },
    { disableIdentityMap: true },
  );
