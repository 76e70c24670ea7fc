import { importJWK, type JWTPayload, jwtVerify, SignJWT } from "jose";
import * as z from "zod";
import { DomainError } from "#domain/errors/catalog.ts";
import { now } from "#domain/kernel/clock.ts";
import { idSchema } from "#domain/kernel/id.ts";
import type { PublicKey } from "#domain/sync/session.ts";
import type { KeyStore } from "#server/keys/key-store.ts";
import { UsedProofs } from "./used-proofs.ts";

/**
 * The only place that signs or checks JSON Web Tokens. The library accepts tokens without `exp`, `iss`, `aud` or `typ`
 * by default; here each kind states all of them, its one algorithm and its longest life.
 */
const kinds = {
  /** A signed-in person's access token. */
  access: { typ: "at+jwt", seconds: 600 },
  /** A registered service token; the registry row decides whether it still works. */
  service: { typ: "service+jwt", seconds: 365 * 86_400 },
  /** How long a device may show charts without the server. */
  grant: { typ: "grant+jwt", seconds: 30 * 86_400 },
  /** The streams a client may hold. */
  scope: { typ: "scope+jwt", seconds: 86_400 },
} as const;
type Kind = keyof typeof kinds;

/** Longest life of a device's own proof, and how far its clock may be off, in seconds. */
export const DEVICE_PROOF_SECONDS = 300;

const secondsNow = () => Math.floor(now() / 1000);

export interface TokenSigner {
  sign(kind: Kind, claims: JWTPayload & { sub: string; jti: string }, seconds?: number): Promise<string>;
  verify(kind: Kind, token: string): Promise<JWTPayload & { sub: string; jti: string }>;
  /** Checks a device's proof (RFC 9449 in spirit): `htm` and `htu` bind it to this request, `jti` to one use. */
  verifyDeviceProof(
    proof: string,
    expect: { method: string; path: string; keyOf(deviceId: string): Promise<PublicKey | null> },
  ): Promise<{ deviceId: string; jti: string }>;
}

const claimsSchema = z.looseObject({
  sub: z.string().min(1),
  jti: idSchema,
  iat: z.int(),
  exp: z.int(),
});
const proofSchema = z.looseObject({
  iss: idSchema,
  jti: idSchema,
  iat: z.int(),
  htm: z.string(),
  htu: z.string(),
});

const refuse = (cause: unknown): never => {
  if (cause instanceof DomainError) throw cause;
  throw Object.assign(new DomainError("invalid_token"), { cause });
};

/** @param practiceId is both issuer and audience: a token of another practice never works here */
export function createTokenSigner(keys: KeyStore, practiceId: string): TokenSigner {
  const issuer = `urn:jamemr:${practiceId}`;
  const proofs = new UsedProofs();
  /** Of the signing key in use; importing it takes longer than checking a signature. */
  let imported: { readonly kid: string; readonly key: ReturnType<typeof importJWK> } | null = null;
  const publicKey = () => {
    const { kid, publicJwk } = keys.signing;
    if (imported?.kid !== kid) imported = { kid, key: importJWK(publicJwk, "EdDSA") };
    return imported.key;
  };
  return {
    sign(kind, claims, seconds = kinds[kind].seconds) {
      const issuedAt = secondsNow();
      return new SignJWT(claims)
        .setProtectedHeader({ alg: "EdDSA", typ: kinds[kind].typ, kid: keys.signing.kid })
        .setIssuer(issuer)
        .setAudience(practiceId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + Math.min(seconds, kinds[kind].seconds))
        .sign(keys.signing.privateKey);
    },

    async verify(kind, token) {
      const { payload, protectedHeader } = await jwtVerify(token, await publicKey(), {
        algorithms: ["EdDSA"],
        typ: kinds[kind].typ,
        issuer,
        audience: practiceId,
        requiredClaims: ["exp", "iat", "sub", "jti"],
        currentDate: new Date(now()),
      }).catch(refuse);
      const claims = claimsSchema.safeParse(payload);
      if (!claims.success || protectedHeader.kid !== keys.signing.kid) return refuse("claims");
      if (claims.data.exp - claims.data.iat > kinds[kind].seconds) return refuse("lifetime");
      if (claims.data.iat > secondsNow() + 60 || Array.isArray(payload.aud))
        return refuse("issued in the future");
      return claims.data as JWTPayload & { sub: string; jti: string };
    },

    async verifyDeviceProof(proof, { method, path, keyOf }) {
      let deviceId = "";
      const keyOfIssuer = async (token: { payload: string }): Promise<CryptoKey> => {
        const body: unknown = JSON.parse(Buffer.from(token.payload, "base64url").toString());
        deviceId = z.looseObject({ iss: idSchema }).parse(body).iss;
        const key = await keyOf(deviceId);
        if (!key) throw new DomainError("device_not_enrolled");
        return (await importJWK({ ...key, alg: "ES256" }, "ES256")) as CryptoKey;
      };
      const { payload } = await jwtVerify(
        proof,
        (_header, token) => keyOfIssuer({ payload: String(token.payload) }),
        {
          algorithms: ["ES256"],
          audience: practiceId,
          requiredClaims: ["iss", "iat", "jti", "htm", "htu"],
          maxTokenAge: DEVICE_PROOF_SECONDS,
          clockTolerance: DEVICE_PROOF_SECONDS,
          currentDate: new Date(now()),
        },
      ).catch(refuse);
      const claims = proofSchema.safeParse(payload);
      if (!claims.success) return refuse("claims");
      if (claims.data.htm !== method || !sameTarget(claims.data.htu, path))
        return refuse("bound to another request");
      const until = (claims.data.iat + 2 * DEVICE_PROOF_SECONDS) * 1000;
      if (!proofs.use(`${deviceId}/${claims.data.jti}`, until, now())) return refuse("used before");
      return { deviceId, jti: claims.data.jti };
    },
  };
}

/** `htu` may be a path or a whole URL: tablets reach one server under several names. */
function sameTarget(htu: string, path: string): boolean {
  try {
    return new URL(htu, "http://practice.invalid").pathname === path;
  } catch {
    return false;
  }
}
