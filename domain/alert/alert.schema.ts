import * as z from "zod";
import { factFields } from "../chart/index.ts";

/** What everybody who treats the patient must know first: a fall risk, a code status, an interpreter for sign language. */
export const alertSchema = z.strictObject({
  ...factFields,
  kind: z.enum(["safety", "code-status", "communication"]),
  text: z.string().trim().min(1).max(200),
  active: z.boolean(),
});
export type Alert = z.infer<typeof alertSchema>;
