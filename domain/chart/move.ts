import * as z from "zod";
import type { MutationStamp } from "../collection.ts";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** Something that was entered or recorded on the wrong patient went to the right one (C05). */
export const moveSchema = z.strictObject({
  fromPatientId: idSchema,
  toPatientId: idSchema,
  /** The visits it left and came to, where it belonged to one: both show the trail. */
  fromEncounterId: idSchema.nullable(),
  toEncounterId: idSchema.nullable(),
  by: idSchema,
  at: instantSchema,
  reason: z.string().trim().min(3).max(500),
});
export type Move = z.infer<typeof moveSchema>;

export const moved = (
  from: { readonly patientId: string; readonly encounterId: string | null; readonly moves: readonly Move[] },
  to: { readonly patientId: string; readonly encounterId: string | null; readonly reason: string },
  stamp: MutationStamp,
): Move[] => [
  ...from.moves,
  {
    fromPatientId: from.patientId,
    toPatientId: to.patientId,
    fromEncounterId: from.encounterId,
    toEncounterId: to.encounterId,
    by: stamp.actor,
    at: stamp.at,
    reason: to.reason,
  },
];
