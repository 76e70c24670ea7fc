import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  calculateJwkThumbprint,
  compactDecrypt,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from "jose";
import { DomainError } from "#domain/errors/catalog.ts";
import type { PublicKey } from "#domain/sync/session.ts";
import { OperationError } from "#server/operations/operation-error.ts";
import { privateFolder, readIfPresent, writePrivateFile } from "#server/operations/private-file.ts";

const IV = 12;
const TAG = 16;

/** AES-256-GCM as `iv ‖ ciphertext ‖ tag`; `context` is authenticated with it. */
export function seal(key: Uint8Array, plain: Uint8Array, context: string): Buffer {
  const iv = randomBytes(IV);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(context));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws when the bytes were altered, or sealed under another key or context */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: string): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, IV)).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  return Buffer.concat([decipher.update(sealed.subarray(IV, sealed.length - TAG)), decipher.final()]);
}

/**
 * The practice's keys, in `keys/` of the data folder and never in the database or its dump: one practice key that
 * wraps a key per visit (so that destroying one file destroys a recording and its transcript in every backup), the
 * Ed25519 keys that sign tokens and the heads of the audit log, and the P-256 key to which tablets seal.
 */
export interface KeyStore {
  readonly signing: { readonly kid: string; readonly privateKey: CryptoKey; readonly publicJwk: JWK };
  readonly agreement: { readonly kid: string; readonly publicKey: PublicKey };
  /** The Ed25519 key that signs the heads of the audit log. */
  readonly audit: {
    readonly publicKey: Uint8Array;
    sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
  };
  /** The key of a visit; made when `create` is set, else null once destroyed or never made. */
  visitKey(encounterId: string, options?: { create?: boolean }): Promise<Buffer | null>;
  /** Opens a compact JWE that a tablet sealed to {@link agreement}. @throws {DomainError} invalid_signature */
  openFromTablet(jwe: string): Promise<Uint8Array>;
  /** Seals under the practice key (quarantine). */
  sealForPractice(plain: Uint8Array, context: string): Buffer;
  /** Opens what {@link sealForPractice} sealed. @throws when it was altered, or sealed in another context */
  openForPractice(sealed: Uint8Array, context: string): Buffer;
}

async function practiceKey(folder: string): Promise<Buffer> {
  const file = join(folder, "practice");
  const stored = await readIfPresent(file);
  if (stored) return Buffer.from(stored.trim(), "base64url");
  const key = randomBytes(32);
  await writePrivateFile(file, `${key.toString("base64url")}\n`);
  return key;
}

async function keyPair(folder: string, name: string, alg: "EdDSA" | "ECDH-ES+A256KW"): Promise<JWK> {
  const file = join(folder, `${name}.json`);
  const stored = await readIfPresent(file);
  if (stored) return JSON.parse(stored) as JWK;
  const { privateKey } = await generateKeyPair(alg, {
    extractable: true,
    crv: alg === "EdDSA" ? "Ed25519" : "P-256",
  });
  const jwk = await exportJWK(privateKey);
  await writePrivateFile(file, `${JSON.stringify(jwk)}\n`);
  return jwk;
}

function visitKeys(folder: string, practice: Buffer): KeyStore["visitKey"] {
  const making = new Map<string, Promise<Buffer>>();
  return async (encounterId, { create = false } = {}) => {
    const file = join(folder, encounterId);
    const context = `visit|${encounterId}`;
    const read = async () => {
      const stored = await readIfPresent(file);
      return stored ? unseal(practice, Buffer.from(stored.trim(), "base64url"), context) : null;
    };
    const make = async () => {
      const existing = await read();
      if (existing) return existing;
      const key = randomBytes(32);
      await writePrivateFile(file, `${seal(practice, key, context).toString("base64url")}\n`);
      return key;
    };
    if (!create) return read();
    // Two requests at once must not make two keys for one visit.
    const pending = making.get(encounterId) ?? make().finally(() => making.delete(encounterId));
    making.set(encounterId, pending);
    return pending;
  };
}

const importPrivate = async (jwk: JWK, alg: string): Promise<CryptoKey> => {
  const key = await importJWK(jwk, alg);
  if (key instanceof Uint8Array) throw new TypeError("not an asymmetric key");
  return key as CryptoKey;
};

/** The files without which what a practice has sealed stays sealed. */
const keyFiles = ["practice", "signing.json", "agreement.json"] as const;

/**
 * Opens the practice's keys, and makes them when the practice is new.
 * @param folder `keys/` of the data folder or of `JAMEMR_STORE`
 * @param options `founded`: the practice exists already, so its keys must
 * @throws {OperationError} keys_missing: a key made anew would open nothing that was sealed before
 */
export async function openKeyStore(
  folder: string,
  { founded = false }: { readonly founded?: boolean } = {},
): Promise<KeyStore> {
  if (founded)
    for (const file of keyFiles)
      if (!(await readIfPresent(join(folder, file))))
        throw new OperationError("keys_missing", { file, path: folder });
  const visits = join(folder, "visits");
  await privateFolder(folder);
  await privateFolder(visits);
  const practice = await practiceKey(folder);
  const signingJwk = await keyPair(folder, "signing", "EdDSA");
  const agreementJwk = await keyPair(folder, "agreement", "ECDH-ES+A256KW");
  // A practice from before there were signed heads gets its key with the first of them.
  const auditJwk = await keyPair(folder, "audit", "EdDSA");
  const auditKey = await importPrivate(auditJwk, "EdDSA");
  const signingKid = await calculateJwkThumbprint(signingJwk);
  const agreementKid = await calculateJwkThumbprint(agreementJwk);
  const agreementKey = await importPrivate(agreementJwk, "ECDH-ES+A256KW");

  return {
    signing: {
      kid: signingKid,
      privateKey: await importPrivate(signingJwk, "EdDSA"),
      publicJwk: { kty: "OKP", crv: "Ed25519", x: signingJwk.x!, kid: signingKid, alg: "EdDSA", use: "sig" },
    },
    agreement: {
      kid: agreementKid,
      publicKey: { kty: "EC", crv: "P-256", x: agreementJwk.x!, y: agreementJwk.y! },
    },
    audit: {
      publicKey: new Uint8Array(Buffer.from(auditJwk.x!, "base64url")),
      sign: async (bytes) => new Uint8Array(await crypto.subtle.sign("Ed25519", auditKey, bytes)),
    },
    visitKey: visitKeys(visits, practice),
    async openFromTablet(jwe) {
      try {
        const { plaintext } = await compactDecrypt(jwe, agreementKey, {
          keyManagementAlgorithms: ["ECDH-ES+A256KW"],
          contentEncryptionAlgorithms: ["A256GCM"],
        });
        return plaintext;
      } catch (cause) {
        throw Object.assign(new DomainError("invalid_signature", "not sealed to this practice's key"), {
          cause,
        });
      }
    },
    sealForPractice: (plain, context) => seal(practice, plain, context),
    openForPractice: (sealed, context) => unseal(practice, sealed, context),
  };
}
