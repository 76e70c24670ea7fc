import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { sessionSchema, signInSchema } from "../sync/session.ts";

/** Shown beside each other in a list: "My phone", "Key on my badge". */
export const passkeyNameSchema = z.string().trim().min(1).max(60);

const base64Url = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[\w-]+$/);
const credentialIdSchema = base64Url(1400);
const transportSchema = z
  .string()
  .max(20)
  .regex(/^[a-z-]+$/);

/**
 * A browser's answer to "make a passkey" (WebAuthn RegistrationResponseJSON), without extension results: what the tablet
 * wraps its keys with is among them, and must never leave it.
 */
export const newCredentialSchema = z.strictObject({
  id: credentialIdSchema,
  rawId: credentialIdSchema,
  type: z.literal("public-key"),
  response: z.strictObject({
    clientDataJSON: base64Url(4096),
    attestationObject: base64Url(16_384),
    transports: z.array(transportSchema).max(10),
  }),
});
export type NewCredential = z.infer<typeof newCredentialSchema>;

/** A browser's answer to "sign this" (AuthenticationResponseJSON), without extension results for the same reason. */
export const assertionSchema = z.strictObject({
  id: credentialIdSchema,
  rawId: credentialIdSchema,
  type: z.literal("public-key"),
  response: z.strictObject({
    clientDataJSON: base64Url(4096),
    authenticatorData: base64Url(4096),
    signature: base64Url(2048),
    /** Whose passkey it is: the user id in UTF-8. */
    userHandle: base64Url(100),
  }),
});
export type Assertion = z.infer<typeof assertionSchema>;

/** `POST /api/session/passkey` */
export const passkeySignInSchema = z.strictObject({
  assertion: assertionSchema,
  role: signInSchema.shape.role,
  device: signInSchema.shape.device,
});
export type PasskeySignIn = z.infer<typeof passkeySignInSchema>;

/** A passkey names nobody on the page, so the answer does. */
export const passkeySessionSchema = sessionSchema.extend({ username: z.string() });
export type PasskeySession = z.infer<typeof passkeySessionSchema>;

export const passkeySchema = z.object({
  id: idSchema,
  credentialId: credentialIdSchema,
  name: passkeyNameSchema,
  /** Can unlock a tablet, not only sign in. */
  prf: z.boolean(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
});
export type Passkey = z.infer<typeof passkeySchema>;

/** What a browser needs to ask the authenticator; binary members are base64url. */
export const creationOptionsSchema = z.object({
  challenge: base64Url(200),
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: base64Url(100), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ type: z.literal("public-key"), alg: z.int() })),
  excludeCredentials: z.array(
    z.object({ type: z.literal("public-key"), id: credentialIdSchema, transports: z.array(transportSchema) }),
  ),
});
export type CreationOptions = z.infer<typeof creationOptionsSchema>;

export const requestOptionsSchema = z.object({ challenge: base64Url(200), rpId: z.string() });
