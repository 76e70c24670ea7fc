import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ListedSession } from "#domain/access/account.ts";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";

let practice: TestPractice;

beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

const sessions = async (who: TestSession, query = "") =>
  (await practice.request<{ sessions: ListedSession[] }>(who, "GET", `/api/sessions${query}`)).body.sessions;
const end = (who: TestSession, path: string) =>
  practice.request<{ ended?: number; code?: string }>(who, "POST", `/api/sessions/${path}`, {});
const state = async (who: TestSession) =>
  (await practice.request(who, "GET", "/api/session")).body.code ?? "ok";

/** Live events of a session, and whether they were ended. */
async function stream(session: TestSession) {
  const response = await practice.app.request("http://localhost:8080/api/sync/events", {
    headers: { authorization: `Bearer ${session.accessToken}` },
  });
  let ended = false;
  let text = "";
  void (async () => {
    for await (const chunk of response.body!) text += Buffer.from(chunk as Uint8Array).toString();
  })()
    .catch(() => {})
    .finally(() => {
      ended = true;
    });
  await vi.waitFor(() => expect(text).toContain("connected"));
  return () => ended;
}

const person = async (name: string, many: number) => {
  await practice.addPerson(name, ["clinician"]);
  return Promise.all(Array.from({ length: many }, () => practice.signIn(name)));
};

describe("one's own sessions", () => {
  it("stand with device, role, beginning and last activity; the one that asks is marked", async () => {
    const [here, there] = await person("lister", 2);
    await practice.owner("update session set started_at = now() - interval '3 hours' where device_id = $1", [
      there!.deviceId,
    ]);
    await practice.owner(
      "update refresh_token set issued_at = now() - interval '1 hour' where device_id = $1",
      [there!.deviceId],
    );
    const listed = await sessions(here!);
    expect(listed).toMatchObject([
      {
        isThis: true,
        device: { id: here!.deviceId, name: "test tablet" },
        role: "clinician",
        signedInBy: "password",
      },
      { isThis: false, device: { id: there!.deviceId } },
    ]);
    const hours = (at: string) => Math.round((now() - Date.parse(at)) / 3_600_000);
    expect([hours(listed[1]!.startedAt), hours(listed[1]!.lastActiveAt)]).toEqual([3, 1]);
    await practice.owner("update session set expires_at = now() - interval '1 second' where device_id = $1", [
      there!.deviceId,
    ]);
    expect(await sessions(here!)).toHaveLength(1);
    expect(JSON.stringify(listed)).not.toContain(here!.cookie.split("=")[1]);
  });

  it("end one by one: streams and the next request within two seconds, and no others", async () => {
    const [here, there, third] = await person("ender", 3);
    const [live, untouched] = [await stream(there!), await stream(third!)];
    const other = (await sessions(here!)).find(({ device }) => device.id === there!.deviceId)!;
    const before = await practice.head();
    expect((await end(here!, `${other.id}/end`)).status).toBe(204);
    await vi.waitFor(() => expect(live()).toBe(true), { timeout: 2000, interval: 20 });
    expect([await state(there!), await state(here!), await state(third!)]).toEqual([
      "session_ended",
      "ok",
      "ok",
    ]);
    expect(untouched()).toBe(false);
    expect(await practice.audit(before)).toMatchObject([
      {
        action: "session.revoked",
        resource: { type: "session", id: other.id },
        actor: { id: here!.user.id },
      },
    ]);
    expect((await end(here!, `${other.id}/end`)).body.code).toBe("not_found");
    const refreshed = await practice.request(
      null,
      "POST",
      "/api/session/refresh",
      { deviceId: there!.deviceId },
      { cookie: there!.cookie },
    );
    expect((refreshed.body as { code: string }).code).toBe("session_ended");
  });

  it("end all but this one", async () => {
    const [here, there, third] = await person("all-others", 3);
    const lives = [await stream(there!), await stream(third!)];
    const stranger = await practice.signIn("nurse");
    expect((await end(here!, "end-others")).body.ended).toBe(2);
    await vi.waitFor(() => expect(lives.map((live) => live())).toEqual([true, true]), { timeout: 2000 });
    expect([await state(here!), await state(third!), await state(stranger)]).toEqual([
      "ok",
      "session_ended",
      "ok",
    ]);
    expect((await end(here!, "end-others")).body.ended).toBe(0);
  });

  it("of somebody else are seen and ended by those who look after access, and denied to all others", async () => {
    const [mine] = await person("subject", 1);
    const [clinician, engineer] = [await practice.signIn("clinician"), await practice.signIn("it")];
    const [listed] = await sessions(mine!);
    const query = `?user=${mine!.user.id}`;
    const before = await practice.head();
    const denied = await practice.request(clinician, "GET", `/api/sessions${query}`);
    expect([denied.status, denied.body.code]).toEqual([403, "not_yours"]);
    expect((await end(clinician, `${listed!.id}/end`)).body.code).toBe("not_yours");
    expect((await end(clinician, `${newId()}/end`)).body.code).toBe("not_yours"); // nor whether it exists
    expect((await practice.audit(before)).map(({ action }) => action)).toEqual(
      Array(3).fill("access.denied"),
    );
    expect(await state(mine!)).toBe("ok");
    expect(await sessions(engineer, query)).toHaveLength(1);
    expect((await end(engineer, `${listed!.id}/end`)).status).toBe(204);
    expect(await state(mine!)).toBe("session_ended");
  });
});

describe("one's own devices", () => {
  const devices = async (who: TestSession) =>
    (
      await practice.request<{ devices: { id: string; isOwn: boolean }[] }>(
        who,
        "GET",
        "/api/devices?own=true",
      )
    ).body.devices;

  it("are those with one's keys; one that colleagues share is not removed from afar", async () => {
    const [here, lost] = await person("owner", 2);
    const shared = await practice.signIn("owner");
    await practice.signIn("nurse", { device: shared.deviceId });
    const listed = await devices(here!);
    expect(listed.map(({ id }) => id).sort()).toEqual(
      [here, lost, shared].map((one) => one!.deviceId).sort(),
    );
    expect(listed.filter(({ isOwn }) => isOwn).map(({ id }) => id)).toEqual([here!.deviceId]);
    const remove = (id: string) => practice.request(here!, "POST", `/api/devices/${id}/revoke`, {});
    expect((await remove(shared.deviceId)).body.code).toBe("not_yours");
    expect((await remove((await practice.signIn("clinician2")).deviceId)).body.code).toBe("not_yours");
    expect((await remove(newId())).body.code).toBe("not_yours");
    expect((await remove(lost!.deviceId)).status).toBe(204);
    expect(await state(lost!)).toBe("device_revoked");
    expect(await state(shared)).toBe("ok");
  });
});

describe("throttling", () => {
  const signIn = (username: string, password: string, device: string) =>
    practice.request<{ code?: string }>(null, "POST", "/api/session", {
      username,
      password,
      device: { id: device, name: "t" },
    });

  it("of any number of guesses from elsewhere never keeps somebody from a device that the clinic knows", async () => {
    const [tablet, other] = await person("guessed", 2);
    for (let tries = 0; tries < 8; tries++) {
      await signIn("guessed", "wrong", newId());
      await signIn("guessed", "wrong", other!.deviceId); // a stolen tablet
    }
    expect((await signIn("guessed", trialPassword, newId())).status).toBe(429);
    expect((await signIn("guessed", trialPassword, other!.deviceId)).status).toBe(429);
    expect((await signIn("guessed", trialPassword, tablet!.deviceId)).status).toBe(200);
  });

  it("of the password given again is by device, too: an open tablet elsewhere keeps nobody from approving here", async () => {
    const [here, elsewhere] = await person("twice", 2);
    const confirm = (who: TestSession, password: string) =>
      practice.request(who, "POST", "/api/account/recovery-codes", { password });
    for (let tries = 0; tries < 6; tries++) await confirm(elsewhere!, "wrong");
    expect((await confirm(elsewhere!, trialPassword)).body.code).toBe("too_many_requests");
    expect((await confirm(here!, trialPassword)).body.code).toBe("no_second_factor"); // the password was looked at
  });

  it("of a one-time password is by device where the clinic knows it", async () => {
    const [tablet] = await person("newcomer", 1);
    await practice.owner("update app_user set must_change = true where username = 'newcomer'");
    const choose = (password: string, deviceId?: string) =>
      practice.request<{ code?: string }>(null, "POST", "/api/session/password", {
        username: "newcomer",
        password,
        newPassword: "seven quiet herons",
        ...(deviceId ? { deviceId } : {}),
      });
    for (let tries = 0; tries < 6; tries++) await choose("wrong");
    expect((await choose(trialPassword)).body.code).toBe("too_many_requests");
    expect((await choose(trialPassword, newId())).body.code).toBe("too_many_requests");
    expect((await choose(trialPassword, tablet!.deviceId)).status).toBe(204);
  });
});
