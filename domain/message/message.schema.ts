import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";
import { pools } from "../task/index.ts";

/**
 * Words from one person to another or to a pool. The desk sends to nursing; a clinical answer stays among clinical
 * people (C19). A message never changes; reading it is recorded on it.
 */
export const messageSchema = z.strictObject({
  id: idSchema,
  kind: z.enum(["administrative", "clinical"]),
  fromId: idSchema,
  toId: idSchema.nullable(),
  pool: z.enum(pools).nullable(),
  patientId: idSchema.nullable(),
  /** The message it answers. */
  replyTo: idSchema.nullable(),
  text: z.string().trim().min(1).max(4000),
  sentAt: instantSchema,
  readBy: idSchema.nullable(),
  readAt: instantSchema.nullable(),
});
export type Message = z.infer<typeof messageSchema>;
