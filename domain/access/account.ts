import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { roles } from "./roles.ts";

/** Characters (code points, NFC) of a password: where it stands alone, beside a second factor, and at most. */
export const passwordLength = { alone: 15, besideFactor: 8, most: 256 } as const;

/** As it is sent; how good it is, the clinic judges. The bound is in UTF-16 units and keeps nonsense out. */
export const newPasswordSchema = z.string().min(1).max(1024);
export const givenPasswordSchema = z.string().min(1).max(1024);

/** Why a new password is not taken. */
export const passwordFaults = ["short", "long", "common", "pattern", "own"] as const;
export type PasswordFault = (typeof passwordFaults)[number];

/** `detail` of `weak_password`. */
export const weakPasswordSchema = z.object({
  fault: z.enum(passwordFaults),
  shortest: z.int(),
});

/** What can stand beside the password at a sign-in. */
export const secondWays = ["totp", "recovery", "passkey"] as const;
export type SecondWay = (typeof secondWays)[number];

/** `detail` of `code_required`: told only to somebody who knew the password. */
export const codeRequiredSchema = z.object({ ways: z.array(z.enum(secondWays)) });

/** How a session was begun: by the password alone, a passkey, or the password with a code. */
export const signInWays = ["password", "passkey", "totp", "recovery"] as const;
export type SignInWay = (typeof signInWays)[number];

/** Recovery codes in a set. */
export const recoveryCodeCount = 10;

export const accountSchema = z.object({
  username: z.string(),
  /** The password counts only beside a second factor. */
  passwordShort: z.boolean(),
  totp: z.object({ since: z.string(), lastUsedAt: z.string().nullable() }).nullable(),
  passkeys: z.int(),
  recovery: z.object({ left: z.int(), since: z.string() }).nullable(),
  /** Sign-ins by a recovery code that the person has not said they know of. */
  recoveryUsed: z.array(z.object({ at: z.string(), device: z.string(), here: z.boolean() })),
});
export type AccountState = z.infer<typeof accountSchema>;

/** `POST /api/account/totp`: shown once, for the authenticator app. */
export const newTotpSchema = z.object({ id: idSchema, secret: z.string(), uri: z.string() });
export type NewTotp = z.infer<typeof newTotpSchema>;

/** Shown once. */
export const issuedCodesSchema = z.object({ recoveryCodes: z.array(z.string()) });

export const listedSessionSchema = z.object({
  id: idSchema,
  device: z.object({ id: idSchema, name: z.string() }),
  role: z.enum(roles),
  signedInBy: z.enum(signInWays),
  startedAt: z.string(),
  /** To ten minutes: when it was last continued. */
  lastActiveAt: z.string(),
  /** The one that asks. */
  isThis: z.boolean(),
});
export type ListedSession = z.infer<typeof listedSessionSchema>;
