import * as z from "zod";
import { chartLists } from "../chart/index.ts";
import { deriveId, idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** Somebody asked, and there is none: an assertion with an author and a time (C02). Adding an entry retires it. */
export const noneKnownSchema = z.strictObject({
  id: idSchema,
  patientId: idSchema,
  list: z.enum(chartLists),
  by: idSchema,
  at: instantSchema,
  retiredAt: instantSchema.nullable(),
});
export type NoneKnown = z.infer<typeof noneKnownSchema>;

/** One assertion per patient and list. */
export const noneKnownIdOf = (patientId: string, list: NoneKnown["list"]): string =>
  deriveId("none-known", patientId, list);
