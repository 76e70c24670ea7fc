import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import type { ReviewItem } from "#domain/sync/review-items.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { deviceProof, envelope, signInTablet, type Tablet } from "../testing/test-tablet.ts";
import { booking } from "../testing/visit.ts";

let practice: TestPractice;
let engineer: TestSession;

beforeAll(async () => {
  practice = await openTestPractice();
  engineer = await practice.signIn("it");
});
afterAll(() => practice.close());

interface Answer {
  readonly code?: string;
  readonly results?: { n: number; status: string; code?: string }[];
}

const wipe = (who: TestSession, id: string) =>
  practice.request<Answer>(who, "POST", `/api/devices/${id}/wipe`, {});
const asDevice = async (tablet: Tablet, method: string, path: string, body?: unknown) =>
  practice.request<Answer>(await deviceProof(practice, tablet, method, path), method, path, body);
const confirm = (tablet: Tablet, left: number) => asDevice(tablet, "POST", "/api/devices/wiped", { left });
const deliver = async (tablet: Tablet, ...numbers: number[]) =>
  asDevice(tablet, "POST", "/api/sync/deliver", {
    envelopes: await Promise.all(
      numbers.map((n) => envelope(tablet, mutation(tablet.session, n, "appointment.book", booking()))),
    ),
  });
const rowOf = async ({ session }: Tablet) =>
  (await practice.owner("select * from device where id = $1", [session.deviceId]))[0]!;

describe("a device that is wiped", () => {
  it("is told so at every contact, takes nothing and gives nothing until it has", async () => {
    const tablet = await signInTablet(practice, "frontdesk");
    const { session } = tablet;
    expect((await asDevice(tablet, "GET", "/api/devices/this")).body).toEqual({ clients: [] });
    const before = await practice.head();
    expect((await wipe(engineer, session.deviceId)).status).toBe(204);
    expect((await practice.audit(before)).filter(({ action }) => action.startsWith("device."))).toMatchObject(
      [
        {
          action: "device.wipe_requested",
          outcome: "ok",
          actor: { id: engineer.user.id, role: "practice-it" },
          resource: { type: "device", id: session.deviceId },
        },
      ],
    );
    const pull = { epoch: null, clientId: session.clientId, cursor: 0, scopeHash: null, held: [], want: [] };
    const contacts = {
      pull: await practice.request<Answer>(session, "POST", "/api/sync/pull", pull),
      refresh: await practice.request<Answer>(
        null,
        "POST",
        "/api/session/refresh",
        { deviceId: session.deviceId },
        { cookie: session.cookie },
      ),
      "sign-in": await practice.request<Answer>(null, "POST", "/api/session", {
        username: "frontdesk",
        password: "jamemr-trial-practice",
        device: { id: session.deviceId, name: "tablet" },
      }),
      delivery: await deliver(tablet, 1),
      question: await asDevice(tablet, "GET", "/api/devices/this"),
      "upload of sound": await asDevice(tablet, "HEAD", "/api/recordings/x.0"),
    };
    for (const [name, { status, body }] of Object.entries(contacts))
      expect([name, status, body?.code]).toEqual([
        name,
        403,
        name === "upload of sound" ? undefined : "device_wiped",
      ]);
    expect(await practice.owner("select 1 from quarantine where device_id = $1", [session.deviceId])).toEqual(
      [],
    );
  });

  it("says under its own key that it is done; what it sends then waits for review, and says who asked", async () => {
    const tablet = await signInTablet(practice, "frontdesk");
    const id = tablet.session.deviceId;
    await wipe(engineer, id);
    const before = await practice.head();
    expect(await confirm(tablet, 2)).toMatchObject({ status: 200, body: { clients: [] } });
    // Sound is taken again, too: of a recording whose beginning has arrived.
    const name = Buffer.from(`${newId()}.0`).toString("base64");
    const upload = await practice.request<Answer>(
      await deviceProof(practice, tablet, "POST", "/api/recordings"),
      "POST",
      "/api/recordings",
      undefined,
      { "tus-resumable": "1.0.0", "upload-length": "8", "upload-metadata": `id ${name}` },
    );
    expect(upload.body.code).toBe("missing_parent");
    const { body } = await deliver(tablet, 1, 2);
    expect(body.results?.map(({ n, status, code }) => [n, status, code])).toEqual([
      [1, "quarantined", "revoked_before_arrival"],
      [2, "quarantined", "revoked_before_arrival"],
    ]);
    expect((await confirm(tablet, 0)).status).toBe(200);
    const said = (await practice.audit(before)).filter(({ action }) => action === "device.wiped");
    expect(said.map(({ reason, actor }) => [reason, actor.type, actor.id])).toEqual([
      [undefined, "device", id],
      ["delivered", "device", id],
    ]);
    const listed = await practice.request<{ devices: Record<string, unknown>[] }>(
      engineer,
      "GET",
      "/api/devices",
    );
    expect(listed.body.devices.find((one) => one.id === id)).toMatchObject({
      status: "revoked",
      wipeAskedBy: engineer.user.id,
      wipeLeft: 0,
      kept: 2,
    });
    const row = await rowOf(tablet);
    expect(row.wiped_at).not.toBeNull();
    // Asked again, by somebody else: who was first stays.
    await wipe(await practice.signIn("security"), id);
    expect(await rowOf(tablet)).toMatchObject({ wipe_asked_by: engineer.user.id, wiped_at: row.wiped_at });
    // It reads no more than before.
    expect((await asDevice(tablet, "GET", "/api/devices/this")).body.code).toBe("device_wiped");
  });

  it("brings the words that the clinic had refused, once, for somebody else to decide", async () => {
    const tablet = await signInTablet(practice, "frontdesk");
    const { session } = tablet;
    const twice = booking();
    const [first, second] = [1, 2].map((n) => mutation(session, n, "appointment.book", twice));
    const { results } = await practice.push(session, [first!, second!]);
    expect(results.map(({ status }) => status)).toEqual([
      "applied",
      expect.stringMatching(/conflict|rejected/),
    ]);
    await wipe(engineer, session.deviceId);
    await confirm(tablet, 2);
    const envelopes = await Promise.all([first!, second!].map((one) => envelope(tablet, one)));
    for (let time = 0; time < 2; time++) {
      const { body } = await asDevice(tablet, "POST", "/api/sync/deliver", { envelopes });
      expect(body.results?.map(({ status }) => status)).toEqual(results.map(({ status }) => status));
    }
    const kept = await practice.owner<{ n: string }>("select n from quarantine where client_id = $1", [
      session.clientId,
    ]);
    expect(kept).toEqual([{ n: "2" }]);
    const waiting = await practice.request<{ items: ReviewItem[] }>(
      await practice.signIn("frontdesk2"),
      "GET",
      "/api/quarantine",
    );
    expect(JSON.stringify(waiting.body)).toContain(session.user.id);
  });

  it("applies nothing of a push that was under way", async () => {
    const tablet = await signInTablet(practice, "frontdesk");
    const { session } = tablet;
    await practice.push(session, [mutation(session, 1, "appointment.book", booking())]);
    const client = new pg.Client({ connectionString: practice.ownerUrl });
    await client.connect();
    try {
      await client.query("begin");
      await client.query("select 1 from sync_client where client_id = $1 for update", [session.clientId]);
      const pushing = practice.push(session, [mutation(session, 2, "appointment.book", booking())]);
      await vi.waitFor(async () => {
        const waiting = await practice.owner(
          "select 1 from pg_locks where not granted and transactionid is not null",
        );
        expect(waiting).toHaveLength(1);
      });
      await client.query("update sync_client set lost_at = now() where client_id = $1", [session.clientId]);
      await client.query("commit");
      expect((await pushing).results).toMatchObject([
        { n: 2, status: "quarantined", code: "revoked_before_arrival" },
      ]);
    } finally {
      await client.end();
    }
  });

  it("waits for a push that is under way without holding what that may need", async () => {
    const tablet = await signInTablet(practice, "frontdesk");
    const { session } = tablet;
    await practice.push(session, [mutation(session, 1, "appointment.book", booking())]);
    const client = new pg.Client({ connectionString: practice.ownerUrl });
    await client.connect();
    try {
      await client.query("begin");
      await client.query("select 1 from sync_client where client_id = $1 for update", [session.clientId]);
      const wiping = wipe(engineer, session.deviceId);
      await vi.waitFor(async () => {
        const waiting = await practice.owner(
          "select 1 from pg_locks where not granted and transactionid is not null",
        );
        expect(waiting).toHaveLength(1);
      });
      await client.query("select 1 from device where id = $1 for update nowait", [session.deviceId]);
      await client.query("select 1 from slot_lease where device_id = $1 for update nowait", [
        session.deviceId,
      ]);
      await client.query("commit");
      expect((await wiping).status).toBe(204);
    } finally {
      await client.end();
    }
  });

  it("hears of it by the live stream at once", async () => {
    const tablet = await signInTablet(practice, "frontdesk");
    const abort = new AbortController();
    const response = await practice.app.request("http://localhost:8080/api/sync/events", {
      headers: { authorization: `Bearer ${tablet.session.accessToken}` },
      signal: abort.signal,
    });
    let text = "";
    const reading = (async () => {
      for await (const chunk of response.body!) text += Buffer.from(chunk as Uint8Array).toString();
    })();
    await vi.waitFor(() => expect(text).toContain("connected"));
    await wipe(engineer, tablet.session.deviceId);
    await reading; // it ends
    expect(text).toContain('{"type":"wipe"}');
    expect(text).not.toContain("reauth");
    abort.abort();
  });
});

describe("a wipe", () => {
  it("is for those who look after devices, and for everybody of the device they work on or that is theirs alone", async () => {
    const [mine, other] = [await signInTablet(practice, "nurse"), await signInTablet(practice, "nurse")];
    await practice.signIn("clinician", { device: other.session.deviceId });
    const denied = await wipe(mine.session, other.session.deviceId);
    expect([denied.status, denied.body.code]).toEqual([403, "not_yours"]);
    expect(await rowOf(other)).toMatchObject({ status: "enrolled", wipe_asked_at: null });
    const left = await signInTablet(practice, "nurse");
    expect((await wipe(mine.session, left.session.deviceId)).status).toBe(204);
    expect((await wipe(mine.session, mine.session.deviceId)).status).toBe(204);
    for (const who of ["admin", "privacy", "security"]) {
      const lost = await signInTablet(practice, "nurse");
      expect((await wipe(await practice.signIn(who), lost.session.deviceId)).status, who).toBe(204);
    }
  });

  it("can follow a removal, and is confirmed by that device alone, and only when asked for", async () => {
    const [lost, other] = [await signInTablet(practice, "nurse"), await signInTablet(practice, "nurse")];
    expect((await confirm(lost, 0)).body.code).toBe("not_found");
    await practice.request(engineer, "POST", `/api/devices/${lost.session.deviceId}/revoke`, {});
    expect((await wipe(engineer, lost.session.deviceId)).status).toBe(204);
    const forged = { ...lost, deviceKey: other.deviceKey };
    expect((await confirm(forged, 0)).status).toBe(401);
    expect((await rowOf(lost)).wiped_at).toBeNull();
    expect((await confirm(lost, 0)).status).toBe(200);
  });
});
