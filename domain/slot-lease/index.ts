import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { slotLeaseMutations } from "./slot-lease.mutations.ts";
import { type SlotLease, slotLeaseSchema } from "./slot-lease.schema.ts";

export {
  fitsLease,
  isHeld,
  type LeasedSlot,
  leaseDays,
  leasedTime,
  leaseHorizon,
  leaseMinutes,
  leasesPerDay,
  timesToLease,
} from "./slot-lease.rules.ts";
export { type SlotLease, slotLeaseSchema } from "./slot-lease.schema.ts";

export const slotLease = defineCollection({
  name: "slot-lease",
  // A Slot whose status is `busy-tentative`.
  fhir: "Slot",
  schema: slotLeaseSchema,
  // What is over is of use to no device.
  stream: ({ status }: SlotLease) => (status === "held" ? streams.schedule : null),
  local: "appointment",
  permissions: { read: "schedule:read", write: "schedule:write" },
  mutations: slotLeaseMutations,
  conflict: "server",
});
