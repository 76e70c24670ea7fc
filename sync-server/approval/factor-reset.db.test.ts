import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Approval, ApprovalPayload } from "#domain/approval/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";

let practice: TestPractice;
let admin: TestSession;
let security: TestSession;
let privacy: TestSession;
type Answered = Approval & { code?: string };

beforeAll(async () => {
  practice = await openTestPractice();
  [admin, security, privacy] = (await Promise.all(
    ["admin", "security", "privacy"].map((name) => practice.signIn(name)),
  )) as [TestSession, TestSession, TestSession];
});
afterAll(() => practice.close());

const ask = (who: TestSession, payload: ApprovalPayload) =>
  practice.request<Answered>(who, "POST", "/api/approvals", { payload, reason: "lost the phone" });
const decide = (who: TestSession, { id, digest }: Approval) =>
  practice.request<Answered>(who, "POST", `/api/approvals/${id}/decision`, {
    decision: "approve",
    digest,
    password: trialPassword,
  });
const execute = (who: TestSession, { id }: Approval) =>
  practice.request(who, "POST", `/api/approvals/${id}/execute`, { password: trialPassword });
const reset = (userId: string) => ({ kind: "factor.reset", userId }) as const;

async function armed(session: TestSession): Promise<readonly string[]> {
  const begun = await practice.request<{ id: string; secret: string }>(
    session,
    "POST",
    "/api/account/totp",
    {},
  );
  const code = new TOTP({ secret: Secret.fromBase32(begun.body.secret) }).generate({ timestamp: now() });
  const done = await practice.request<{ recoveryCodes: string[] }>(
    session,
    "POST",
    "/api/account/totp/confirm",
    { id: begun.body.id, code },
  );
  return done.body.recoveryCodes;
}

const signIn = (username: string, password: string, more: object = {}) =>
  practice.request<{ code?: string }>(null, "POST", "/api/session", {
    username,
    password,
    device: { id: admin.deviceId, name: "t" },
    ...more,
  });

describe("a lost second factor", () => {
  it("is taken away by the administrator's request and the security officer's approval, nobody else's", async () => {
    await practice.addPerson("lost-phone", ["clinician"]);
    const person = await practice.signIn("lost-phone");
    expect((await ask(admin, reset(person.user.id))).body.code).toBe("no_second_factor");
    const codes = await armed(person);
    expect((await ask(security, reset(person.user.id))).body.code).toBe("forbidden");
    expect((await ask(person, reset(person.user.id))).status).toBe(403);
    const before = await practice.head();
    const { body: asked } = await ask(admin, reset(person.user.id));
    expect(asked.difference).toEqual({
      subject: "lost-phone",
      gains: ["Sign in with the password alone"],
      losses: ["Authenticator app", "Recovery codes"],
      charts: null,
    });
    expect(asked.singlePerson).toBe(false);
    for (const who of [admin, privacy]) expect((await decide(who, asked)).body.code).toBe("forbidden");
    expect((await execute(admin, asked)).body.code).toBe("approval_not_open");
    expect((await signIn("lost-phone", trialPassword)).body.code).toBe("code_required");
    expect((await decide(security, asked)).body.status).toBe("approved");
    expect((await execute(admin, asked)).status).toBe(200);

    expect((await practice.request(person, "GET", "/api/session")).body.code).toBe("session_ended");
    expect((await signIn("lost-phone", trialPassword)).status).toBe(200);
    expect((await ask(admin, reset(person.user.id))).body.code).toBe("no_second_factor");
    const codesLeft = await practice.owner<{ n: number }>(
      "select count(*)::int as n from recovery_code where user_id = $1 and used_at is null and replaced_at is null",
      [person.user.id],
    );
    expect(codesLeft[0]!.n).toBe(0);
    expect((await practice.audit(before)).find(({ action }) => action === "factor.reset")).toMatchObject({
      actor: { id: admin.user.id },
      resource: { type: "user", id: person.user.id },
      approvalId: asked.id,
    });
    for (const code of codes) expect(JSON.stringify(await practice.audit(before))).not.toContain(code);
  });

  it("beside a short password lets its person choose a longer one, and no more", async () => {
    await practice.addPerson("short-one", ["nurse"]);
    const person = await practice.signIn("short-one");
    await armed(person);
    const changed = await practice.request(person, "POST", "/api/account/password", {
      password: trialPassword,
      newPassword: "k7#pQ2xz",
    });
    expect(changed.status).toBe(204);
    const { body: asked } = await ask(admin, reset(person.user.id));
    expect(asked.difference.gains).toEqual(["Choose a longer password with the short one"]);
    await decide(security, asked);
    await execute(admin, asked);
    expect((await signIn("short-one", "k7#pQ2xz")).body.code).toBe("password_change_required");
    const choose = (newPassword: string) =>
      practice.request<{ code?: string }>(null, "POST", "/api/session/password", {
        username: "short-one",
        password: "k7#pQ2xz",
        newPassword,
      });
    expect((await choose("m4$wR9tb")).body.code).toBe("weak_password");
    expect((await choose("seven quiet herons")).status).toBe(204);
    expect((await signIn("short-one", "seven quiet herons")).status).toBe(200);
  });

  it("of the security officer is approved by another one, or waits a day: never by the one who gains", async () => {
    await armed(security);
    const { body: asked } = await ask(admin, reset(security.user.id));
    expect(asked.singlePerson).toBe(true);
    await practice.addPerson("deputy", ["security-officer"]);
    const deputy = await practice.signIn("deputy");
    const { body: second } = await ask(admin, reset(security.user.id));
    expect(second.singlePerson).toBe(false);
    expect((await decide(security, second)).body.code).toBe("self_approval");
    expect((await decide(deputy, second)).body.status).toBe("approved");
  });

  it("is void when it was set up or removed anew meanwhile", async () => {
    await practice.addPerson("found-it", ["clinician"]);
    const person = await practice.signIn("found-it");
    await armed(person);
    const { body: asked } = await ask(admin, reset(person.user.id));
    await practice.owner("delete from totp_factor where user_id = $1", [person.user.id]);
    const deputy = await practice.signIn("deputy");
    expect((await decide(deputy, asked)).body.code).toBe("approval_changed");
  });
});
