import * as z from "zod";
import type { MutationStamp } from "../collection.ts";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** Free words of a person about a clinical fact. */
export const factNote = z.string().trim().max(500);

/** The last change of a fact: who, when, and the change's own id, which a later change names as the one it saw. */
export const lastChangeSchema = z.strictObject({ id: idSchema, by: idSchema, at: instantSchema });

/**
 * What every clinical fact of a chart has. An entry by a nurse is `reported` until a clinician confirms it (C10).
 */
export const factFields = {
  id: idSchema,
  patientId: idSchema,
  /** The visit it was entered in; null outside a visit. */
  encounterId: idSchema.nullable(),
  verification: z.enum(["confirmed", "reported"]),
  recordedBy: idSchema,
  recordedAt: instantSchema,
  lastChange: lastChangeSchema,
} as const;

export interface Fact {
  readonly id: string;
  readonly patientId: string;
  readonly encounterId: string | null;
  readonly verification: "confirmed" | "reported";
  readonly recordedBy: string;
  readonly recordedAt: string;
  readonly lastChange: z.infer<typeof lastChangeSchema>;
}

export const changeOf = (stamp: MutationStamp) => ({
  id: stamp.mutationId,
  by: stamp.actor,
  at: stamp.at,
});

/** Whose word a fact rests on after this change: a nurse's is reported, also where a clinician's stood before (C10). */
export const verifiedBy = (stamp: MutationStamp): Pick<Fact, "verification"> => ({
  verification: stamp.role === "clinician" ? "confirmed" : "reported",
});

/** The members of a new fact that follow from who enters it. */
export const recordedBy = (
  stamp: MutationStamp,
): Pick<Fact, "verification" | "recordedBy" | "recordedAt" | "lastChange"> => ({
  ...verifiedBy(stamp),
  recordedBy: stamp.actor,
  recordedAt: stamp.at,
  lastChange: changeOf(stamp),
});

/** The change a person was looking at when they decided: `lastChange.id` of the fact on their screen. */
export const seenSchema = idSchema;
