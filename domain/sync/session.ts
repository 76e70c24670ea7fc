import * as z from "zod";
import { roles } from "../access/roles.ts";
import { idSchema } from "../kernel/id.ts";

/** A P-256 public key (RFC 7517), used for ECDSA signatures or for ECDH key agreement. */
export const publicKeySchema = z.strictObject({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: z.string().regex(/^[\w-]{43}$/),
  y: z.string().regex(/^[\w-]{43}$/),
});
export type PublicKey = z.infer<typeof publicKeySchema>;

/** Six digits of an authenticator app, or a recovery code, as people type and paste them. */
export const codeSchema = z.string().trim().min(1).max(40);

/** How few recovery codes are called few. */
export const fewRecoveryCodes = 3;

/** `POST /api/session`. The three optional device members make a tablet that can work offline. */
export const signInSchema = z.strictObject({
  username: z.string().trim().min(1).max(80),
  password: z.string().min(1).max(1024),
  /** Of the authenticator app, or a recovery code; asked for by `code_required`. */
  code: codeSchema.optional(),
  role: z.enum(roles).optional(),
  device: z.strictObject({
    id: idSchema,
    name: z.string().trim().min(1).max(80),
    /** Public part of the device key: authenticates deliver, heartbeat and uploads while locked. */
    key: publicKeySchema.optional(),
    /** Random per user on a device, new after a wipe. */
    clientId: idSchema.optional(),
    /** Public part of this user's key on this device: signs outbox envelopes. */
    signingKey: publicKeySchema.optional(),
    /**
     * Earlier clients of the person on this device, with work that is still here and keys that are gone: a clinic that went
     * back to a backup may know them no more, and could not tell who signed it.
     */
    formerClients: z
      .array(z.strictObject({ clientId: idSchema, signingKey: publicKeySchema }))
      .max(20)
      .optional(),
  }),
});
export type SignIn = z.infer<typeof signInSchema>;

export const practiceSchema = z.object({
  id: idSchema,
  name: z.string(),
  zone: z.string(),
  trial: z.boolean(),
});

export const sessionSchema = z.object({
  accessToken: z.string(),
  /** Seconds. */
  expiresIn: z.int(),
  user: z.object({ id: idSchema, name: z.string(), roles: z.array(z.enum(roles)), role: z.enum(roles) }),
  /** Compact JWS {sub, device, role, offlineUntil}: how long the device may show charts without the server. */
  grant: z.string(),
  /** The instant in `grant`, for display. */
  offlineUntil: z.string(),
  practice: practiceSchema,
  epoch: idSchema,
  /** Credential ids of the person's passkeys; a server of the version before does not say. */
  passkeys: z.array(z.string()).optional(),
  /** The key that signs the heads of the audit log, as a C2SP verifier key; a server of the version before does not say. */
  auditKey: z.string().optional(),
  /**
   * Recovery codes: how many are left, and how many sign-ins by one the person has not said they know of; `here`: this session
   * was begun by one. `left` is null where no code is asked for any more. Absent for somebody who has none to speak of.
   */
  recovery: z.object({ left: z.int().nullable(), used: z.int(), here: z.boolean() }).optional(),
  /** The server's P-256 key for sealing outbox and recording keys, and its thumbprint (RFC 7638). */
  serverKey: publicKeySchema.extend({ kid: z.string() }),
});
export type Session = z.infer<typeof sessionSchema>;
