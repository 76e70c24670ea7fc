import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Approval, ApprovalPayload } from "#domain/approval/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { people } from "../testing/visit.ts";

let practice: TestPractice;
let admin: TestSession;
let it_: TestSession;
let privacy: TestSession;
let security: TestSession;

beforeAll(async () => {
  practice = await openTestPractice();
  admin = await practice.signIn("admin");
  it_ = await practice.signIn("it");
  privacy = await practice.signIn("privacy");
  security = await practice.signIn("security");
});
afterAll(() => practice.close());

const ask = (who: TestSession, payload: ApprovalPayload, reason = "needed for the new branch") =>
  practice.request<Approval & { code?: string }>(who, "POST", "/api/approvals", { payload, reason });
const decide = (who: TestSession, { id, digest }: Approval, change: Record<string, unknown> = {}) =>
  practice.request<Approval & { code?: string }>(who, "POST", `/api/approvals/${id}/decision`, {
    decision: "approve",
    digest,
    password: trialPassword,
    ...change,
  });
const execute = (who: TestSession, { id }: Approval, password = trialPassword) =>
  practice.request<{ approval: Approval; token?: string; code?: string }>(
    who,
    "POST",
    `/api/approvals/${id}/execute`,
    { password },
  );
const rolesOf = async (id: string) =>
  (await practice.owner<{ roles: string[] }>("select roles from staff where id = $1", [id]))[0]!.roles;
const grant = (userId: string, role: "nurse" | "clinician" | "administrator" | "privacy-officer") =>
  ({ kind: "role.grant", userId, role }) as const;

describe("a role", () => {
  it("is given only after a second person saw exactly this, with a record of each step", async () => {
    const before = await practice.head();
    const { body: asked, status } = await ask(admin, grant(people.frontdesk, "nurse"));
    expect(status).toBe(200);
    expect(asked.difference).toMatchObject({ subject: "Priya Nair", charts: 20, losses: [] });
    expect(asked.difference.gains).toContain("Note: read");
    expect(await rolesOf(people.frontdesk)).toEqual(["front-desk"]);
    expect((await execute(admin, asked)).body.code).toBe("approval_not_open");

    expect((await decide(privacy, asked)).body.status).toBe("approved");
    expect(await rolesOf(people.frontdesk)).toEqual(["front-desk"]);
    expect((await execute(admin, asked)).body.approval.status).toBe("executed");
    expect(await rolesOf(people.frontdesk)).toEqual(["front-desk", "nurse"]);
    // Once: a second call gives the first's answer and changes nothing.
    expect((await execute(admin, asked)).body.approval.status).toBe("executed");
    expect(await rolesOf(people.frontdesk)).toEqual(["front-desk", "nurse"]);

    const records = (await practice.audit(before)).filter(({ approvalId }) => approvalId === asked.id);
    expect(records.map(({ action, actor }) => `${action} ${actor.role}`)).toEqual([
      "approval.requested administrator",
      "approval.approved privacy-officer",
      "staff.role_granted administrator",
      "approval.executed administrator",
      "approval.executed administrator",
    ]);
    expect(new Set(records.map(({ after }) => after).filter(Boolean))).toEqual(new Set([asked.digest]));
  });

  it("is never approved by the one who asks, the one who gains, or in another role", async () => {
    const { body: officer } = await ask(admin, grant(people.clinician2, "privacy-officer"));
    for (const [who, code] of [
      [admin, "forbidden"],
      [it_, "forbidden"],
      [privacy, "forbidden"],
    ] as const)
      expect((await decide(who, officer)).body.code, who.user.name).toBe(code);
    const { body: forSelf } = await ask(admin, grant(security.user.id, "administrator"));
    expect(forSelf.singlePerson).toBe(true); // the only security officer would gain
    expect((await decide(security, forSelf)).body.code).toBe("forbidden");
    expect((await decide(admin, forSelf)).body.code).toBe("approval_not_open"); // it waits a day first
    expect(await rolesOf(security.user.id)).toEqual(["security-officer"]);
    const clinician = await practice.signIn("clinician");
    expect((await ask(clinician, grant(people.nurse, "clinician"))).status).toBe(403);
    expect((await ask(it_, grant(people.nurse, "clinician"))).body.code).toBe("forbidden");
  });

  it("asks the approver for the password again, and for the digest of what was shown", async () => {
    const { body: asked } = await ask(admin, grant(people.nurse, "clinician"));
    expect((await decide(privacy, asked, { password: "not this one" })).body.code).toBe("wrong_credentials");
    expect((await decide(privacy, asked, { digest: "0".repeat(64) })).body.code).toBe("approval_changed");
    expect((await decide(privacy, asked, { decision: "deny", reason: "not yet" })).body.status).toBe(
      "denied",
    );
    expect((await decide(privacy, asked)).body.code).toBe("approval_not_open");
    expect((await execute(admin, asked)).body.code).toBe("approval_not_open");
  });

  it("is not given when the world changed meanwhile: the request is void, or the approver lost the role", async () => {
    const { body: first } = await ask(admin, grant(people.clinician2, "nurse"));
    await decide(privacy, first);
    const { body: second } = await ask(admin, grant(people.clinician2, "nurse"));
    await decide(privacy, second);
    expect((await execute(admin, first)).body.approval.status).toBe("executed");
    expect((await execute(admin, second)).body.code).toBe("approval_changed");
    const { body: third } = await ask(admin, {
      kind: "role.remove",
      userId: people.clinician2,
      role: "nurse",
    });
    await decide(privacy, third);
    await practice.owner(
      "update approval set decisions = replace(decisions::text, $1, $2)::jsonb where id = $3",
      [privacy.user.id, people.frontdesk, third.id],
    );
    expect((await execute(admin, third)).body.code).toBe("approval_changed");
    expect(await rolesOf(people.clinician2)).toContain("nurse");
  });

  it("runs out: four hours to decide, one to carry out", async () => {
    const { body: slow } = await ask(admin, grant(people.nurse, "clinician"));
    await practice.owner("update approval set closes_at = now() - interval '1 second' where id = $1", [
      slow.id,
    ]);
    expect((await decide(privacy, slow)).body.code).toBe("approval_not_open");
    const { body: late } = await ask(admin, grant(people.nurse, "clinician"));
    const { body: approved } = await decide(privacy, late);
    const left = Date.parse(approved.closesAt) - now();
    expect(left).toBeGreaterThan(3_500_000);
    expect(left).toBeLessThanOrEqual(3_600_000);
    await practice.owner("update approval set closes_at = now() - interval '1 second' where id = $1", [
      late.id,
    ]);
    expect((await execute(admin, late)).body.code).toBe("approval_not_open");
    const { body } = await practice.request<{ approvals: Approval[] }>(admin, "GET", "/api/approvals");
    for (const { id } of [slow, late])
      expect(body.approvals.find((one) => one.id === id)?.status).toBe("expired");
  });

  it("is withdrawn by the one who asked, and the last of an officer's role is never removed", async () => {
    const { body: asked } = await ask(admin, grant(people.nurse, "clinician"));
    const withdraw = (who: TestSession) =>
      practice.request<Approval & { code?: string }>(who, "POST", `/api/approvals/${asked.id}/decision`, {
        decision: "withdraw",
      });
    expect((await withdraw(privacy)).body.code).toBe("not_yours");
    expect((await withdraw(admin)).body.status).toBe("voided");
    const last = await ask(admin, { kind: "role.remove", userId: privacy.user.id, role: "privacy-officer" });
    expect(last.body.code).toBe("last_of_role");
  });
});

describe("a service token", () => {
  const token = {
    kind: "token.register",
    purpose: "Results gateway",
    scopes: ["results:write"],
    days: 60,
    ownerId: null,
  } as const;

  it("is registered by request and approval, told once, and then works", async () => {
    const { body: asked } = await ask(it_, { ...token, scopes: [...token.scopes] });
    expect((await decide(security, asked)).body.status).toBe("approved");
    const { body } = await execute(it_, asked);
    expect(body.token).toMatch(/^ey/);
    const answer = await practice.request(`Bearer ${body.token}`, "GET", "/api/users");
    expect(answer.body.code).toBe("scope_missing"); // known, and held to its scope
    const again = await execute(it_, asked);
    expect(again.body.token).toBeUndefined();
    expect(JSON.stringify(await practice.audit())).not.toContain(body.token);
  });

  it("of clinical scopes lives at most 90 days, any other 365, and front desk asks for none", async () => {
    expect((await ask(it_, { ...token, scopes: ["ai:work"], days: 91 })).body.code).toBe("invalid_arguments");
    expect((await ask(it_, { ...token, scopes: ["backup:run"], days: 365 })).status).toBe(200);
    expect((await ask(it_, { ...token, scopes: ["backup:run"], days: 366 })).status).toBe(400);
    const desk = await practice.signIn("frontdesk2");
    expect((await ask(desk, { ...token, scopes: ["backup:run"] })).status).toBe(403);
  });
});

describe("a person", () => {
  it("is added without a role, chooses a password, and works only after a role was approved", async () => {
    const { body: added } = await practice.request<{ id: string; oneTimePassword: string }>(
      admin,
      "POST",
      "/api/users",
      {
        username: "dana",
        name: "Dana Whitfield",
      },
    );
    const signIn = (password: string) =>
      practice.request(null, "POST", "/api/session", {
        username: "dana",
        password,
        device: { id: people.frontdesk, name: "desk", clientId: added.id },
      });
    expect((await signIn(added.oneTimePassword)).body.code).toBe("password_change_required");
    const choose = (newPassword: string, password = added.oneTimePassword) =>
      practice.request(null, "POST", "/api/session/password", { username: "dana", password, newPassword });
    for (const weak of ["short", "passwordpassword", "aaaaaaaaaaaaaaaaaaaa", "dana dana dana dana"])
      expect((await choose(weak)).body.code, weak).toBe("weak_password");
    expect((await choose("seven quiet herons", "wrong")).body.code).toBe("wrong_credentials");
    expect((await choose("seven quiet herons")).status).toBe(204);
    expect((await choose("seven quiet herons")).body.code).toBe("wrong_credentials"); // once
    expect((await signIn("seven quiet herons")).body.code).toBe("role_not_held");
    const { body: asked } = await ask(admin, { kind: "role.grant", userId: added.id, role: "front-desk" });
    await decide(privacy, asked);
    await execute(admin, asked);
    expect((await signIn("seven quiet herons")).status).toBe(200);

    const again = await practice.request(admin, "POST", "/api/users", { username: "dana", name: "Other" });
    expect(again.body.code).toBe("already_exists");
  });

  it("is shut out at once without approval, and let in again only with one", async () => {
    const nurse = await practice.signIn("nurse");
    const off = (who: TestSession, id: string) =>
      practice.request(who, "POST", `/api/users/${id}/disable`, { reason: "left" });
    expect((await off(privacy, people.nurse)).status).toBe(403);
    expect((await off(admin, admin.user.id)).body.code).toBe("self_approval");
    expect((await off(admin, privacy.user.id)).body.code).toBe("last_of_role");
    expect((await off(security, people.nurse)).status).toBe(204);
    expect((await practice.request(nurse, "GET", "/api/session")).body.code).toBe("session_ended");
    await expect(practice.signIn("nurse")).rejects.toThrow("401");
    const { body: asked } = await ask(admin, { kind: "user.enable", userId: people.nurse });
    await decide(security, asked);
    await execute(admin, asked);
    expect((await practice.signIn("nurse")).user.id).toBe(people.nurse);
  });
});
