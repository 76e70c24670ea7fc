import * as z from "zod";
import { captureSchema } from "./capture.schema.ts";

/** That it is there, for whoever may not read it. */
export const captureEntrySchema = captureSchema
  .pick({ id: true, authorId: true, writtenAt: true, status: true, decidedBy: true, decidedAt: true })
  .extend({ recorded: z.boolean() });
export type CaptureEntry = z.infer<typeof captureEntrySchema>;
