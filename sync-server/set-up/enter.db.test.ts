import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { issueSetUpCode } from "./set-up-code.ts";

const password = "mended-kettle-harbor-41";
let practice: TestPractice;

beforeEach(async () => {
  practice = await openTestPractice({ inSetUp: true });
});
afterEach(() => practice.close());

const codeOf = async () => (await issueSetUpCode(practice.practice.ledger)).code;
const enter = (code: string, change: object = {}) =>
  practice.request(null, "POST", "/api/set-up", {
    code,
    name: "Helen Abara",
    username: "helen",
    password,
    ...change,
  });
const state = async () => (await practice.request<{ state: string }>(null, "GET", "/api/set-up")).body.state;
const signIn = (username = "helen") =>
  practice.request(null, "POST", "/api/session", {
    username,
    password,
    device: { id: newId(), name: "desk" },
  });

describe("a practice that nobody has entered", () => {
  it("is entered with its code, however that is typed, and its administrator signs in as usual", async () => {
    const code = await codeOf();
    expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$/);
    expect(await state()).toBe("unentered");
    const before = await practice.head();
    const typed = ` ${code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l")} `;
    expect((await enter(typed)).status).toBe(204);
    const [person] = await practice.owner<{ id: string }>("select id from app_user where username = 'helen'");
    expect(await practice.audit(before)).toMatchObject([
      { action: "set-up.entered", outcome: "ok", actor: { type: "user", id: person!.id } },
      { action: "staff.created", resource: { type: "staff", id: person!.id } },
      { action: "staff.role_granted", changed: ["administrator"], reason: "set-up" },
    ]);
    expect(await state()).toBe("in_set_up");
    expect((await signIn()).body).toMatchObject({ user: { role: "administrator", name: "Helen Abara" } });
  });

  it("stores the code nowhere but as a hash", async () => {
    const code = await codeOf();
    const [stored] = await practice.owner<{ text: string }>(
      `select (select string_agg(c::text, ' ') from set_up_code c) ||
         (select string_agg(body, ' ') from audit_log) as text`,
    );
    const plain = code.replaceAll("-", "");
    expect(stored!.text).not.toContain(code);
    expect(stored!.text).not.toContain(plain);
    expect(stored!.text).not.toContain(Buffer.from(plain).toString("hex"));
  });

  it("refuses a wrong code and one of another form, and counts and records both", async () => {
    const code = await codeOf();
    const wrong = code.replace(/.$/, code.endsWith("7") ? "8" : "7");
    const before = await practice.head();
    for (const one of [wrong, "nonsense"]) {
      const answer = await enter(one);
      expect([answer.status, answer.body.code]).toEqual([401, "set_up_code_wrong"]);
    }
    expect(await practice.audit(before)).toMatchObject([
      { action: "set-up.refused", outcome: "denied", reason: "set_up_code_wrong" },
      { action: "set-up.refused", outcome: "denied", reason: "set_up_code_wrong" },
    ]);
    for (let tries = 0; tries < 3; tries++) await enter(wrong);
    expect((await enter(wrong)).body.code).toBe("too_many_requests");
    // Also the right one has to wait, or the wait would tell which it is.
    expect((await enter(code)).body.code).toBe("too_many_requests");
    expect(await state()).toBe("unentered");
    expect(await practice.owner("select 1 from staff")).toEqual([]);
  });

  it("refuses a code that has run out, and one that a newer one replaced", async () => {
    const first = await codeOf();
    const second = await codeOf();
    const replaced = await enter(first);
    expect([replaced.status, replaced.body.code]).toEqual([409, "set_up_code_expired"]);
    await practice.owner(
      "update set_up_code set expires_at = now() - interval '2 seconds' where ended_at is null",
    );
    expect((await enter(second)).body.code).toBe("set_up_code_expired");
    expect(await practice.owner("select 1 from app_user")).toEqual([]);
    expect((await enter(await codeOf())).status).toBe(204);
  });

  it("gives a code 72 hours", async () => {
    const { expiresAt } = await issueSetUpCode(practice.practice.ledger);
    const hours = (Date.parse(expiresAt) - now()) / 3_600_000;
    expect(hours).toBeGreaterThan(71.9);
    expect(hours).toBeLessThanOrEqual(72);
  });

  it("is entered once when the code is used twice at the same moment", async () => {
    const code = await codeOf();
    // As on two servers: only the database is left to decide.
    vi.spyOn(practice.practice.throttle, "inTurn").mockImplementation((_, attempt) => attempt());
    const { ledger } = practice.practice;
    const transact = ledger.transact.bind(ledger);
    let arrived = 0;
    const together = Promise.withResolvers<void>();
    vi.spyOn(ledger, "transact").mockImplementation(async (work, close) => {
      arrived++;
      if (arrived === 2) together.resolve();
      await together.promise;
      return transact(work, close);
    });
    const both = await Promise.all([enter(code), enter(code, { username: "other" })]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect(both.find(({ status }) => status === 409)?.body.code).toBe("set_up_code_used");
    vi.restoreAllMocks();
    expect(await practice.owner("select 1 from app_user")).toHaveLength(1);
    expect((await enter(code, { username: "third" })).body.code).toBe("set_up_code_used");
  });

  it("keeps its code for another try when the password is too easy, and changes nothing", async () => {
    const code = await codeOf();
    for (const [easy, fault] of [
      ["short", "short"],
      ["helen abara helen abara", "own"],
      ["password password password", "common"],
    ]) {
      const answer = await enter(code, { password: easy });
      expect([answer.status, answer.body]).toMatchObject([
        422,
        { code: "weak_password", detail: expect.stringContaining(`"${fault}"`) },
      ]);
    }
    expect(await practice.owner("select 1 from staff")).toEqual([]);
    expect((await enter(code)).status).toBe(204);
  });

  it("refuses a user name or name that nobody could have", async () => {
    const code = await codeOf();
    for (const change of [{ username: "Helen A" }, { name: "H" }, { role: "clinician" }])
      expect((await enter(code, change)).body.code).toBe("malformed_request");
  });
});

describe("a practice that has people", () => {
  it("gives no code any more", async () => {
    await enter(await codeOf());
    const head = await practice.head();
    await expect(codeOf()).rejects.toMatchObject({ code: "init_entered" });
    expect(await practice.head()).toBe(head);
  });

  it("enrols the devices of its people while it is in set-up", async () => {
    await enter(await codeOf());
    expect((await signIn()).status).toBe(200);
    expect(await practice.owner("select status from device")).toEqual([{ status: "enrolled" }]);
    await practice.owner("update practice set opened_at = now()");
    const stranger = await signIn();
    expect([stranger.status, stranger.body.code]).toEqual([403, "device_not_enrolled"]);
  });
});

it("a trial practice is open, has no code and gives none", async () => {
  const trial = await openTestPractice();
  try {
    const { body } = await trial.request<{ state: string }>(null, "GET", "/api/set-up");
    expect(body.state).toBe("open");
    await expect(issueSetUpCode(trial.practice.ledger)).rejects.toMatchObject({ code: "init_trial" });
    const answer = await trial.request(null, "POST", "/api/set-up", {
      code: "00000-00000-00000-00000-00000",
      name: "Nobody",
      username: "nobody",
      password,
    });
    expect(answer.body.code).toBe("set_up_code_wrong");
  } finally {
    await trial.close();
  }
});
