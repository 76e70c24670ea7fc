import { Secret, TOTP } from "otpauth";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AccountState } from "#domain/access/account.ts";
import { now, useClock } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { Session } from "#domain/sync/session.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";

let practice: TestPractice;
let restore = () => {};
let people = 0;

beforeAll(async () => {
  practice = await openTestPractice();
});
afterEach(() => restore());
afterAll(() => practice.close());

/** Half a minute later: the next code. */
const later = (steps: number) => {
  const at = now() + steps * 30_000;
  restore();
  restore = useClock({ now: () => at });
};

type Refusal = { code?: string; detail?: string };
const post = <T>(session: TestSession | null, path: string, body: object = {}) =>
  practice.request<T & Refusal>(session, "POST", path, body);

interface Person {
  readonly name: string;
  readonly device: string;
  readonly session: TestSession;
}

async function newPerson(): Promise<Person> {
  const name = `factor${++people}`;
  await practice.addPerson(name, ["clinician"]);
  const session = await practice.signIn(name);
  return { name, device: session.deviceId, session };
}

const signIn = ({ name, device }: Person, change: object = {}) =>
  post<Session>(null, "/api/session", {
    username: name,
    password: trialPassword,
    device: { id: device, name: "tablet" },
    ...change,
  });
const codeOf = (secret: string, at = now()) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });

interface Armed extends Person {
  readonly secret: string;
  readonly codes: readonly string[];
}

/** With an authenticator app, half a minute after its first code. */
async function armed(person?: Person): Promise<Armed> {
  const one = person ?? (await newPerson());
  const begun = await post<{ id: string; secret: string }>(one.session, "/api/account/totp");
  const { id, secret } = begun.body;
  const done = await post<{ recoveryCodes: string[] }>(one.session, "/api/account/totp/confirm", {
    id,
    code: codeOf(secret),
  });
  expect(done.status, done.text).toBe(200);
  later(1);
  return { ...one, secret, codes: done.body.recoveryCodes };
}

const account = async (session: TestSession) =>
  (await practice.request<AccountState>(session, "GET", "/api/account")).body;
const records = async (before: number) =>
  (await practice.audit(before)).map(({ action, reason }) => (reason ? `${action} ${reason}` : action));

describe("an authenticator app", () => {
  it("counts once a code showed that it has the secret, and is sealed in the database", async () => {
    const person = await newPerson();
    const before = await practice.head();
    const begun = await post<{ id: string; secret: string; uri: string }>(
      person.session,
      "/api/account/totp",
    );
    expect(begun.status).toBe(200);
    expect(begun.body.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(begun.body.uri).toContain("otpauth://totp/");
    expect((await signIn(person)).status).toBe(200); // nothing is asked for yet
    const confirm = (code: string, session = person.session) =>
      post<{ recoveryCodes: string[] }>(session, "/api/account/totp/confirm", { id: begun.body.id, code });
    expect((await confirm("000000")).body.code).toBe("wrong_code");
    const other = await newPerson();
    expect((await confirm(codeOf(begun.body.secret), other.session)).body.code).toBe("not_found");
    const done = await confirm(codeOf(begun.body.secret));
    expect(done.body.recoveryCodes).toHaveLength(10);
    expect(new Set(done.body.recoveryCodes).size).toBe(10);
    expect((await confirm(codeOf(begun.body.secret))).body.code).toBe("not_found");
    expect((await signIn(person)).body.code).toBe("code_required");

    const [row] = await practice.owner<{ text: string; raw: Buffer }>(
      "select f::text as text, secret as raw from totp_factor f where user_id = $1",
      [person.session.user.id],
    );
    const plain = Buffer.from(new Uint8Array(Secret.fromBase32(begun.body.secret).buffer));
    expect(row!.raw.includes(plain)).toBe(false);
    expect(row!.text).not.toContain(begun.body.secret);
    const log = JSON.stringify(await practice.audit(before));
    expect(log).not.toContain(begun.body.secret);
    for (const code of done.body.recoveryCodes) expect(log).not.toContain(code);
    expect(await records(before)).toEqual(
      expect.arrayContaining(["totp.begun", "totp.added", "recovery-code.issued"]),
    );
  });

  it("is asked for only where the password was right", async () => {
    const person = await armed();
    const before = await practice.head();
    const wrong = await signIn(person, { password: "wrong" });
    const wrongWithCode = await signIn(person, { password: "wrong", code: codeOf(person.secret) });
    const nobody = await signIn({ ...person, name: "nobody-at-all" });
    const plain = await signIn(await newPerson(), { password: "wrong" });
    expect([wrong, wrongWithCode, nobody, plain].map(({ body }) => body.code)).toEqual(
      Array.from({ length: 4 }, () => "wrong_credentials"),
    );
    const shape = ({ text }: { text: string }) => ({ ...JSON.parse(text), requestId: "" });
    expect(shape(wrong)).toEqual(shape(nobody));
    expect(shape(wrongWithCode)).toEqual(shape(plain));
    const asked = await signIn(person);
    expect([asked.status, asked.body.code]).toEqual([401, "code_required"]);
    expect(JSON.parse(asked.body.detail!)).toEqual({ ways: ["totp", "recovery"] });
    // The code that came with the wrong password was not used up by it.
    expect((await signIn(person, { code: codeOf(person.secret) })).status).toBe(200);
    expect(await records(before)).toEqual(
      expect.arrayContaining(["session.code_asked", "session.started totp"]),
    );
  });

  it("gives codes that work once, one step early or late, and however they are typed", async () => {
    const person = await armed();
    const use = async (at: number, typed = (code: string) => code) =>
      (await signIn(person, { code: typed(codeOf(person.secret, at)) })).body.code ?? "in";
    expect(await use(now(), (code) => ` ${code.slice(0, 3)} ${code.slice(3)} `)).toBe("in");
    expect(await use(now())).toBe("wrong_code"); // used
    expect(await use(now() - 30_000)).toBe("wrong_code"); // before a used one
    expect(await use(now() + 30_000)).toBe("in");
    expect(await use(now() + 30_000)).toBe("wrong_code");
    later(4);
    expect(await use(now() + 60_000)).toBe("wrong_code");
    expect(await use(now() - 60_000)).toBe("wrong_code");
    later(2);
    expect(await use(now() - 30_000)).toBe("in");
    for (const typed of ["", "12345", "1234567", "abcdef", "0".repeat(40), "١٢٣٤٥٦"])
      expect((await signIn(person, { code: typed })).body.code, typed).toMatch(
        /wrong_code|malformed_request|too_many/,
      );
  });

  it("lets one code in once, also where two requests bring it from two tablets at the same moment", async () => {
    const person = await armed();
    const second = { ...person, device: newId() };
    const code = codeOf(person.secret);
    const answers = await Promise.all([signIn(person, { code }), signIn(second, { code })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  it("is throttled with the password: the right password in between forgets no wrong code", async () => {
    const person = await armed();
    const before = await practice.head();
    for (let tries = 0; tries < 5; tries++) {
      expect((await signIn(person, { code: "000000" })).body.code).toBe("wrong_code");
      const asked = (await signIn(person)).body.code;
      expect(asked).toBe(tries < 4 ? "code_required" : "too_many_requests");
    }
    const slowed = await signIn(person, { code: codeOf(person.secret) });
    expect([slowed.status, slowed.body.code]).toEqual([429, "too_many_requests"]);
    expect((await records(before)).filter((one) => one === "session.refused wrong_code")).toHaveLength(5);
    later(1);
    expect((await signIn(person, { code: codeOf(person.secret) })).status).toBe(200);
    expect((await signIn(person, { code: "000000" })).body.code).toBe("wrong_code"); // counted anew
    expect((await signIn(person)).body.code).toBe("code_required");
  });

  it("is removed and replaced only with the password and a code; an open tablet and the password do not do", async () => {
    const person = await armed();
    const remove = (body: object) => post(person.session, "/api/account/totp/remove", body);
    expect((await remove({ password: "wrong", code: codeOf(person.secret) })).body.code).toBe(
      "wrong_credentials",
    );
    expect((await remove({ password: trialPassword })).body.code).toBe("code_required");
    expect((await remove({ password: trialPassword, code: "000000" })).body.code).toBe("wrong_code");
    const again = (body: object) =>
      post<{ id: string; secret: string }>(person.session, "/api/account/totp", body);
    expect((await again({})).body.code).toBe("password_needed");
    expect((await again({ password: trialPassword })).body.code).toBe("code_required");
    const begun = await again({ password: trialPassword, code: codeOf(person.secret) });
    later(1);
    // Until the new app has shown a code, the old one counts.
    expect((await signIn(person, { code: codeOf(begun.body.secret) })).body.code).toBe("wrong_code");
    expect((await signIn(person, { code: codeOf(person.secret) })).status).toBe(200);
    later(1);
    const { id, secret } = begun.body;
    expect(
      (await post(person.session, "/api/account/totp/confirm", { id, code: codeOf(secret) })).status,
    ).toBe(200);
    later(1);
    expect((await signIn(person, { code: codeOf(person.secret) })).body.code).toBe("wrong_code");
    expect((await remove({ password: trialPassword, code: codeOf(secret) })).status).toBe(204);
    expect((await signIn(person)).status).toBe(200);
    expect((await account(person.session)).totp).toBeNull();
    expect((await remove({ password: trialPassword })).body.code).toBe("not_found");
  });

  it("is added within 15 minutes of the sign-in, later with the password", async () => {
    const person = await newPerson();
    await practice.owner(
      "update session set unlocked_at = now() - interval '16 minutes' where user_id = $1",
      [person.session.user.id],
    );
    const begin = (body: object) => post(person.session, "/api/account/totp", body);
    expect((await begin({})).body.code).toBe("password_needed");
    expect((await begin({ password: "wrong" })).body.code).toBe("wrong_credentials");
    expect((await begin({ password: trialPassword })).status).toBe(200);
  });
});

describe("a recovery code", () => {
  it("works once in place of the app, whatever way it is typed; a refused sign-in costs none", async () => {
    const person = await armed();
    const [first, second, third] = person.codes;
    const before = await practice.head();
    expect((await signIn(person, { code: first, role: "administrator" })).body.code).toBe("role_not_held");
    const answer = await signIn(person, { code: first });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body.recovery).toEqual({ left: 9, used: 1, here: true });
    expect((await signIn(person, { code: first })).body.code).toBe("wrong_code");
    expect((await signIn(person, { code: second!.toLowerCase().replaceAll("-", " ") })).status).toBe(200);
    expect((await signIn(await armed(), { code: third })).body.code).toBe("wrong_code"); // of another person
    expect((await account(person.session)).recovery).toMatchObject({ left: 8 });
    const log = await records(before);
    expect(log.filter((one) => one === "recovery-code.used")).toHaveLength(2);
    expect(log).toContain("session.started recovery");
    const stored = await practice.owner<{ text: string }>("select c::text as text from recovery_code c");
    for (const { text } of stored) expect(text).not.toContain(first!.replaceAll("-", ""));
  });

  it("lets one in once, also at the same moment from two tablets", async () => {
    const person = await armed();
    const answers = await Promise.all(
      [person, { ...person, device: newId() }].map((one) => signIn(one, { code: person.codes[0]! })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  it("that was used is told at the next sign-in, until its owner knows of it from another session", async () => {
    const person = await armed();
    const thief = await signIn(person, { code: person.codes[0]!, device: { id: newId(), name: "Cellar" } });
    const as = (session: Session) => ({ ...person.session, accessToken: session.accessToken });
    await post(as(thief.body), "/api/account/recovery-codes/seen");
    const next = await signIn(person, { code: codeOf(person.secret) });
    expect(next.body.recovery).toEqual({ left: 9, used: 1, here: false });
    const shown = await account(as(next.body));
    expect(shown.recoveryUsed).toMatchObject([{ device: "Cellar", here: false }]);
    expect((await post(as(next.body), "/api/account/recovery-codes/seen")).status).toBe(204);
    later(1);
    const after = await signIn(person, { code: codeOf(person.secret) });
    expect(after.body.recovery).toEqual({ left: 9, used: 0, here: false });
  });

  it("of an older set works no more once a new one was made, which takes both factors", async () => {
    const person = await armed();
    const renew = (body: object) =>
      post<{ recoveryCodes: string[] }>(person.session, "/api/account/recovery-codes", body);
    expect((await renew({ password: trialPassword })).body.code).toBe("code_required");
    const fresh = await renew({ password: trialPassword, code: codeOf(person.secret) });
    expect(fresh.body.recoveryCodes).toHaveLength(10);
    expect((await signIn(person, { code: person.codes[1]! })).body.code).toBe("wrong_code");
    expect((await signIn(person, { code: fresh.body.recoveryCodes[1]! })).status).toBe(200);
    const plain = await newPerson();
    const none = await post(plain.session, "/api/account/recovery-codes", { password: trialPassword });
    expect(none.body.code).toBe("no_second_factor");
  });
});

describe("a short password", () => {
  const short = "k7#pQ2xz";
  const long = "seven quiet herons";
  const change = (person: Person, newPassword: string, password = trialPassword) =>
    post(person.session, "/api/account/password", { password, newPassword });
  const faultIn = (answer: { body: Refusal }) => JSON.parse(answer.body.detail ?? "{}").fault;

  it("is taken beside a second factor only, and then counts for nothing without it", async () => {
    const person = await newPerson();
    const refused = await change(person, short);
    expect([refused.status, refused.body.code, faultIn(refused)]).toEqual([422, "weak_password", "short"]);
    expect(faultIn(await change(person, `${person.name} ${person.name} 1`))).toBe("own");
    expect(faultIn(await change(person, "x".repeat(300)))).toBe("long");
    expect((await change(person, long, "wrong")).body.code).toBe("wrong_credentials");
    const { secret } = await armed(person);
    expect((await change(person, short)).status).toBe(204);
    expect((await signIn(person, { password: short })).body.code).toBe("code_required");
    expect((await signIn(person, { password: short, code: codeOf(secret) })).status).toBe(200);
  });

  it("has to give way to a longer one before the last second factor goes", async () => {
    const person = await armed();
    await change(person, short);
    const remove = (password: string) =>
      post(person.session, "/api/account/totp/remove", { password, code: codeOf(person.secret) });
    const refused = await remove(short);
    expect([refused.status, refused.body.code]).toEqual([409, "longer_password_first"]);
    expect((await account(person.session)).totp).not.toBeNull();
    later(1);
    expect((await change(person, long, short)).status).toBe(204);
    expect((await remove(long)).status).toBe(204);
    expect((await signIn(person, { password: long })).status).toBe(200);
  });

  it("and the removal of the factor side by side leave nobody with neither", async () => {
    for (let round = 0; round < 4; round++) {
      const person = await armed();
      await Promise.all([
        change(person, short),
        post(person.session, "/api/account/totp/remove", {
          password: trialPassword,
          code: codeOf(person.secret),
        }),
      ]);
      const { totp, passwordShort } = await account(person.session);
      expect(passwordShort && totp === null).toBe(false);
    }
  });

  it("beside nothing but a passkey asks for the passkey", async () => {
    const person = await newPerson();
    await practice.owner(
      `insert into passkey(id, user_id, rp_id, credential_id, public_key, counter, transports, name, prf, created_at)
       values ($1, $2, 'localhost', $3, '', 0, '[]', 'key', false, now())`,
      [newId(), person.session.user.id, person.name],
    );
    expect((await change(person, short)).status).toBe(204);
    const asked = await signIn(person, { password: short });
    expect([asked.body.code, JSON.parse(asked.body.detail!).ways]).toEqual(["code_required", ["passkey"]]);
    const [key] = (
      await practice.request<{ passkeys: { id: string }[] }>(person.session, "GET", "/api/passkeys")
    ).body.passkeys;
    const own = await post(person.session, `/api/passkeys/${key!.id}/remove`);
    expect(own.body.code).toBe("longer_password_first");
    // Practice IT takes a lost key away at once; the short password still lets nobody in.
    const it_ = await practice.signIn("it");
    expect((await post(it_, `/api/passkeys/${key!.id}/remove`)).status).toBe(204);
    expect((await signIn(person, { password: short })).body.code).toBe("code_required");
  });

  it("is changed with the password, pasted or typed in any form of its letters, and ends the other sessions", async () => {
    const person = await newPerson();
    const other = await practice.signIn(person.name);
    expect((await change(person, "vier Wörter für später")).status).toBe(204);
    expect((await practice.request(other, "GET", "/api/session")).body.code).toBe("session_ended");
    expect((await practice.request(person.session, "GET", "/api/session")).status).toBe(200);
    const decomposed = "vier Wörter für später".normalize("NFD");
    expect((await signIn(person, { password: decomposed })).status).toBe(200);
  });
});
