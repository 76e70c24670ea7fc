import { defineMutation } from "../collection.ts";
import { type NoneKnown, noneKnownSchema } from "./none-known.schema.ts";

const assert = defineMutation({
  args: noneKnownSchema.pick({ id: true, patientId: true, list: true }),
  permission: "chart:write",
  audit: "none-known.asserted",
  apply: (_view: NoneKnown | undefined, args, stamp) => ({
    ...args,
    by: stamp.actor,
    at: stamp.at,
    retiredAt: null,
  }),
});

const retire = defineMutation({
  args: noneKnownSchema.pick({ id: true, patientId: true }),
  permission: "chart:write",
  audit: "none-known.retired",
  apply: (view: NoneKnown | undefined, _args, stamp) => view && { ...view, retiredAt: stamp.at },
});

export const noneKnownMutations = { assert, retire };
