import * as z from "zod";
import { idSchema } from "../kernel/id.ts";

/** An administrative kind of visit: what the desk books, in words that say nothing clinical. */
export const visitTypeSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(60),
  minutes: z.int().min(5).max(60),
  active: z.boolean(),
});
export type VisitType = z.infer<typeof visitTypeSchema>;
