import { emergencyAccess, emergencyEnd } from "#domain/emergency-access/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { EmergencyAccessEntity } from "./emergency-access.entity.ts";

export const emergencyAccessSlice = defineSlice({
  collection: emergencyAccess,
  entity: EmergencyAccessEntity,
  handlers: {
    begin: async ({ args, stamp, user, load, apply, save }) => {
      if (await load()) throw new DomainError("already_exists");
      const begun = Date.parse(stamp.at);
      const length = Date.parse(args.until) - begun;
      if (length <= 0 || args.until > new Date(emergencyEnd(begun, begun)).toISOString())
        throw new DomainError("invalid_arguments", { field: "until", problem: "is not within four hours" });
      await save({ ...apply(undefined)!, deviceId: user.deviceId });
    },
  },
});
