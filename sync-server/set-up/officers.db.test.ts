import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PermissionName } from "#domain/access/permissions.ts";
import { digest } from "#domain/kernel/canonical.ts";
import { newId } from "#domain/kernel/id.ts";
import { allowedInSetUp, type Office, type Standing } from "#domain/set-up/index.ts";
import type { Session } from "#domain/sync/session.ts";
import { createMetrics } from "../http/metrics.ts";
import { allRoutes } from "../http/routes.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { issueSetUpCode } from "./set-up-code.ts";

const password = "mended-kettle-harbor-41";
const statement = "We are two people; Helen looks after privacy and security both.";
let practice: TestPractice;
let admin: TestSession;

async function signIn(username: string, role?: string): Promise<TestSession> {
  const [deviceId, clientId] = [newId(), newId()];
  const { status, text, body, headers } = await practice.request<Session>(null, "POST", "/api/session", {
    username,
    password,
    ...(role && { role }),
    device: { id: deviceId, name: "desk", clientId },
  });
  if (status !== 200) throw new Error(text);
  const cookie = (headers.get("set-cookie") ?? "").split(";")[0]!;
  const { accessToken, user, epoch } = body;
  return { session: body, accessToken, user, deviceId, clientId, epoch, cookie };
}

/** A person as the administrator makes one, who has chosen their own password. */
async function add(username: string): Promise<string> {
  const { body } = await practice.request<{ id: string; oneTimePassword: string }>(
    admin,
    "POST",
    "/api/users",
    { username, name: `${username} Person` },
  );
  const chosen = await practice.request(null, "POST", "/api/session/password", {
    username,
    password: body.oneTimePassword,
    newPassword: password,
  });
  expect(chosen.status, chosen.text).toBe(204);
  return body.id;
}

const name = (office: Office, personId: string, more: object = {}, by = admin) =>
  practice.request<{ id: string; code?: string }>(by, "POST", "/api/set-up/officers", {
    office,
    personId,
    ...more,
  });
const accept = (by: TestSession, id: string, given = password) =>
  practice.request(by, "POST", `/api/set-up/officers/${id}/accept`, { password: given });
const decline = (by: TestSession, id: string, words = "I have no time for it.") =>
  practice.request(by, "POST", `/api/set-up/officers/${id}/decline`, { password, words });
const standing = async (by = admin) =>
  (await practice.request<Standing>(by, "GET", "/api/set-up/standing")).body;
const state = async () => (await practice.request<{ state: string }>(null, "GET", "/api/set-up")).body.state;

let n = 0;
async function registers(who: TestSession): Promise<string> {
  const { results } = await practice.push(who, [
    mutation(who, ++n, "patient.register", {
      id: newId(),
      givenName: "Rosa",
      familyName: "First",
      birthDate: "1958-04-12",
    }),
  ]);
  return results[0]!.code ?? results[0]!.status;
}

beforeEach(async () => {
  n = 0;
  practice = await openTestPractice({ inSetUp: true });
  const { code } = await issueSetUpCode(practice.practice.ledger);
  const entered = { code, name: "Helen Abara", username: "helen", password };
  expect((await practice.request(null, "POST", "/api/set-up", entered)).status).toBe(204);
  admin = await signIn("helen");
});
afterEach(() => practice.close());

describe("the officers of a new practice", () => {
  for (const order of [
    ["ruth", "omar"],
    ["omar", "ruth"],
  ])
    it(`open it by both accepting, ${order.join(" before ")}`, async () => {
      const [privacy, security] = [await add("ruth"), await add("omar")];
      const before = await practice.head();
      const namings: Record<string, string> = {
        ruth: (await name("privacy-officer", privacy)).body.id,
        omar: (await name("security-officer", security)).body.id,
      };
      expect(await practice.audit(before)).toMatchObject([
        { action: "set-up.officer_named", resource: { id: privacy }, changed: ["privacy-officer"] },
        { action: "staff.role_granted", resource: { id: privacy }, reason: "set-up" },
        { action: "set-up.officer_named", resource: { id: security }, changed: ["security-officer"] },
        { action: "staff.role_granted", resource: { id: security }, reason: "set-up" },
      ]);
      const [first, second] = order as [string, string];
      const [one, other] = [await signIn(first), await signIn(second)];
      expect((await accept(one, namings[first]!)).status).toBe(204);
      expect(await registers(admin)).toBe("practice_in_set_up");
      expect(await state()).toBe("in_set_up");
      const since = await practice.head();
      expect((await accept(other, namings[second]!)).status).toBe(204);
      expect(await practice.audit(since)).toMatchObject([
        { action: "set-up.officer_accepted", actor: { id: other.user.id } },
        { action: "practice.opened", actor: { id: other.user.id } },
      ]);
      expect(await state()).toBe("open");
      expect(await registers(admin)).toBe("applied");
      expect((await name("privacy-officer", security)).body.code).toBe("practice_is_open");
      expect((await accept(one, namings[first]!)).body.code).toBe("practice_is_open");
    });

  it("open it once when both accept at the same moment", async () => {
    const ids = [
      (await name("privacy-officer", await add("ruth"))).body.id,
      (await name("security-officer", await add("omar"))).body.id,
    ];
    const [ruth, omar] = [await signIn("ruth"), await signIn("omar")];
    const before = await practice.head();
    const answers = await Promise.all([accept(ruth, ids[0]!), accept(omar, ids[1]!)]);
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    const opened = (await practice.audit(before)).filter(({ action }) => action === "practice.opened");
    expect(opened).toHaveLength(1);
  });

  it("accept for themselves alone, with their own password", async () => {
    const { id } = (await name("privacy-officer", await add("ruth"))).body;
    const other = (await name("security-officer", await add("omar"))).body.id;
    const byAdmin = await accept(admin, id);
    expect([byAdmin.status, byAdmin.body.code]).toEqual([403, "forbidden"]);
    const omar = await signIn("omar");
    const before = await practice.head();
    const forRuth = await accept(omar, id);
    expect([forRuth.status, forRuth.body.code]).toEqual([403, "not_yours"]);
    expect(await practice.audit(before)).toMatchObject([{ action: "access.denied", reason: "not_yours" }]);
    expect((await accept(omar, other, "another password")).body.code).toBe("wrong_credentials");
    expect((await accept(omar, newId())).body.code).toBe("not_found");
    expect((await standing()).officers.map(({ status }) => status)).toEqual(["named", "named"]);
    expect((await accept(omar, other)).status).toBe(204);
    expect((await accept(omar, other)).body.code).toBe("naming_decided");
    expect((await decline(omar, other)).body.code).toBe("naming_decided");
  });

  it("lose the role when they decline, or when somebody else is named", async () => {
    const [ruth, tom] = [await add("ruth"), await add("tom")];
    const { id } = (await name("privacy-officer", ruth)).body;
    const session = await signIn("ruth");
    expect((await decline(session, id, "n")).body.code).toBe("malformed_request");
    const before = await practice.head();
    expect((await decline(session, id)).status).toBe(204);
    expect(await practice.audit(before)).toMatchObject([
      { action: "set-up.officer_declined", after: digest("I have no time for it.") },
      { action: "staff.role_removed", changed: ["privacy-officer"] },
    ]);
    expect((await standing()).officers).toMatchObject([
      { status: "declined", words: "I have no time for it.", person: { id: ruth } },
    ]);
    await expect(signIn("ruth")).rejects.toThrow("role_not_held");
    await name("privacy-officer", tom);
    await name("privacy-officer", ruth);
    expect(await practice.owner("select name, roles from staff where id = $1", [tom])).toMatchObject([
      { roles: [] },
    ]);
    const named = (await standing()).officers;
    expect(named).toMatchObject([{ status: "named", person: { id: ruth } }]);
    const [tomsNaming] = await practice.owner<{ id: string }>(
      "select id from officer_naming where person_id = $1",
      [tom],
    );
    await name("security-officer", tom);
    expect((await accept(await signIn("tom"), tomsNaming!.id)).body.code).toBe("naming_decided");
  });

  it("are three people with the administrator, unless the practice says in writing why not", async () => {
    const ruth = await add("ruth");
    await name("privacy-officer", ruth);
    const both = await name("security-officer", ruth);
    expect([both.status, both.body.code]).toEqual([422, "statement_needed"]);
    const herself = await name("security-officer", admin.user.id);
    expect(herself.body.code).toBe("statement_needed");
    expect((await name("security-officer", ruth, { statement: "too short" })).body.code).toBe(
      "malformed_request",
    );
    const before = await practice.head();
    expect((await name("security-officer", ruth, { statement })).status).toBe(200);
    const [record] = await practice.audit(before);
    expect(record).toMatchObject({ action: "set-up.officer_named", after: digest(statement) });
    expect(JSON.stringify(record)).not.toContain("two people");
    expect((await standing()).officers).toMatchObject([{ statement: null }, { statement }]);
    for (const office of ["privacy-officer", "security-officer"] as const) {
      const session = await signIn("ruth", office);
      const own = (await standing(session)).officers.find((one) => one.office === office)!;
      expect((await accept(session, own.id)).status).toBe(204);
    }
    expect(await state()).toBe("open");
  });

  it("are named by an administrator alone, and only people of the practice are", async () => {
    expect((await name("privacy-officer", newId())).body.code).toBe("not_found");
    const ruth = await add("ruth");
    await name("privacy-officer", ruth);
    const session = await signIn("ruth");
    expect((await name("security-officer", ruth, { statement }, session)).body.code).toBe("forbidden");
    const gone = await add("tom");
    await practice.request(admin, "POST", `/api/users/${gone}/disable`, { reason: "left" });
    expect((await name("security-officer", gone)).body.code).toBe("not_found");
  });
});

describe("a practice in set-up", () => {
  it("refuses a patient and everything that is not its own set-up, and keeps the log of it", async () => {
    const before = await practice.head();
    expect(await registers(admin)).toBe("practice_in_set_up");
    expect(await practice.audit(before)).toMatchObject([
      { action: "mutation.refused", outcome: "denied", reason: "practice_in_set_up" },
    ]);
    expect(await practice.owner("select 1 from patient")).toEqual([]);
    const { results } = await practice.push(admin, [
      mutation(admin, ++n, "room.add", { id: newId(), name: "Exam 1" }),
    ]);
    expect(results[0]).toMatchObject({ status: "applied" });
  });

  it("changes no role and registers no token by a request", async () => {
    const ruth = await add("ruth");
    for (const payload of [
      { kind: "role.grant", role: "clinician", userId: ruth },
      { kind: "token.register", purpose: "the node", scopes: ["ai:work"], days: 30 },
    ]) {
      const answer = await practice.request(admin, "POST", "/api/approvals", {
        payload,
        reason: "needed now",
      });
      expect([answer.status, answer.body.code]).toEqual([409, "practice_in_set_up"]);
    }
    expect(await practice.owner("select 1 from approval")).toEqual([]);
  });

  it("lets nothing clinical be changed by any route", () => {
    const clinical: PermissionName[] = ["demographics:write", "role:request", "approval:decide", "ai:work"];
    for (const permission of clinical) expect(allowedInSetUp.has(permission)).toBe(false);
    const routes = allRoutes(practice.practice, createMetrics(practice.practice));
    const changing = routes.filter(
      ({ method, permission }) =>
        method !== "get" && permission !== "public" && allowedInSetUp.has(permission),
    );
    for (const { path } of changing)
      expect(path).not.toMatch(/recordings|\/ai\/|captures|break-glass|emergency|quarantine|approvals/);
  });

  it("shows what is measured, and nothing as done that is not", async () => {
    const checks = async () =>
      Object.fromEntries((await standing()).checklist.map((check) => [check.name, check]));
    const first = await checks();
    expect(first).toMatchObject({
      privacy_officer_accepted: { done: false, at: null },
      security_officer_accepted: { done: false },
      certificate_valid: { done: false, amount: null },
      backup_written: { done: false, at: null },
      audit_whole: { done: false },
    });
    expect(first.disk_free!.amount).toBeGreaterThan(0);
    await practice.practice.ledger.record({
      actor: { type: "system", id: "jamemr" },
      action: "backup.written",
      outcome: "ok",
    });
    const { id } = (await name("privacy-officer", await add("ruth"))).body;
    await accept(await signIn("ruth"), id);
    const later = await checks();
    expect(later.backup_written).toMatchObject({ done: true, at: expect.any(String) });
    expect(later.privacy_officer_accepted).toMatchObject({ done: true, at: expect.any(String) });
    expect(later.security_officer_accepted!.done).toBe(false);
  });
});

it("a trial practice is never in set-up and names no officers this way", async () => {
  const trial = await openTestPractice();
  try {
    const it = await trial.signIn("admin");
    const { body } = await trial.request<Standing>(it, "GET", "/api/set-up/standing");
    expect(body).toMatchObject({ state: "open", officers: [] });
    const answer = await trial.request(it, "POST", "/api/set-up/officers", {
      office: "privacy-officer",
      personId: it.user.id,
      statement,
    });
    expect([answer.status, answer.body.code]).toEqual([409, "practice_is_open"]);
  } finally {
    await trial.close();
  }
});
