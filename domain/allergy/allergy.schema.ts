import * as z from "zod";
import { duplicateFields, factFields, factNote, sameThing } from "../chart/index.ts";

export const allergyStatuses = ["active", "refuted", "ended", "entered-in-error"] as const;
export const allergySeverities = ["mild", "moderate", "severe", "unknown"] as const;

/** An allergy or intolerance. */
export const allergySchema = z.strictObject({
  ...factFields,
  ...duplicateFields,
  /** Id in the table of allergens; null when only words are known, which no check can then use. */
  allergen: z.string().max(60).nullable(),
  substance: z.string().trim().min(1).max(120),
  reactions: z.array(z.string().trim().min(1).max(60)).max(10),
  severity: z.enum(allergySeverities),
  status: z.enum(allergyStatuses),
  /** Why it was refuted or ended. */
  statusReason: factNote,
  note: factNote,
});
export type Allergy = z.infer<typeof allergySchema>;

export const isCurrentAllergy = (allergy: Pick<Allergy, "status">): boolean => allergy.status === "active";

/** Whether two entries are about one allergy (C12). */
export const isSameAllergy = (a: Allergy, b: Allergy): boolean =>
  sameThing({ code: a.allergen, words: a.substance }, { code: b.allergen, words: b.substance });
