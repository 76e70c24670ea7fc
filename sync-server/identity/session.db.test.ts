import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { now, useClock } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { Session } from "#domain/sync/session.ts";
import { workingHoursIdOf } from "#domain/working-hours/index.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { trialId } from "../practice/trial/trial-practice.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";

let practice: TestPractice;

beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

const signIn = (username: string, password: string, device = newId(), change: object = {}) =>
  practice.request<Session & { code?: string; detail?: string }>(null, "POST", "/api/session", {
    username,
    password,
    device: { id: device, name: "tablet" },
    ...change,
  });
const refresh = (cookie: string, deviceId: string) =>
  practice.request<Session & { code?: string }>(
    null,
    "POST",
    "/api/session/refresh",
    { deviceId },
    { cookie },
  );
const cookieOf = (answer: { headers: Headers }) => (answer.headers.get("set-cookie") ?? "").split(";")[0]!;
const present = async (caller: TestSession | string) =>
  (await practice.request(caller, "GET", "/api/session")).body.code ?? "ok";

describe("signing in", () => {
  it("gives a session, an access token and a cookie that only this site gets back", async () => {
    const before = await practice.head();
    const answer = await signIn("Clinician", trialPassword);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      expiresIn: 600,
      user: { name: "Maya Okafor", role: "clinician", roles: ["clinician"] },
      practice: { trial: true, zone: "America/New_York" },
    });
    const cookie = answer.headers.get("set-cookie")!;
    expect(cookie).toMatch(
      new RegExp(
        `^__Host-jamemr-${practice.practice.info.id}=[\\w-]{43}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=43200$`,
      ),
    );
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect((await practice.audit(before)).map(({ action }) => action)).toEqual([
      "device.enrolled",
      "session.started",
    ]);
    const stored = await practice.owner<{ row: string }>("select t::text as row from refresh_token t");
    for (const { row } of stored) expect(row).not.toContain(cookie.slice(80, 120));
  });

  it("C23 lets a Friday's contact reach Monday's close, and shortens nobody's hours", async () => {
    const contact = async (at: string) => {
      const restore = useClock({ now: () => Date.parse(at) });
      try {
        return (await signIn("clinician", trialPassword)).body.offlineUntil;
      } finally {
        restore();
      }
    };
    const admin = await practice.signIn("admin");
    const clinicianId = trialId("staff", "clinician");
    const works = [1, 2].map((weekday, index) =>
      mutation(admin, index + 1, "working-hours.set", {
        id: workingHoursIdOf(clinicianId, weekday),
        clinicianId,
        weekday,
        spans: [{ from: "08:00", to: "18:15" }],
        capacity: 1,
      }),
    );
    expect((await practice.push(admin, works)).results).toMatchObject([
      { status: "applied" },
      { status: "applied" },
    ]);
    expect(await contact("2027-01-15T15:00:00.000Z")).toBe("2027-01-18T23:15:00.000Z");
    // On a Monday evening a day's hours reach further than Tuesday's close.
    expect(await contact("2027-01-19T02:00:00.000Z")).toBe("2027-01-20T02:00:00.000Z");
  });

  it("with a wrong password, an unknown name or a disabled account is refused alike, and recorded", async () => {
    const id = await practice.addPerson("gone", ["nurse"]);
    await practice.owner("update app_user set disabled_at = now() where id = $1", [id]);
    const before = await practice.head();
    const answers = [
      await signIn("clinician", "wrong"),
      await signIn("nobody", trialPassword),
      await signIn("gone", trialPassword),
      await signIn("clinician' or true --", trialPassword),
      await signIn("clinician", ""),
      await signIn("clinician", trialPassword.toUpperCase()),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [401, "wrong_credentials"],
      [401, "wrong_credentials"],
      [401, "wrong_credentials"],
      [401, "wrong_credentials"],
      [400, "malformed_request"],
      [401, "wrong_credentials"],
    ]);
    const titles = new Set(
      answers.filter(({ status }) => status === 401).map(({ text }) => JSON.parse(text).title),
    );
    expect(titles.size).toBe(1);
    const records = await practice.audit(before);
    expect(records.map(({ action, reason }) => [action, reason])).toEqual([
      ["session.refused", "wrong_credentials"],
      ["session.refused", "wrong_credentials"],
      ["session.refused", "disabled"],
      ["session.refused", "wrong_credentials"],
      ["session.refused", "wrong_credentials"],
    ]);
    expect(JSON.stringify(records)).not.toContain(trialPassword);
  });

  it("does the same work for a name that does not exist", async () => {
    const { verifyPassword } = await import("./password.ts");
    const { hash } = await import("@node-rs/argon2");
    const memoryCost = 4096;
    const stored = await hash("x", { algorithm: 2, memoryCost, timeCost: 2, parallelism: 1 });
    await verifyPassword(undefined, "warm", memoryCost);
    const time = async (of: string | undefined) => {
      const times: number[] = [];
      for (let i = 0; i < 9; i++) {
        const started = performance.now();
        await verifyPassword(of, "y", memoryCost);
        times.push(performance.now() - started);
      }
      return times.sort((a, b) => a - b)[4]!;
    };
    const [known, unknown] = [await time(stored), await time(undefined)];
    expect(unknown / known).toBeGreaterThan(0.25);
    expect(unknown / known).toBeLessThan(4);
    expect(await verifyPassword(undefined, "no such person", memoryCost)).toBe(false);
  });

  it("in a role that is not held is refused and recorded", async () => {
    const before = await practice.head();
    const answer = await signIn("nurse", trialPassword, newId(), { role: "clinician" });
    expect([answer.status, answer.body.code]).toEqual([403, "role_not_held"]);
    expect(await practice.audit(before)).toMatchObject([
      { action: "session.refused", reason: "role_not_held" },
    ]);
  });

  it("makes known again what was signed on this device before, and changes nothing of what is known", async () => {
    const [device, lost] = [newId(), newId()];
    const key = { kty: "EC", crv: "P-256", x: "a".repeat(43), y: "b".repeat(43) };
    const other = await practice.signIn("nurse");
    const clients = [
      { clientId: lost, signingKey: key },
      { clientId: other.clientId, signingKey: key },
    ];
    const words = { id: device, name: "tablet", formerClients: clients };
    expect((await signIn("clinician", trialPassword, device, { device: words })).status).toBe(200);
    const rows = await practice.owner(
      "select client_id, user_id, device_id, signing_key from sync_client where client_id = any($1) order by client_id = $2",
      [[lost, other.clientId], other.clientId],
    );
    expect(rows).toEqual([
      { client_id: lost, user_id: trialId("staff", "clinician"), device_id: device, signing_key: key },
      { client_id: other.clientId, user_id: other.user.id, device_id: other.deviceId, signing_key: null },
    ]);
  });

  it("slows guessing per name and device, without locking out a device that is known", async () => {
    const tablet = await practice.signIn("nurse");
    const guesser = newId();
    for (let tries = 0; tries < 5; tries++)
      expect((await signIn("nurse", "wrong", guesser)).body.code).toBe("wrong_credentials");
    const slowed = await signIn("nurse", trialPassword, guesser);
    expect([slowed.status, slowed.body.code]).toEqual([429, "too_many_requests"]);
    expect(Number(slowed.headers.get("retry-after"))).toBeGreaterThan(0);
    // Another made-up device id is no way around it; the tablet in her hand is not touched.
    expect((await signIn("nurse", "wrong", newId())).status).toBe(429);
    expect((await signIn("nurse", trialPassword, tablet.deviceId)).status).toBe(200);
    expect((await signIn("clinician2", trialPassword, guesser)).status).toBe(200);
    const offset = now() + 2000;
    const restore = useClock({ now: () => offset });
    try {
      expect((await signIn("nurse", trialPassword, guesser)).status).toBe(200);
    } finally {
      restore();
    }
  });

  it("slows guesses that are sent side by side like those sent one after another", async () => {
    const codes = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => (await signIn("privacy", `guess ${index}`)).body.code),
    );
    expect(codes.filter((code) => code === "wrong_credentials")).toHaveLength(5);
    expect(codes.filter((code) => code === "too_many_requests")).toHaveLength(25);
    const right = await Promise.all(Array.from({ length: 8 }, () => practice.signIn("security")));
    expect(new Set(right.map(({ deviceId }) => deviceId)).size).toBe(8);
  });

  it("refuses another person's client id", async () => {
    const own = await practice.signIn("frontdesk");
    const device = { id: own.deviceId, name: "tablet", clientId: own.clientId };
    const answer = await signIn("frontdesk2", trialPassword, own.deviceId, { device });
    expect(answer.body.code).toBe("client_unknown");
  });
});

describe("a device", () => {
  it("that is not enrolled signs nobody in at a real practice, and the attempt is recorded", async () => {
    const real = await openTestPractice({ trial: false });
    try {
      await real.addPerson("doctor", ["clinician"]);
      const before = await real.head();
      const answer = await real.request(null, "POST", "/api/session", {
        username: "doctor",
        password: trialPassword,
        device: { id: newId(), name: "stranger" },
      });
      expect([answer.status, answer.body.code]).toEqual([403, "device_not_enrolled"]);
      expect(await real.audit(before)).toMatchObject([
        { action: "session.refused", reason: "device_not_enrolled" },
      ]);
      expect(await real.owner("select 1 from device")).toEqual([]);
      expect(await real.owner("select 1 from app_user where username <> 'doctor'")).toEqual([]);
    } finally {
      await real.close();
    }
  });

  it("is enrolled by its first sign-in at the clinic's own machine, whatever address is asked for elsewhere", async () => {
    const real = await openTestPractice({ trial: false });
    try {
      await real.addPerson("doctor", ["clinician"]);
      const codes: unknown[] = [];
      for (const atMachine of [false, true]) {
        const init = {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({
            username: "doctor",
            password: trialPassword,
            device: { id: newId(), name: "new browser" },
          }),
        };
        const answer = await real.app.request("http://localhost:8080/api/session", init, { atMachine });
        codes.push([answer.status, ((await answer.json()) as { code?: string }).code]);
      }
      expect(codes).toEqual([
        [403, "device_not_enrolled"],
        [200, undefined],
      ]);
      expect(await real.owner("select name, status from device")).toEqual([
        { name: "new browser", status: "enrolled" },
      ]);
    } finally {
      await real.close();
    }
  });

  it("that was removed signs nobody in any more", async () => {
    const session = await practice.signIn("frontdesk");
    await practice.request(session, "POST", `/api/devices/${session.deviceId}/revoke`, {});
    expect(await present(session)).toBe("device_revoked");
    const answer = await signIn("frontdesk", trialPassword, session.deviceId);
    expect([answer.status, answer.body.code]).toEqual([403, "device_revoked"]);
    expect((await refresh(session.cookie, session.deviceId)).body.code).toBe("session_ended");
  });

  it("may be removed by its own people and by those who look after devices, by nobody else", async () => {
    const [mine, other] = [await practice.signIn("frontdesk"), await practice.signIn("clinician2")];
    const denied = await practice.request(mine, "POST", `/api/devices/${other.deviceId}/revoke`, {});
    expect([denied.status, denied.body.code]).toEqual([403, "not_yours"]);
    const unknown = await practice.request(mine, "POST", `/api/devices/${newId()}/revoke`, {});
    expect(unknown.status).toBe(403);
    const list = await practice.request<{ devices: { id: string }[] }>(mine, "GET", "/api/devices");
    expect(list.body.devices).toMatchObject([
      { id: mine.deviceId, lastUserId: mine.user.id, lastContactAt: expect.stringMatching(/^\d{4}-.*Z$/) },
    ]);
    expect(list.body.devices.map(({ id }) => id)).toEqual([mine.deviceId]);
  });
});

describe("the refresh cookie", () => {
  it("renews nothing for somebody who has left, or in a role that was taken away", async () => {
    const changes: [string, string][] = [
      ["active = false", "session_ended"],
      ["roles = '{front-desk}'", "role_not_held"],
    ];
    for (const [change, code] of changes) {
      const username = `leaving-${code}`;
      const id = await practice.addPerson(username, ["nurse"]);
      const session = await practice.signIn(username);
      await practice.practice.ledger.transact(async ({ em, audit }) => {
        await em.execute(`update staff set ${change}, version = version + 1 where id = ?`, [id]);
        audit({ actor: { type: "system", id: "test" }, action: "staff.created", outcome: "ok" });
      });
      const answer = await refresh(session.cookie, session.deviceId);
      expect([answer.body.code, answer.headers.get("set-cookie"), answer.body.grant]).toEqual([
        code,
        null,
        undefined,
      ]);
    }
  });

  it("rotates; each one works once, and the access token names the same session", async () => {
    const session = await practice.signIn("clinician");
    const first = await refresh(session.cookie, session.deviceId);
    expect(first.status).toBe(200);
    expect(cookieOf(first)).not.toBe(session.cookie);
    const second = await refresh(cookieOf(first), session.deviceId);
    expect(second.status).toBe(200);
    expect(await present(`Bearer ${second.body.accessToken}`)).toBe("ok");
  });

  it("may be repeated by the same device after a lost answer, again and again; what was lost is void", async () => {
    const session = await practice.signIn("clinician");
    const lost = await refresh(session.cookie, session.deviceId);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await refresh(session.cookie, session.deviceId);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const kept = await refresh(session.cookie, session.deviceId);
    expect(kept.status).toBe(200);
    expect((await refresh(cookieOf(kept), session.deviceId)).status).toBe(200);
    // The void one comes from somebody who read the lost answer.
    const before = await practice.head();
    expect((await refresh(cookieOf(lost), session.deviceId)).body.code).toBe("refresh_reused");
    expect(await practice.audit(before)).toMatchObject([{ action: "session.family_revoked" }]);
    expect(await present(session)).toBe("session_ended");
  });

  it("used after its successor was used ends the whole family", async () => {
    const session = await practice.signIn("clinician");
    const first = await refresh(session.cookie, session.deviceId);
    const second = await refresh(cookieOf(first), session.deviceId);
    const reused = await refresh(session.cookie, session.deviceId);
    expect([reused.status, reused.body.code]).toEqual([401, "refresh_reused"]);
    expect((await refresh(cookieOf(second), session.deviceId)).body.code).toBe("session_ended");
    expect(await present(`Bearer ${second.body.accessToken}`)).toBe("session_ended");
  });

  it("from another device ends the family", async () => {
    const session = await practice.signIn("clinician");
    expect((await refresh(session.cookie, newId())).body.code).toBe("refresh_reused");
    expect(await present(session)).toBe("session_ended");
  });

  it("missing, malformed or of another practice is no session", async () => {
    const session = await practice.signIn("clinician");
    const value = session.cookie.split("=")[1];
    for (const cookie of [
      "",
      "a=b",
      `__Host-jamemr-${newId()}=${value}`,
      `${session.cookie}x`,
      "__Host-jamemr-=x",
    ])
      expect((await refresh(cookie, session.deviceId)).body.code, cookie).toBe("unauthenticated");
  });

  it("used twice at once gives two answers and no lost session", async () => {
    const session = await practice.signIn("clinician");
    const both = await Promise.all([1, 2].map(() => refresh(session.cookie, session.deviceId)));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(await present(session)).toBe("ok");
  });
});

describe("the end of a session", () => {
  const stream = async (session: TestSession) => {
    const abort = new AbortController();
    const response = await practice.app.request("http://localhost:8080/api/sync/events", {
      headers: { authorization: `Bearer ${session.accessToken}` },
      signal: abort.signal,
    });
    let text = "";
    let ended = false;
    void (async () => {
      for await (const chunk of response.body!) text += Buffer.from(chunk as Uint8Array).toString();
    })()
      .catch(() => {})
      .finally(() => {
        ended = true;
      });
    await vi.waitFor(() => expect(text).toContain("connected"));
    return { text: () => text, ended: () => ended, abort };
  };
  const endings: Record<string, (session: TestSession) => Promise<unknown>> = {
    "signing out": (session) => practice.request(session, "DELETE", "/api/session"),
    "disabling the person": (session) =>
      practice.owner("update app_user set disabled_at = now() where id = $1", [session.user.id]),
    "removing the device": async (session) =>
      practice.request(await practice.signIn("it"), "POST", `/api/devices/${session.deviceId}/revoke`, {}),
    "reuse of its cookie": (session) => refresh(session.cookie, newId()),
    "a switch of role": (session) =>
      practice.request(session, "POST", "/api/session/role", { role: "nurse" }),
  };

  it.each(Object.keys(endings))(
    "by %s closes its live events and refuses the next request within 2 s",
    async (how) => {
      const name = `person-${how.replaceAll(" ", "-")}`;
      await practice.addPerson(name, ["clinician", "nurse"]);
      const [session, other] = [await practice.signIn(name), await practice.signIn("clinician2")];
      const [live, untouched] = [await stream(session), await stream(other)];
      await endings[how]!(session);
      await vi.waitFor(() => expect(live.ended()).toBe(true), { timeout: 2000, interval: 20 });
      expect(live.text()).toContain('{"type":"reauth"}');
      const expected =
        how === "removing the device"
          ? "device_revoked"
          : how === "a switch of role"
            ? "ok"
            : "session_ended";
      expect(await present(session)).toBe(expected);
      expect(untouched.ended()).toBe(false);
      expect(untouched.text()).not.toContain("reauth");
      untouched.abort.abort();
      await vi.waitFor(() => expect(untouched.ended()).toBe(true));
    },
  );

  it("comes after twelve hours, and for somebody who is no longer active", async () => {
    const id = await practice.addPerson("temp", ["nurse"]);
    const session = await practice.signIn("temp");
    const later = now() + 12 * 3_600_000;
    const restore = useClock({ now: () => later });
    try {
      expect((await refresh(session.cookie, session.deviceId)).body.code).toBe("session_ended");
    } finally {
      restore();
    }
    await practice.practice.ledger.transact(async ({ em, audit }) => {
      await em.execute("update staff set active = false, version = version + 1 where id = ?", [id]);
      audit({ actor: { type: "system", id: "t" }, action: "staff.created", outcome: "ok" });
    });
    expect(await present(session)).toBe("session_ended");
  });
});

describe("a switch of role", () => {
  it("is allowed among one's roles, recorded, and denied otherwise", async () => {
    await practice.addPerson("switcher", ["clinician", "administrator"]);
    const session = await practice.signIn("switcher");
    const before = await practice.head();
    const switched = await practice.request<Session>(session, "POST", "/api/session/role", {
      role: "administrator",
    });
    expect(switched.body.user).toMatchObject({ role: "administrator" });
    expect((await practice.request(session, "GET", "/api/users")).status).toBe(200);
    const denied = await practice.request(session, "POST", "/api/session/role", { role: "security-officer" });
    expect([denied.status, denied.body.code]).toEqual([403, "role_not_held"]);
    expect(await practice.audit(before)).toMatchObject([
      { action: "session.role_switched", actor: { role: "administrator" } },
      { action: "access.denied", reason: "role_not_held", seq: denied.body.auditSeq },
    ]);
  });
});

describe("the origin", () => {
  it("of a page elsewhere is refused before anything else, on every method", async () => {
    const session = await practice.signIn("clinician");
    const from = (origin: string, method = "POST") =>
      practice.request(
        session,
        method,
        method === "POST" ? "/api/session/refresh" : "/api/session",
        undefined,
        {
          origin,
        },
      );
    for (const origin of [
      "https://evil.example",
      "null",
      "http://localhost:8081",
      "https://localhost",
      "http://practice.local:8080",
      "https://practice.local.evil.example:8443",
      "http://localhost:8080.evil.example",
      "file://",
    ])
      for (const method of ["GET", "POST", "DELETE"])
        expect((await from(origin, method)).body.code, `${method} ${origin}`).toBe("origin_refused");
    expect(await present(session)).toBe("ok");
    for (const origin of [
      "http://localhost:8080",
      "http://127.0.0.1:8080",
      "https://practice.local:8443",
      "https://[::1]:8443",
    ])
      expect((await from(origin, "GET")).status, origin).toBe(200);
  });
});
