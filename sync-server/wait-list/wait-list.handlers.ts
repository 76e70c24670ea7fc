import { DomainError } from "#domain/errors/catalog.ts";
import { waitList } from "#domain/wait-list/index.ts";
import { AppointmentEntity } from "#server/appointment/index.ts";
import { applyAsIs, defineSlice } from "#server/sync/slice.ts";
import { WaitListEntity } from "./wait-list.entity.ts";

export const waitListSlice = defineSlice({
  collection: waitList,
  entity: WaitListEntity,
  handlers: {
    add: async ({ args, load, apply, save }) => {
      if (await load()) throw new DomainError("already_exists");
      if (args.until < args.from)
        throw new DomainError("invalid_arguments", { field: "until", problem: "is before the first day" });
      await save(apply(undefined)!);
    },
    fulfil: async ({ tx, args, load, apply, save }) => {
      const present = await load();
      // A booking that was refused leaves its patient on the list.
      const booked = await tx.em.findOne(AppointmentEntity, { id: args.appointmentId });
      if (!present || !booked) throw new DomainError("missing_parent");
      if (present.status !== "waiting") throw new DomainError("status_not_forward");
      await save(apply(present)!);
    },
    remove: applyAsIs,
    restore: applyAsIs,
  },
});
