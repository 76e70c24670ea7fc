import { concatBytes, fromBase64Url, toBase64Url, utf8 } from "#domain/kernel/bytes.ts";
import { canonical, sha256Hex } from "#domain/kernel/canonical.ts";
import { randomBytes } from "#domain/kernel/clock.ts";
import { type Envelope, envelopeAad, envelopeSigningText } from "#domain/sync/envelope.ts";
import { mutationSchema, type PushedMutation } from "#domain/sync/protocol.ts";
import type { Session } from "#domain/sync/session.ts";
import { importAesKey, open, seal } from "../local/keys/aes.ts";
import { signText } from "../local/keys/device-identity.ts";
import type { Keyring } from "../local/keys/keyring.ts";
import { LocalError } from "../local/local-error.ts";
import { sealToServer } from "./server-key.ts";

/** Who seals, for which clinic, and what the previous entry was. */
export interface EnvelopeContext {
  readonly clientId: string;
  readonly epoch: string | null;
  readonly device: string;
  readonly prevHash: string;
  readonly serverKey: Session["serverKey"];
  /** For the clinic alone: what `keyLocal` is wrapped under is thrown away. */
  readonly sealed?: boolean;
}

const keyContext = (clientId: string, n: number, id: string) => `outbox-key|${clientId}|${n}|${id}|1`;

/** What the next entry chains to: SHA-256 of the text that was sealed. */
export const chainHash = (mutation: PushedMutation): string => sha256Hex(canonical(mutation));

/** Seals a mutation as outbox envelope v1 (domain/sync/envelope.ts, frozen). */
export async function sealEnvelope(
  keyring: Keyring,
  context: EnvelopeContext,
  mutation: PushedMutation,
): Promise<Envelope> {
  const { n, id, at } = mutation;
  const { clientId, epoch, device, prevHash } = context;
  const rawKey = randomBytes(32);
  try {
    const body = { v: 1 as const, clientId, epoch, n, id, user: keyring.userId, device, at, prevHash };
    const contentKey = await importAesKey(rawKey, ["encrypt"]);
    const sealed = await seal(contentKey, utf8(canonical(mutation)), envelopeAad(body));
    const wrapping = context.sealed ? await importAesKey(randomBytes(32), ["encrypt"]) : keyring.root;
    const local = await seal(wrapping, rawKey, keyContext(clientId, n, id));
    const unsigned = {
      ...body,
      iv: toBase64Url(sealed.iv),
      ct: toBase64Url(sealed.ct),
      keyLocal: toBase64Url(concatBytes(local.iv, local.ct)),
      keyServer: await sealToServer(context.serverKey, rawKey),
    };
    return { ...unsigned, sig: await signText(keyring.signing, envelopeSigningText(unsigned)) };
  } finally {
    rawKey.fill(0);
  }
}

/** @throws {LocalError} damaged */
export async function openEnvelope(keyring: Keyring, envelope: Envelope): Promise<PushedMutation> {
  const wrapped = fromBase64Url(envelope.keyLocal);
  const rawKey = await open(
    keyring.root,
    { iv: wrapped.slice(0, 12), ct: wrapped.slice(12) },
    keyContext(envelope.clientId, envelope.n, envelope.id),
  );
  try {
    const contentKey = await importAesKey(rawKey, ["decrypt"]);
    const sealed = { iv: fromBase64Url(envelope.iv), ct: fromBase64Url(envelope.ct) };
    const text = new TextDecoder().decode(await open(contentKey, sealed, envelopeAad(envelope)));
    const mutation = mutationSchema.parse(JSON.parse(text));
    if (mutation.n !== envelope.n || mutation.id !== envelope.id) throw new LocalError("damaged");
    return mutation;
  } finally {
    rawKey.fill(0);
  }
}
