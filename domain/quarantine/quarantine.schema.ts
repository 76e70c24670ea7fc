import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/**
 * What a tablet with the chart holds about work that waits for review: that there is something, whose and from when, and
 * none of its words (C26). It goes once somebody has decided.
 */
export const quarantineSchema = z.strictObject({
  id: idSchema,
  patientId: idSchema.nullable(),
  authorId: idSchema,
  writtenAt: instantSchema,
  /** To whom its author handed it. */
  handedTo: idSchema.nullable(),
});
export type Quarantine = z.infer<typeof quarantineSchema>;
