import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import * as z from "zod";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { claimsOf } from "./service-token.ts";
import type { OpenSession, Tester } from "./tester.ts";

type Json = Readonly<Record<string, unknown>>;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const headerOf = (token: string): Json =>
  JSON.parse(Buffer.from(token.split(".")[0]!, "base64url").toString()) as Json;

const keysSchema = z.object({ keys: z.array(z.looseObject({ kid: z.string(), x: z.string() })).min(1) });

/** The practice's public signing key. */
async function publicKey(tester: Tester): Promise<{ kid: string; x: string }> {
  return keysSchema.parse((await tester.ask(null, "GET", "/.well-known/jwks.json")).body).keys[0]!;
}

/** Signed by somebody who has a key, but not the practice's. */
function signedByAStranger(header: Json, claims: Json, more: (publicJwk: Json) => Json = () => ({})): string {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const extra = more(publicKey.export({ format: "jwk" }) as Json);
  const content = `${encode({ ...header, ...extra })}.${encode(claims)}`;
  return `${content}.${sign(null, Buffer.from(content), privateKey).toString("base64url")}`;
}

/** One that a forger might try; each is made from the access token of an open session. */
export interface Forgery {
  readonly id: string;
  readonly what: string;
  make(tester: Tester, session: OpenSession): string | Promise<string>;
}

const other = (id: string, what: string, make: (token: string, session: OpenSession) => string): Forgery => ({
  id,
  what,
  make: (_tester, session) => make(session.session.accessToken, session),
});

export const forgeries: readonly Forgery[] = [
  other("alg-none", "a token whose algorithm is none", (token) => {
    const { kid, typ } = headerOf(token);
    return `${encode({ alg: "none", typ, kid })}.${token.split(".")[1]}.e30`;
  }),
  {
    id: "alg-hs256",
    what: "a token signed with the public key as if it were a shared secret",
    async make(tester, session) {
      const { kid, x } = await publicKey(tester);
      const content = `${encode({ alg: "HS256", typ: "at+jwt", kid })}.${session.session.accessToken.split(".")[1]}`;
      return `${content}.${createHmac("sha256", Buffer.from(x, "base64url")).update(content).digest("base64url")}`;
    },
  },
  other("tampered-content", "a token whose person was replaced by another", (token) => {
    const [header, , signature] = token.split(".");
    return `${header}.${encode({ ...claimsOf(token), sub: newId() })}.${signature}`;
  }),
  other("tampered-time", "a token whose end was moved on by a day", (token) => {
    const [header, , signature] = token.split(".");
    const claims = claimsOf(token);
    return `${header}.${encode({ ...claims, exp: Number(claims.exp) + 86_400 })}.${signature}`;
  }),
  other("tampered-signature", "a token with another signature", (token) => {
    const [header, claims, signature = ""] = token.split(".");
    const bytes = Buffer.from(signature, "base64url");
    bytes[0] = bytes[0]! ^ 1;
    return `${header}.${claims}.${bytes.toString("base64url")}`;
  }),
  other(
    "another-kind",
    "a well-signed token of another kind: the grant to show charts offline",
    (_, { session }) => session.grant,
  ),
  other("stranger", "an access token signed by somebody else in the name of the practice's key", (token) =>
    signedByAStranger(headerOf(token), claimsOf(token)),
  ),
  other("own-key", "an access token that brings the key to check it with", (token) =>
    signedByAStranger(headerOf(token), claimsOf(token), (jwk) => ({ jwk })),
  ),
  other("unregistered", "a service token that was never registered, with every scope", (token) => {
    const iat = Math.floor(now() / 1000);
    const claims = {
      ...claimsOf(token),
      jti: newId(),
      iat,
      exp: iat + 86_400,
      scopes: ["ai:work", "ops:metrics"],
    };
    return signedByAStranger({ ...headerOf(token), typ: "service+jwt" }, claims);
  }),
  other("forged-expired", "a token of an hour ago, signed by somebody else", (token) => {
    const iat = Math.floor(now() / 1000) - 3600;
    return signedByAStranger(headerOf(token), { ...claimsOf(token), iat, exp: iat + 600 });
  }),
];
