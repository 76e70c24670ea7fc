import { createHmac, generateKeyPairSync, sign as signBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { registerToken } from "../token/service-token.ts";

let practice: TestPractice;
let session: TestSession;
let service: { id: string; token: string };

beforeAll(async () => {
  practice = await openTestPractice();
  session = await practice.signIn("it");
  ({ result: service } = await practice.practice.ledger.transact((tx) =>
    registerToken(practice.practice, tx, {
      purpose: "metrics",
      scopes: ["ops:metrics"],
      days: 1,
      ownerId: null,
    }),
  ));
});
afterAll(() => practice.close());

type Json = Record<string, unknown>;
const part = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const read = (token: string): { header: Json; claims: Json } => {
  const [header, claims] = token.split(".").map((text) => Buffer.from(text, "base64url").toString());
  return { header: JSON.parse(header!) as Json, claims: JSON.parse(claims!) as Json };
};

/** Really signed with the practice's key, whatever it says. */
function signed(header: unknown, claims: unknown): Promise<string> {
  const text = `${part(header)}.${part(claims)}`;
  return crypto.subtle
    .sign("Ed25519", practice.practice.keys.signing.privateKey, Buffer.from(text))
    .then((signature) => `${text}.${Buffer.from(signature).toString("base64url")}`);
}
const without = (object: Json, name: string): Json =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

/** Forged, malformed and misused tokens by what is wrong with them. */
async function corpus(): Promise<Record<string, string>> {
  const good = session.accessToken;
  const { header, claims } = read(good);
  const other = read(service.token);
  const seconds = Math.floor(now() / 1000);
  const [head, body, signature] = good.split(".") as [string, string, string];
  const publicKey = JSON.stringify(practice.practice.keys.signing.publicJwk);
  const hmac = (alg: string, key: string) => {
    const text = `${part({ ...header, alg })}.${body}`;
    return `${text}.${createHmac(`sha${alg.slice(2)}`, key)
      .update(text)
      .digest("base64url")}`;
  };
  const foreign = generateKeyPairSync("ed25519").privateKey;
  const bySomebody = `${head}.${body}.${signBytes(null, Buffer.from(`${head}.${body}`), foreign).toString("base64url")}`;
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const es256 = await new SignJWT(claims)
    .setProtectedHeader({ ...header, alg: "ES256" } as never)
    .sign(ec.privateKey);
  const embedded = { ...header, jwk: ec.publicKey.export({ format: "jwk" }), alg: "ES256" };
  const byEmbedded = await new SignJWT(claims).setProtectedHeader(embedded as never).sign(ec.privateKey);

  const tokens: Record<string, string | Promise<string>> = {
    "nothing at all": "",
    "one word": "token",
    "two parts": `${head}.${body}`,
    "four parts": `${good}.x`,
    "five parts": `${head}.x.x.${body}.${signature}`,
    "empty parts": "..",
    "no signature": `${head}.${body}.`,
    "no header": `.${body}.${signature}`,
    "no body": `${head}..${signature}`,
    "not base64url": `${head}.${body}.${signature}=`,
    "a space inside": `${head}.${body}. ${signature}`,
    "header is no JSON": `${part("{")}.${body}.${signature}`,
    "header is a list": `${part([])}.${body}.${signature}`,
    "header is null": `${part("null")}.${body}.${signature}`,
    "body is no JSON": signed(header, "{"),
    "body is a list": signed(header, []),
    "body is null": signed(header, "null"),
    "body is text": signed(header, '"admin"'),
    "another signature": `${head}.${body}.${other.header ? service.token.split(".")[2] : ""}`,
    "signature cut": good.slice(0, -8),
    "signature flipped": `${head}.${body}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`,
    "claims changed": `${head}.${part({ ...claims, sub: newId() })}.${signature}`,
    "header changed": `${part({ ...header, extra: 1 })}.${body}.${signature}`,
    "alg none": `${part({ ...header, alg: "none" })}.${body}.`,
    "alg None": `${part({ ...header, alg: "None" })}.${body}.${signature}`,
    "alg nOnE, empty signature": `${part({ ...header, alg: "nOnE" })}.${body}.`,
    "HS256 with the public key": hmac("HS256", publicKey),
    "HS256 with its x": hmac("HS256", practice.practice.keys.signing.publicJwk.x!),
    "HS384 with the public key": hmac("HS384", publicKey),
    "HS512 with the key id": hmac("HS512", practice.practice.keys.signing.kid),
    "HS256 with nothing": hmac("HS256", ""),
    "ES256 by another key": es256,
    "key in its own header": byEmbedded,
    "signed by another key": bySomebody,
    "jku in the header": signed({ ...header, jku: "https://evil.example/jwks", kid: "evil" }, claims),
    "alg Ed448": signed({ ...header, alg: "Ed448" }, claims),
    "alg missing": signed(without(header, "alg"), claims),
    "typ missing": signed(without(header, "typ"), claims),
    "typ JWT": signed({ ...header, typ: "JWT" }, claims),
    "typ of a grant": signed({ ...header, typ: "grant+jwt" }, claims),
    "typ of a scope": signed({ ...header, typ: "scope+jwt" }, claims),
    "typ a list": signed({ ...header, typ: ["at+jwt"] }, claims),
    "kid missing": signed(without(header, "kid"), claims),
    "kid of another key": signed({ ...header, kid: "another" }, claims),
    "kid a path": signed({ ...header, kid: "../../etc/passwd" }, claims),
    "crit unknown": signed({ ...header, crit: ["exp"], exp: 1 }, claims),
    "b64 false": signed({ ...header, b64: false, crit: ["b64"] }, claims),
    "issuer of another practice": signed(header, { ...claims, iss: `urn:jamemr:${newId()}` }),
    "issuer a list": signed(header, { ...claims, iss: [claims.iss] }),
    "audience of another practice": signed(header, { ...claims, aud: newId() }),
    "audience a list": signed(header, { ...claims, aud: [claims.aud] }),
    "audience a list of two": signed(header, { ...claims, aud: [claims.aud, newId()] }),
    "audience empty": signed(header, { ...claims, aud: "" }),
    expired: signed(header, { ...claims, iat: seconds - 700, exp: seconds - 100 }),
    "expired this second": signed(header, { ...claims, iat: seconds - 600, exp: seconds }),
    "exp 1e308": signed(
      header,
      `{${JSON.stringify(claims)
        .slice(1, -1)
        .replace(/"exp":\d+/, '"exp":1e308')}}`,
    ),
    "exp beyond all time": signed(header, { ...claims, exp: Number.MAX_SAFE_INTEGER }),
    "exp text": signed(header, { ...claims, exp: String(seconds + 300) }),
    "exp a fraction": signed(header, { ...claims, exp: seconds + 300.5 }),
    "exp null": signed(header, { ...claims, exp: null }),
    "exp negative": signed(header, { ...claims, exp: -1 }),
    "longer life than allowed": signed(header, { ...claims, iat: seconds, exp: seconds + 601 }),
    "issued in the future": signed(header, { ...claims, iat: seconds + 400, exp: seconds + 500 }),
    "iat text": signed(header, { ...claims, iat: "now" }),
    "not before later": signed(header, { ...claims, nbf: seconds + 300 }),
    "sub empty": signed(header, { ...claims, sub: "" }),
    "sub a number": signed(header, { ...claims, sub: 1 }),
    "jti of no session": signed(header, { ...claims, jti: newId() }),
    "sub of somebody else": signed(header, { ...claims, sub: newId() }),
    "jti no id": signed(header, { ...claims, jti: "1" }),
    "jti with SQL": signed(header, { ...claims, jti: "' or true --" }),
    "jti a list": signed(header, { ...claims, jti: [claims.jti] }),
    "access claims as a service token": signed({ ...header, typ: "service+jwt" }, claims),
    "service claims as an access token": signed(
      { ...other.header, typ: "at+jwt" },
      { ...other.claims, exp: seconds + 300, iat: seconds },
    ),
    "service token that was never registered": signed(other.header, { ...other.claims, jti: newId() }),
    "service token with a life of two years": signed(other.header, {
      ...other.claims,
      exp: seconds + 2 * 365 * 86_400,
    }),
    "offline grant as an access token": session.session.grant,
    "prototype as typ": signed({ ...header, typ: "__proto__" }, claims),
  };
  for (const name of ["iss", "aud", "exp", "iat", "sub", "jti"]) {
    tokens[`access without ${name}`] = signed(header, without(claims, name));
    tokens[`service without ${name}`] = signed(other.header, without(other.claims, name));
  }
  return Object.fromEntries(
    await Promise.all(Object.entries(tokens).map(async ([name, token]) => [name, await token])),
  );
}

const ask = (authorization: string) => practice.request(authorization, "GET", "/metrics");

describe("a token", () => {
  it("that is forged, malformed or misused is refused with 401 and one record, whatever is wrong", async () => {
    const tokens = await corpus();
    expect(Object.keys(tokens).length).toBeGreaterThan(80);
    for (const [name, token] of Object.entries(tokens)) {
      const before = await practice.head();
      const answer = await ask(`Bearer ${token}`);
      expect([answer.status, answer.body.code], name).toEqual([401, "invalid_token"]);
      expect(answer.headers.get("www-authenticate"), name).toBe("Bearer");
      const records = await practice.audit(before);
      expect(records, name).toMatchObject([
        { action: "token.refused", outcome: "denied", seq: answer.body.auditSeq },
      ]);
      expect(JSON.stringify(records)).not.toContain(token.split(".")[1] || "nothing");
    }
  });

  it("is not looked for anywhere but in a Bearer header", async () => {
    for (const authorization of [
      session.accessToken,
      `bearer  ${session.accessToken}`,
      `Basic ${Buffer.from(`it:${session.accessToken}`).toString("base64")}`,
      `Token ${session.accessToken}`,
      `Bearer ${session.accessToken}, Bearer ${session.accessToken}`,
    ])
      expect((await ask(authorization)).status, authorization.slice(0, 12)).toBe(401);
    const inQuery = await practice.request(null, "GET", `/metrics?access_token=${session.accessToken}`);
    expect(inQuery.body.code).toBe("unauthenticated");
    const inCookie = await practice.request(null, "GET", "/metrics", undefined, {
      cookie: `access_token=${session.accessToken}`,
    });
    expect(inCookie.body.code).toBe("unauthenticated");
  });

  it("of a service does what its scope says, until it is revoked or expires in the registry", async () => {
    const used = async () => {
      const [row] = await practice.owner<{ last_used_at: Date | null }>(
        "select last_used_at from token where id = $1",
        [service.id],
      );
      return row?.last_used_at ?? null;
    };
    const unused = await used();
    expect((await ask(`Bearer ${service.token}`)).status).toBe(200);
    expect([unused, await used()]).toEqual([null, expect.anything()]);
    const denied = await practice.request(`Bearer ${service.token}`, "GET", "/api/users");
    expect([denied.status, denied.body.code]).toEqual([403, "scope_missing"]);
    await practice.owner("update token set expires_at = now() - interval '1 minute' where id = $1", [
      service.id,
    ]);
    expect((await ask(`Bearer ${service.token}`)).body.code).toBe("invalid_token");
    await practice.owner("update token set expires_at = now() + interval '1 day' where id = $1", [
      service.id,
    ]);
    await practice.request(session, "POST", `/api/tokens/${service.id}/revoke`, {});
    const before = await practice.head();
    const revoked = await ask(`Bearer ${service.token}`);
    expect([revoked.status, revoked.body.code]).toEqual([401, "token_revoked"]);
    expect(await practice.audit(before)).toMatchObject([
      { action: "token.refused", reason: "token_revoked" },
    ]);
  });

  it("of another practice is worth nothing here", async () => {
    const other = await openTestPractice();
    try {
      const aiToken = (await readFile(join(other.folder, "ai-node", "token"), "utf8")).trim();
      const stranger = await other.signIn("it");
      for (const token of [aiToken, stranger.accessToken])
        expect((await ask(`Bearer ${token}`)).body.code).toBe("invalid_token");
    } finally {
      await other.close();
    }
  });
});
