import { defineMutation } from "../collection.ts";
import { type EmergencyAccess, emergencyAccessSchema } from "./emergency-access.schema.ts";

/** Reported, not asked for: the device has judged by itself, and the clinic hears of it at the next contact. */
const begin = defineMutation({
  args: emergencyAccessSchema.pick({ id: true, reason: true, until: true }),
  permission: "emergency:begin",
  audit: "emergency-access.begun",
  report: true,
  apply: (view: EmergencyAccess | undefined, args, stamp) =>
    view ?? {
      ...args,
      userId: stamp.actor,
      deviceId: null,
      role: stamp.role,
      begunAt: stamp.at,
      reviewedBy: null,
      reviewedAt: null,
      reviewNote: "",
    },
});

export const emergencyAccessMutations = { begin };
