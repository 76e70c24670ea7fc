import { defineMutation } from "../collection.ts";
import { type SlotLease, slotLeaseSchema } from "./slot-lease.schema.ts";

/**
 * The desk that holds a time lets everybody have it. It stands in that device's queue behind every booking made there
 * before, so that nothing that was promised is given away with it.
 */
const giveBack = defineMutation({
  args: slotLeaseSchema.pick({ id: true }),
  permission: "schedule:write",
  audit: "slot-lease.given_back",
  apply: (view: SlotLease | undefined) =>
    view && view.status === "held" ? { ...view, status: "ended" as const } : view,
});

export const slotLeaseMutations = { giveBack };
