import { DomainError } from "#domain/errors/catalog.ts";
import { slotLease } from "#domain/slot-lease/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { SlotLeaseEntity } from "./slot-lease.entity.ts";

export const slotLeaseSlice = defineSlice({
  collection: slotLease,
  entity: SlotLeaseEntity,
  handlers: {
    /** Only from the device that holds it: nobody else knows what was promised there. */
    giveBack: async ({ user, load, apply, save }) => {
      const held = await load();
      if (!held) throw new DomainError("missing_parent");
      if (held.deviceId !== user.deviceId) throw new DomainError("not_yours");
      if (held.status !== "held") throw new DomainError("status_not_forward");
      await save(apply(held)!);
    },
  },
});
