import type { DemographicsReview } from "#domain/demographics-review/index.ts";
import { useRows } from "#pwa/local/index.ts";

/** Fields of which nobody has decided yet which of two values is right, in all records of the person. */
export const useTwoValues = (patientId: string): readonly DemographicsReview[] =>
  useRows("demographics-review", { where: { patientId } }).rows.filter(({ decision }) => decision === null);
