import { breakGlass } from "#domain/break-glass/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { BreakGlassEntity } from "./break-glass.entity.ts";

export const breakGlassSlice = defineSlice({
  collection: breakGlass,
  entity: BreakGlassEntity,
  handlers: {
    end: async ({ user, load, apply, save }) => {
      const present = await load();
      if (!present) throw new DomainError("missing_parent");
      if (present.userId !== user.id) throw new DomainError("not_yours");
      if (present.endedAt !== null) return;
      const now = instantNow();
      await save({ ...apply(present)!, endedAt: now < present.until ? now : present.until });
    },
  },
});
