import * as z from "zod";
import type { Role } from "../access/roles.ts";
import { canonical } from "../kernel/canonical.ts";
import { idSchema } from "../kernel/id.ts";
import { givenBackSchema, mutationHash, type PushedMutation } from "./protocol.ts";

/** Most characters of sealed text. */
export const MOST_SEALED = 4_000_000;
/** Most bytes of a mutation's JSON: sealed (16 bytes more) and in base64url it is no longer than that. */
export const MAX_MUTATION = (MOST_SEALED / 4) * 3 - 16;

/**
 * The sealed form in which a mutation waits on a tablet. Version 1 is frozen: every later release must read it.
 *
 * A random content key encrypts the text of the mutation once and is wrapped twice: under the user's root key
 * (`keyLocal`, for replay) and to the server's key (`keyServer`, for delivery while the tablet is locked). `sig` is by
 * the user-on-device key. Of work for the clinic alone the key that `keyLocal` is wrapped under is thrown away at once:
 * nobody on the tablet opens it again.
 */
export const envelopeSchema = z.strictObject({
  v: z.literal(1),
  clientId: idSchema,
  epoch: idSchema.nullable(),
  n: z.int().min(1),
  id: idSchema,
  user: idSchema,
  device: idSchema,
  at: z.string().max(40),
  /** SHA-256 of the previous envelope's canonical mutation; 64 zeros for the first. */
  prevHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** base64url, 12 bytes. */
  iv: z.string().regex(/^[\w-]{16}$/),
  /** base64url ciphertext with its 16-byte tag. */
  ct: z
    .string()
    .regex(/^[\w-]+$/)
    .max(MOST_SEALED),
  /** base64url: 12 bytes iv ‖ AES-256-GCM(root key, content key). */
  keyLocal: z
    .string()
    .regex(/^[\w-]+$/)
    .max(200),
  /** Compact JWE, ECDH-ES+A256KW / A256GCM, whose plaintext is the content key. */
  keyServer: z.string().max(1000),
  /** base64url, 64 bytes. */
  sig: z.string().regex(/^[\w-]{86}$/),
});
export type Envelope = z.infer<typeof envelopeSchema>;

export const firstPrevHash = "0".repeat(64);

export const envelopeAad = (envelope: Pick<Envelope, "v" | "clientId" | "n" | "id">): string =>
  canonical(["outbox", envelope.v, envelope.clientId, envelope.n, envelope.id]);

export const envelopeSigningText = ({ sig: _, ...rest }: Omit<Envelope, "sig"> & { sig?: string }): string =>
  canonical(rest);

export const deliverSchema = z.strictObject({
  envelopes: z.array(envelopeSchema).min(1).max(50),
  givenBack: givenBackSchema.optional(),
  /** Nobody can open these on the tablet any more, after a forgotten PIN: what is refused of them has no other place. */
  keysGone: z.literal(true).optional(),
});

/** The name under which an envelope that does not open waits in quarantine. No collection has it. */
export const UNREADABLE = "outbox.unreadable";

/** The name under which a change that no request holds is sent without its words. No collection has it. */
export const TOO_LARGE = "outbox.tooLarge";

/** Stands in the queue for a signed envelope whose mutation cannot be read, and carries the envelope as it came. */
export function unreadable(envelope: Envelope, role: Role): PushedMutation {
  const rest = {
    n: envelope.n,
    id: envelope.id,
    name: UNREADABLE,
    v: 1,
    args: { id: envelope.id, envelope },
    base: null,
    at: envelope.at,
    tz: "UTC",
    actor: envelope.user,
    role,
  };
  return { ...rest, hash: mutationHash(rest) };
}
