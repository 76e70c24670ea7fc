import { createDecipheriv, createPublicKey, verify } from "node:crypto";
import { fromBase64Url } from "#domain/kernel/bytes.ts";
import {
  type Envelope,
  envelopeAad,
  envelopeSchema,
  envelopeSigningText,
  UNREADABLE,
} from "#domain/sync/envelope.ts";
import { mutationSchema, type PushedMutation } from "#domain/sync/protocol.ts";
import type { PublicKey } from "#domain/sync/session.ts";
import type { Practice } from "#server/practice/practice.ts";
import type { PushContext } from "./push.ts";

/** Whether the person's key on that device signed it. A key that is not a point of the curve signs nothing. */
export function isSignedBy(envelope: Envelope, signingKey: PublicKey): boolean {
  try {
    const key = createPublicKey({ key: { ...signingKey }, format: "jwk" });
    const text = Buffer.from(envelopeSigningText(envelope));
    return verify("sha256", text, { key, dsaEncoding: "ieee-p1363" }, fromBase64Url(envelope.sig));
  } catch {
    return false;
  }
}

/** The mutation inside; null for an envelope that does not open. */
export async function openEnvelope(practice: Practice, envelope: Envelope): Promise<PushedMutation | null> {
  try {
    const contentKey = await practice.keys.openFromTablet(envelope.keyServer);
    const sealed = fromBase64Url(envelope.ct);
    const decipher = createDecipheriv("aes-256-gcm", contentKey, fromBase64Url(envelope.iv)).setAAD(
      Buffer.from(envelopeAad(envelope)),
    );
    decipher.setAuthTag(sealed.subarray(sealed.length - 16));
    const text = Buffer.concat([
      decipher.update(sealed.subarray(0, sealed.length - 16)),
      decipher.final(),
    ]).toString();
    const mutation = mutationSchema.parse(JSON.parse(text));
    return mutation.n === envelope.n && mutation.id === envelope.id ? mutation : null;
  } catch {
    return null;
  }
}

/**
 * A tablet pushes what it cannot open itself as the envelope that it has: work that was sealed to the clinic alone, or
 * that was damaged there. What is inside takes its place, so that it is the same mutation on both ways of arrival; what
 * does not open, or is not signed by this person on this device, stays as it came.
 */
export async function openSealed(
  { practice, principal, clientId }: PushContext,
  batch: readonly PushedMutation[],
): Promise<readonly PushedMutation[]> {
  if (!batch.some(({ name }) => name === UNREADABLE)) return batch;
  const [client]: { user_id: string; device_id: string; signing_key: PublicKey | null }[] =
    await practice.database.em
      .fork()
      .execute("select user_id, device_id, signing_key from sync_client where client_id = ?", [clientId]);
  const key = client?.signing_key;
  const { actor, session } = principal;
  if (!key || client.user_id !== actor.id || client.device_id !== session?.deviceId) return batch;
  return Promise.all(
    batch.map(async (mutation) => {
      const { data: envelope } = envelopeSchema.safeParse(
        mutation.name === UNREADABLE ? mutation.args.envelope : null,
      );
      const own =
        envelope?.clientId === clientId &&
        envelope.device === client.device_id &&
        envelope.user === actor.id &&
        envelope.n === mutation.n &&
        envelope.id === mutation.id;
      if (!envelope || !own || !isSignedBy(envelope, key)) return mutation;
      return (await openEnvelope(practice, envelope)) ?? mutation;
    }),
  );
}
