import * as z from "zod";
import { tokenScopes } from "../access/roles.ts";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** A registered service token: what it may do, whose it is and until when. Never the token itself. */
export const tokenSchema = z.strictObject({
  id: idSchema,
  purpose: z.string().min(1).max(120),
  scopes: z.array(z.enum(tokenScopes)).min(1),
  ownerId: idSchema.nullable(),
  createdAt: instantSchema,
  expiresAt: instantSchema,
  lastUsedAt: instantSchema.nullable(),
  revokedAt: instantSchema.nullable(),
  /** Since a restore it waits for the security officer, and works no more until then. */
  unconfirmedAt: instantSchema.nullable(),
});
export type Token = z.infer<typeof tokenSchema>;
