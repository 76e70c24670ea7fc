import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** Words added to a signed note under the writer's own name (C09). They travel with the note and never change. */
export const addendumSchema = z.strictObject({
  id: idSchema,
  noteId: idSchema,
  patientId: idSchema,
  authorId: idSchema,
  at: instantSchema,
  text: z.string().trim().min(1).max(20_000),
});
export type Addendum = z.infer<typeof addendumSchema>;
