import { createDecipheriv, createPublicKey, verify } from "node:crypto";
import type { Role } from "#domain/access/roles.ts";
import { roles } from "#domain/access/roles.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { fromBase64Url } from "#domain/kernel/bytes.ts";
import { type Envelope, envelopeAad, envelopeSigningText, unreadable } from "#domain/sync/envelope.ts";
import { mutationSchema, type PushedMutation, type PushResult } from "#domain/sync/protocol.ts";
import type { PublicKey } from "#domain/sync/session.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import { push } from "./push.ts";

interface Sender {
  user_id: string;
  device_id: string;
  signing_key: PublicKey | null;
  name: string;
  roles: Role[];
  disabled_at: string | null;
  active: boolean;
  device_status: string;
}

/**
 * Takes sealed work from a device whose person is locked out, signed off or gone: the device proves itself with its
 * device key, each envelope with the signature of the person's key on that device. What is inside is judged like any
 * push, by the person's rights now.
 */
export async function deliver(
  practice: Practice,
  deviceId: string,
  envelopes: readonly Envelope[],
  requestId: string,
): Promise<PushResult> {
  const clientId = envelopes[0]!.clientId;
  const [sender]: Sender[] = await practice.database.em.fork().execute(
    `select c.user_id, c.device_id, c.signing_key, f.name, f.roles, f.active, u.disabled_at, d.status as device_status
     from sync_client c join app_user u on u.id = c.user_id join staff f on f.id = u.id
       join device d on d.id = c.device_id where c.client_id = ?`,
    [clientId],
  );
  if (!sender || sender.device_id !== deviceId) throw new DomainError("client_unknown");
  if (!sender.signing_key)
    throw new DomainError("invalid_signature", "no signing key was registered for this client");
  const principal = principalOf(sender, deviceId);
  const mutations: PushedMutation[] = [];
  for (const envelope of envelopes) {
    const own =
      envelope.clientId === clientId && envelope.device === deviceId && envelope.user === sender.user_id;
    if (!own || !isSignedBy(envelope, sender.signing_key)) break;
    mutations.push(await open(practice, envelope, principal));
  }
  // What somebody else may have put in between stops the rest, because nobody vouches for its number.
  if (mutations.length === 0) throw new DomainError("invalid_signature");
  return push({ practice, principal, clientId, requestId }, mutations);
}

/**
 * Somebody who was disabled, or whose device was reported lost, holds no role here any more: what was written before goes
 * to quarantine.
 */
const principalOf = (sender: Sender, deviceId: string): Principal => ({
  actor: { type: "user", id: sender.user_id, role: sender.roles[0] ?? roles[0], deviceId },
  audit: { type: "device", id: deviceId, deviceId },
  name: sender.name,
  roles: sender.disabled_at || !sender.active || sender.device_status === "revoked" ? [] : sender.roles,
  session: { id: deviceId, deviceId, expiresAt: "" },
});

/** A key that is not a point of the curve signs nothing. */
function isSignedBy(envelope: Envelope, signingKey: PublicKey): boolean {
  try {
    const key = createPublicKey({ key: { ...signingKey }, format: "jwk" });
    const text = Buffer.from(envelopeSigningText(envelope));
    return verify("sha256", text, { key, dsaEncoding: "ieee-p1363" }, fromBase64Url(envelope.sig));
  } catch {
    return false;
  }
}

/** The mutation inside. One that does not open keeps its place in the queue, so that what was written after it arrives. */
async function open(practice: Practice, envelope: Envelope, { actor }: Principal): Promise<PushedMutation> {
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
    if (mutation.n !== envelope.n || mutation.id !== envelope.id) throw new Error("another mutation inside");
    return mutation;
  } catch {
    return unreadable(envelope, actor.type === "user" ? actor.role : roles[0]);
  }
}
