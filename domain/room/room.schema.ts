import * as z from "zod";
import { idSchema } from "../kernel/id.ts";

export const roomSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(60),
  active: z.boolean(),
});
export type Room = z.infer<typeof roomSchema>;
