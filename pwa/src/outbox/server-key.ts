import type { Session } from "#domain/sync/session.ts";
import type { Bytes } from "../local/keys/aes.ts";

type ServerKey = Session["serverKey"];

/** Fetched after the first screen stands; call early so that it is in memory before the network goes. */
export const loadJose = () => import("jose");

/**
 * Seals a content key to the clinic (compact JWE, ECDH-ES+A256KW with A256GCM): whoever holds only this tablet can
 * neither open it nor stop it from being delivered.
 */
export async function sealToServer(key: ServerKey, contentKey: Bytes): Promise<string> {
  const { CompactEncrypt, importJWK } = await loadJose();
  const { kty, crv, x, y, kid } = key;
  const recipient = await importJWK({ kty, crv, x, y }, "ECDH-ES+A256KW");
  return new CompactEncrypt(contentKey)
    .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM", kid })
    .encrypt(recipient);
}

/** Seals bytes under a content key that both sides can have (compact JWE, `dir`, A256GCM). */
export async function sealChunk(
  contentKey: CryptoKey,
  plain: Uint8Array,
  header: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { CompactEncrypt } = await loadJose();
  return new CompactEncrypt(plain)
    .setProtectedHeader({ ...header, alg: "dir", enc: "A256GCM" })
    .encrypt(contentKey);
}

/** @throws {JOSEError} when the chunk was changed or belongs to another recording */
export async function openChunk(contentKey: CryptoKey, jwe: string) {
  const { compactDecrypt } = await loadJose();
  const { plaintext, protectedHeader } = await compactDecrypt(jwe, contentKey, {
    keyManagementAlgorithms: ["dir"],
    contentEncryptionAlgorithms: ["A256GCM"],
  });
  return { plain: plaintext, header: protectedHeader as Readonly<Record<string, unknown>> };
}
