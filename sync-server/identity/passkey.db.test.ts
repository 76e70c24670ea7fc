import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Assertion, CreationOptions, Passkey, PasskeySession } from "#domain/access/passkey.ts";
import { now, useClock } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { Session } from "#domain/sync/session.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { type Odd, SoftwareAuthenticator } from "../testing/software-authenticator.ts";
import {
  type Caller,
  openTestPractice,
  type TestPractice,
  type TestSession,
} from "../testing/test-practice.ts";

const origin = "http://localhost:8080";
let practice: TestPractice;
let clinician: TestSession;

beforeAll(async () => {
  practice = await openTestPractice();
});
beforeEach(async () => {
  clinician = await practice.signIn("clinician");
});
afterAll(() => practice.close());

const post = <T>(caller: Caller, path: string, body: unknown, from = origin) =>
  practice.request<T & { code?: string }>(caller, "POST", path, body, { origin: from });
const optionsFor = async (session: TestSession) =>
  (await post<CreationOptions>(session, "/api/passkeys/options", {})).body;
const send = (session: TestSession, credential: unknown, more: object = {}) =>
  post<{ passkey: Passkey }>(session, "/api/passkeys", { name: "My phone", prf: true, credential, ...more });

async function register(session: TestSession, odd: Odd = {}) {
  const key = new SoftwareAuthenticator(origin);
  const answer = await send(session, key.create(await optionsFor(session), odd));
  if (answer.status !== 200) throw new Error(answer.text);
  return { key, passkey: answer.body.passkey };
}

const challenge = async (from = origin) =>
  (await post<{ challenge: string; rpId: string }>(null, "/api/session/passkey/options", {}, from)).body;
const signInWith = (assertion: Assertion, device = newId(), more: object = {}) =>
  post<PasskeySession>(null, "/api/session/passkey", {
    assertion,
    device: { id: device, name: "tablet" },
    ...more,
  });
const signIn = async (key: SoftwareAuthenticator, odd: Odd = {}, device = newId()) =>
  signInWith(key.get(await challenge(), odd), device);
const lastReason = async () =>
  (await practice.audit()).findLast(({ action }) => action === "session.refused")?.reason;
const shown = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code];

describe("registering a passkey", () => {
  it.each(["none", "packed"] as const)(
    "takes %s attestation, keeps the public key and says so in the log",
    async (attestation) => {
      const before = await practice.head();
      const { passkey, key } = await register(clinician, { attestation });
      expect(passkey).toMatchObject({
        name: "My phone",
        prf: true,
        credentialId: key.credentialId,
        lastUsedAt: null,
      });
      expect(await practice.audit(before)).toMatchObject([
        {
          action: "passkey.registered",
          actor: { id: clinician.user.id },
          resource: { type: "passkey", id: passkey.id },
        },
      ]);
      const { body } = await practice.request<{ passkeys: Passkey[] }>(clinician, "GET", "/api/passkeys");
      expect(body.passkeys).toContainEqual(passkey);
    },
  );

  it("asks for a resident key with the person verified, and leaves out the keys that are known", async () => {
    const { key } = await register(clinician);
    const options = await optionsFor(clinician);
    expect(options).toMatchObject({
      rp: { id: "localhost" },
      user: { id: Buffer.from(clinician.user.id).toString("base64url"), name: "clinician" },
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      attestation: "none",
    });
    expect(options.excludeCredentials.map(({ id }) => id)).toContain(key.credentialId);
  });

  it.each<[string, Odd]>([
    ["another origin", { origin: "https://evil.example" }],
    ["another port", { origin: "http://localhost:9999" }],
    ["another relying party", { rpId: "evil.example" }],
    ["a challenge nobody asked for", { challenge: "x".repeat(43) }],
    ["a person who was not verified", { unverified: true }],
    ["an answer to another question", { type: "webauthn.get" }],
  ])("refuses %s", async (_what, odd) => {
    const key = new SoftwareAuthenticator(origin);
    const answer = await send(clinician, key.create(await optionsFor(clinician), odd));
    expect(shown(answer)).toEqual([401, "passkey_refused"]);
    expect(
      await practice.owner("select 1 from passkey where credential_id = $1", [key.credentialId]),
    ).toEqual([]);
  });

  it("answers each challenge once, in the session that asked, and in time", async () => {
    const key = new SoftwareAuthenticator(origin);
    const created = key.create(await optionsFor(clinician));
    const nurse = await practice.signIn("nurse");
    expect(shown(await send(nurse, created))).toEqual([401, "passkey_refused"]);
    expect(shown(await send(clinician, created))).toEqual([401, "passkey_refused"]);

    const again = key.create(await optionsFor(clinician));
    expect((await send(clinician, again)).status).toBe(200);
    expect(shown(await send(clinician, again))).toEqual([401, "passkey_refused"]);

    const late = new SoftwareAuthenticator(origin).create(await optionsFor(clinician));
    const afterwards = now() + 6 * 60_000;
    const restore = useClock({ now: () => afterwards });
    try {
      expect(shown(await send(clinician, late))).toEqual([401, "passkey_refused"]);
    } finally {
      restore();
    }
  });

  it("refuses a key that is somebody's already, and anything the tablet wraps its keys with", async () => {
    const { key } = await register(clinician);
    const nurse = await practice.signIn("nurse");
    expect(shown(await send(nurse, key.create(await optionsFor(nurse))))).toEqual([409, "already_exists"]);
    const other = new SoftwareAuthenticator(origin).create(await optionsFor(nurse));
    const leaking = { ...other, clientExtensionResults: { prf: { results: { first: "secret" } } } };
    expect(shown(await send(nurse, leaking))).toEqual([400, "malformed_request"]);
  });

  it("wants the password when the sign-in is older than 15 minutes", async () => {
    await practice.owner(
      "update session set unlocked_at = now() - interval '16 minutes' where user_id = $1",
      [clinician.user.id],
    );
    const ask = (body: object) => post(clinician, "/api/passkeys/options", body);
    expect(shown(await ask({}))).toEqual([401, "password_needed"]);
    expect(shown(await ask({ password: "wrong" }))).toEqual([401, "wrong_credentials"]);
    expect((await ask({ password: trialPassword })).status).toBe(200);
    expect((await ask({})).status).toBe(200);
  });

  it("stops at twenty", async () => {
    const id = await practice.addPerson("collector", ["nurse"]);
    const collector = await practice.signIn("collector");
    await practice.owner(
      `insert into passkey(id, user_id, rp_id, credential_id, public_key, counter, transports, name, prf, created_at)
       select gen_random_uuid(), $1, 'localhost', 'made-up-' || n, '', 0, '[]', 'key', false, now() from generate_series(1, 20) n`,
      [id],
    );
    expect(shown(await post(collector, "/api/passkeys/options", {}))).toEqual([409, "passkey_limit"]);
  });

  it.each(["http://127.0.0.1:8080", "https://practice.local:8443", "https://[::1]:8443"])(
    "is not offered at %s, which is not the practice's name",
    async (from) => {
      expect(shown(await post(clinician, "/api/passkeys/options", {}, from))).toEqual([
        409,
        "passkey_needs_name",
      ]);
      expect(shown(await post(null, "/api/session/passkey/options", {}, from))).toEqual([
        409,
        "passkey_needs_name",
      ]);
    },
  );

  it("is for pages of the practice only", async () => {
    const foreign = await post(null, "/api/session/passkey/options", {}, "https://evil.example");
    expect(shown(foreign)).toEqual([403, "origin_refused"]);
    const program = await practice.request(null, "POST", "/api/session/passkey/options", {});
    expect(shown(program)).toEqual([403, "origin_refused"]);
  });
});

describe("signing in with a passkey", () => {
  it("needs no name, and the log says how it was done", async () => {
    const { key, passkey } = await register(clinician);
    const before = await practice.head();
    const answer = await signIn(key);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ username: "clinician", user: { id: clinician.user.id } });
    expect(answer.body.passkeys).toContain(key.credentialId);
    expect(answer.headers.get("set-cookie")).toMatch(/^__Host-jamemr-.+HttpOnly; SameSite=Strict/);
    expect((await practice.audit(before)).at(-1)).toMatchObject({
      action: "session.started",
      reason: "passkey",
    });
    const me = await practice.request<Session>(`Bearer ${answer.body.accessToken}`, "GET", "/api/session");
    expect(me.body.user.id).toBe(clinician.user.id);
    const { body } = await practice.request<{ passkeys: Passkey[] }>(clinician, "GET", "/api/passkeys");
    expect(body.passkeys.find(({ id }) => id === passkey.id)?.lastUsedAt).not.toBeNull();
  });

  it("with a password says nothing of a passkey", async () => {
    const before = await practice.head();
    await practice.signIn("nurse");
    const started = (await practice.audit(before)).find(({ action }) => action === "session.started");
    expect(started?.reason).toBeUndefined();
  });

  it.each<[string, Odd, string]>([
    ["another origin", { origin: "https://evil.example" }, "passkey_invalid"],
    ["another relying party", { rpId: "evil.example" }, "passkey_invalid"],
    ["a challenge nobody asked for", { challenge: "x".repeat(43) }, "challenge"],
    ["a counter that went back", { counter: 1 }, "passkey_invalid"],
    ["a person who was not verified", { unverified: true }, "passkey_invalid"],
    [
      "somebody else's name on it",
      { userHandle: Buffer.from(newId()).toString("base64url") },
      "passkey_of_another",
    ],
    ["an answer to another question", { type: "webauthn.create" }, "passkey_invalid"],
  ])("refuses %s, and the log says why", async (_what, odd, reason) => {
    const { key } = await register(clinician);
    expect((await signIn(key)).status).toBe(200);
    expect(shown(await signIn(key, odd))).toEqual([401, "passkey_refused"]);
    expect(await lastReason()).toBe(reason);
  });

  it("refuses a replay, and a challenge of a registration", async () => {
    const { key } = await register(clinician);
    const assertion = key.get(await challenge());
    expect((await signInWith(assertion)).status).toBe(200);
    expect(shown(await signInWith(assertion))).toEqual([401, "passkey_refused"]);
    expect(shown(await signInWith(key.get(await optionsFor(clinician))))).toEqual([401, "passkey_refused"]);
    expect(await lastReason()).toBe("challenge");
  });

  it("lets one of two copies in that answer side by side with the same count", async () => {
    const { key } = await register(clinician);
    const [one, two] = [await challenge(), await challenge()];
    const answers = await Promise.all([
      signInWith(key.get(one, { counter: 7 })),
      signInWith(key.get(two, { counter: 7 })),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
  });

  it("works with an authenticator that does not count", async () => {
    const { key } = await register(clinician, { counter: 0 });
    expect((await signIn(key, { counter: 0 })).status).toBe(200);
    expect((await signIn(key, { counter: 0 })).status).toBe(200);
  });

  it("refuses one person's answer under another person's key", async () => {
    const { key } = await register(clinician);
    const nurse = await practice.signIn("nurse");
    const { key: other } = await register(nurse);
    const assertion = key.get(await challenge());
    const swapped = { ...assertion, id: other.credentialId, rawId: other.credentialId };
    expect(shown(await signInWith(swapped))).toEqual([401, "passkey_refused"]);
    const handle = {
      ...swapped,
      response: { ...swapped.response, userHandle: other.get(await challenge()).response.userHandle },
    };
    expect(shown(await signInWith(handle))).toEqual([401, "passkey_refused"]);
  });

  it("refuses an unknown key, a removed one and a disabled person alike", async () => {
    const id = await practice.addPerson("leaver", ["nurse"]);
    const leaver = await practice.signIn("leaver");
    const { key, passkey } = await register(leaver);
    const { key: second } = await register(leaver);
    expect((await post(leaver, `/api/passkeys/${passkey.id}/remove`, {})).status).toBe(204);
    const removed = await signIn(key);
    expect(await lastReason()).toBe("passkey_unknown");
    await practice.owner("update app_user set disabled_at = now() where id = $1", [id]);
    const disabled = await signIn(second);
    expect(await lastReason()).toBe("disabled");
    expect([shown(removed), shown(disabled)]).toEqual([
      [401, "passkey_refused"],
      [401, "passkey_refused"],
    ]);
  });

  it("does not get around a one-time password, a role not held or a revoked device", async () => {
    const id = await practice.addPerson("newcomer", ["nurse"]);
    const { key } = await register(await practice.signIn("newcomer"));
    const wrongRole = await signInWith(key.get(await challenge()), newId(), { role: "administrator" });
    expect(shown(wrongRole)).toEqual([403, "role_not_held"]);
    const device = newId();
    expect((await signIn(key, {}, device)).status).toBe(200);
    const it = await practice.signIn("it");
    expect((await post(it, `/api/devices/${device}/revoke`, {})).status).toBe(204);
    expect(shown(await signIn(key, {}, device))).toEqual([403, "device_revoked"]);
    await practice.owner("update app_user set must_change = true where id = $1", [id]);
    expect(shown(await signIn(key))).toEqual([403, "password_change_required"]);
  });

  it("slows down after five refused answers, for this key on unknown devices only", async () => {
    const { key } = await register(clinician);
    const device = newId();
    expect((await signIn(key, {}, device)).status).toBe(200);
    for (let i = 0; i < 5; i++) expect((await signIn(key, { unverified: true })).status).toBe(401);
    expect(shown(await signIn(key))).toEqual([429, "too_many_requests"]);
    expect((await signIn(key, {}, device)).status).toBe(200);
    const { key: other } = await register(clinician);
    expect((await signIn(other)).status).toBe(200);
  });
});

describe("whose passkeys", () => {
  it("clinical and desk people see and remove their own; those who look after access also others'", async () => {
    const nurse = await practice.signIn("nurse");
    const { passkey } = await register(nurse);
    const list = (caller: TestSession) =>
      practice.request<{ passkeys?: Passkey[]; code?: string }>(
        caller,
        "GET",
        `/api/passkeys?user=${nurse.user.id}`,
      );
    for (const username of ["clinician", "frontdesk"]) {
      const other = await practice.signIn(username);
      expect(shown(await list(other))).toEqual([403, "not_yours"]);
      expect(shown(await post(other, `/api/passkeys/${passkey.id}/remove`, {}))).toEqual([403, "not_yours"]);
    }
    for (const username of ["admin", "it", "privacy", "security"]) {
      const { passkey: one } = await register(nurse);
      const officer = await practice.signIn(username);
      expect((await list(officer)).body.passkeys).toContainEqual(one);
      const before = await practice.head();
      expect((await post(officer, `/api/passkeys/${one.id}/remove`, {})).status).toBe(204);
      expect(await practice.audit(before)).toMatchObject([
        { action: "passkey.removed", actor: { id: officer.user.id }, resource: { id: one.id } },
      ]);
    }
    expect((await post(nurse, `/api/passkeys/${passkey.id}/remove`, {})).status).toBe(204);
    expect((await post(nurse, `/api/passkeys/${passkey.id}/remove`, {})).status).toBe(404);
  });
});

describe("challenges", () => {
  it("that nobody answered go, and many of them push the oldest out", async () => {
    await challenge();
    await practice.owner("update passkey_challenge set expires_at = now() - interval '1 minute'");
    await challenge();
    const count = async () =>
      (await practice.owner<{ n: number }>("select count(*)::int as n from passkey_challenge"))[0]!.n;
    expect(await count()).toBe(1);
    await practice.owner(
      `insert into passkey_challenge(hash, kind, rp_id, expires_at)
       select sha256(n::text::bytea), 'sign-in', 'localhost', now() + interval '1 minute' from generate_series(1, 3000) n`,
    );
    const mine = await optionsFor(clinician);
    await challenge();
    expect(await count()).toBeLessThan(2100);
    const key = new SoftwareAuthenticator(origin);
    expect((await send(clinician, key.create(mine))).status).toBe(200);
  });
});
