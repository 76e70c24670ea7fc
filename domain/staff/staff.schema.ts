import * as z from "zod";
import { roles } from "../access/roles.ts";
import { idSchema } from "../kernel/id.ts";

/** A member of staff as colleagues see one. Sign-in names and credentials are not part of it. */
export const staffSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(120),
  /** What stands behind the name: "MD", "RN". */
  suffix: z.string().max(20),
  roles: z.array(z.enum(roles)),
  active: z.boolean(),
});
export type Staff = z.infer<typeof staffSchema>;
