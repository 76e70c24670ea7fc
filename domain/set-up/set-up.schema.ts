import * as z from "zod";
import { newPasswordSchema } from "../access/account.ts";
import type { PermissionName } from "../access/permissions.ts";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";
import { isStorableText } from "../sync/storable.ts";

/** Nobody has entered it yet; its people are being made; patients are entered. A trial practice is open from the beginning. */
export const setUpStates = ["unentered", "in_set_up", "open"] as const;
export type SetUpState = (typeof setUpStates)[number];

/** `GET /api/set-up`, for everybody: what the door has to say. */
export const setUpStateSchema = z.object({ state: z.enum(setUpStates) });

export const usernameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9.-]{1,30}$/,
    "2 to 31 small letters, digits, dots or hyphens, beginning with a letter",
  );
/** What a practice is called. */
export const practiceNameSchema = z
  .string()
  .trim()
  .min(2)
  .max(120)
  .refine(isStorableText, "holds what cannot be stored");
export const personNameSchema = z.string().trim().min(2).max(120);

/** `POST /api/set-up`: the first administrator enters with the code that `init` printed. */
export const enteringSchema = z.strictObject({
  code: z.string().trim().min(1).max(80),
  name: personNameSchema,
  username: usernameSchema,
  password: newPasswordSchema,
});
export type Entering = z.infer<typeof enteringSchema>;

export const offices = ["privacy-officer", "security-officer"] as const;
export type Office = (typeof offices)[number];

/** Why one person holds more than one of the three offices, in the practice's own words. */
export const statementSchema = z.string().trim().min(20).max(2000);

export const namingSchema = z.strictObject({
  office: z.enum(offices),
  personId: idSchema,
  statement: statementSchema.optional(),
});
export type Naming = z.infer<typeof namingSchema>;

/** Why somebody does not want to be an officer. */
export const declineWordsSchema = z.string().trim().min(2).max(500);

export const namingStates = ["named", "accepted", "declined", "replaced"] as const;

/** The newest naming for an office. */
export const officerSchema = z.object({
  id: idSchema,
  office: z.enum(offices),
  person: z.object({ id: idSchema, name: z.string() }),
  namedAt: instantSchema,
  status: z.enum(namingStates),
  decidedAt: instantSchema.nullable(),
  /** Why it was declined. */
  words: z.string().nullable(),
  statement: z.string().nullable(),
});
export type Officer = z.infer<typeof officerSchema>;

/** What is read from the running practice before it opens; nothing stands here that is not measured. */
export const checkNames = [
  "privacy_officer_accepted",
  "security_officer_accepted",
  "certificate_valid",
  "backup_written",
  "audit_whole",
  "disk_free",
] as const;
export type CheckName = (typeof checkNames)[number];

export const checkSchema = z.object({
  name: z.enum(checkNames),
  done: z.boolean(),
  /** When it was so: a backup, a verification. */
  at: instantSchema.nullable(),
  /** Days of a certificate, bytes of a disk. */
  amount: z.number().nullable(),
});
export type Check = z.infer<typeof checkSchema>;

/** `GET /api/set-up/standing`. */
export const standingSchema = z.object({
  state: z.enum(setUpStates),
  officers: z.array(officerSchema),
  checklist: z.array(checkSchema),
});
export type Standing = z.infer<typeof standingSchema>;

/**
 * What may be changed while a practice is in set-up: its people's ways in, its devices, rooms and hours. Everything else, and so
 * every patient and every role, waits until both officers have accepted.
 */
export const allowedInSetUp: ReadonlySet<PermissionName> = new Set<PermissionName>([
  "session:use",
  "sync:use",
  "account:use",
  "session:end",
  "passkey:register",
  "passkey:remove",
  "device:revoke",
  "device:wipe",
  "device:name",
  "device:acknowledge",
  "directory:write",
  "user:write",
  "user:disable",
  "token:revoke",
  "audit:own",
  "audit:search",
  "audit:verify",
  "audit:witness",
  "set-up:name",
  "set-up:accept",
]);
