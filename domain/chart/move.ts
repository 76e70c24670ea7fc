import * as z from "zod";
import type { MutationStamp } from "../collection.ts";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** Something that was entered or recorded on the wrong patient went to the right one (C05). */
export const moveSchema = z.strictObject({
  fromPatientId: idSchema,
  toPatientId: idSchema,
  by: idSchema,
  at: instantSchema,
  reason: z.string().trim().min(3).max(500),
});
export type Move = z.infer<typeof moveSchema>;

export const moved = (
  from: { readonly patientId: string; readonly moves: readonly Move[] },
  to: { readonly patientId: string; readonly reason: string },
  stamp: MutationStamp,
): Move[] => [
  ...from.moves,
  {
    fromPatientId: from.patientId,
    toPatientId: to.patientId,
    by: stamp.actor,
    at: stamp.at,
    reason: to.reason,
  },
];
