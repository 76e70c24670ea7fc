import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { Envelope } from "#domain/sync/envelope.ts";
import type { PushResult } from "#domain/sync/protocol.ts";
import { mutation, openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { deviceProof, envelope, newTabletKey, signInTablet, type Tablet } from "../testing/test-tablet.ts";
import { booking } from "../testing/visit.ts";

let practice: TestPractice;
const path = "/api/sync/deliver";

beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

const book = (tablet: Tablet, n: number) => mutation(tablet.session, n, "appointment.book", booking());
const deliver = async (tablet: Tablet, envelopes: readonly Envelope[], proof?: string) =>
  practice.request<PushResult & { code?: string; auditSeq?: number }>(
    proof ?? (await deviceProof(practice, tablet, "POST", path)),
    "POST",
    path,
    { envelopes },
  );

describe("sealed work", () => {
  it("is applied under the device key after sign-out, in its person's name", async () => {
    const tablet = await signInTablet(practice, "frontdesk");
    await practice.request(tablet.session, "DELETE", "/api/session");
    const before = await practice.head();
    const first = await envelope(tablet, book(tablet, 1));
    const { status, body } = await deliver(tablet, [first, await envelope(tablet, book(tablet, 2))]);
    expect(status).toBe(200);
    expect(body.results.map(({ n, status: outcome }) => [n, outcome])).toEqual([
      [1, "applied"],
      [2, "applied"],
    ]);
    expect(await practice.audit(before)).toMatchObject(
      [1, 2].map((deviceSeq) => ({
        deviceSeq,
        action: "appointment.booked",
        actor: { type: "device", id: tablet.session.deviceId, role: "front-desk" },
        onBehalfOf: tablet.session.user.id,
      })),
    );
    // Again, after a lost answer.
    const again = await deliver(tablet, [first]);
    expect(again.body.results).toEqual(body.results.slice(0, 1));
  });

  it("of somebody who was disabled waits in quarantine", async () => {
    const id = await practice.addPerson("leaver", ["front-desk"]);
    const tablet = await signInTablet(practice, "leaver");
    await practice.owner("update app_user set disabled_at = now() where id = $1", [id]);
    const { body } = await deliver(tablet, [await envelope(tablet, book(tablet, 1))]);
    expect(body.results).toMatchObject([{ n: 1, status: "quarantined", code: "revoked_before_arrival" }]);
  });

  it("of a device that was reported lost waits in quarantine", async () => {
    const tablet = await signInTablet(practice, "frontdesk");
    const security = await practice.signIn("security");
    await practice.request(security, "POST", `/api/devices/${tablet.session.deviceId}/revoke`, {});
    const { body } = await deliver(tablet, [await envelope(tablet, book(tablet, 1))]);
    expect(body.results).toMatchObject([{ n: 1, status: "quarantined" }]);
    const kept = await practice.owner("select 1 from quarantine where device_id = $1", [
      tablet.session.deviceId,
    ]);
    expect(kept).toHaveLength(1);
  });

  it("that was refused, when nobody on the tablet can open it any more, waits for review, once", async () => {
    const tablet = await signInTablet(practice, "frontdesk");
    const taken = booking();
    const first = await envelope(tablet, mutation(tablet.session, 1, "appointment.book", taken));
    const second = await envelope(
      tablet,
      mutation(tablet.session, 2, "appointment.book", { ...taken, id: newId() }),
    );
    const kept = () =>
      practice.owner("select n, reason, decision from quarantine where client_id = $1", [
        tablet.session.clientId,
      ]);
    const { body } = await deliver(tablet, [first, second]);
    expect(body.results).toMatchObject([{ status: "applied" }, { status: "conflict", code: "slot_taken" }]);
    expect(await kept()).toEqual([]); // its author decides
    const proof = () => deviceProof(practice, tablet, "POST", path);
    const before = await practice.head();
    for (let times = 0; times < 2; times++) {
      const again = await practice.request<PushResult>(await proof(), "POST", path, {
        envelopes: [second],
        keysGone: true,
      });
      expect(again.body.results).toMatchObject([{ n: 2, status: "conflict", code: "slot_taken" }]);
    }
    expect(await kept()).toEqual([{ n: "2", reason: "sealed", decision: null }]);
    expect(await practice.audit(before)).toMatchObject([
      { action: "mutation.quarantined", reason: "slot_taken", actor: { type: "device" } },
    ]);
  });

  it("that was forged, altered or taken from another client is refused, and nothing is applied", async () => {
    const tablet = await signInTablet(practice, "frontdesk");
    const other = await signInTablet(practice, "frontdesk2");
    const good = await envelope(tablet, book(tablet, 1));
    const stranger = { ...tablet, signingKey: await newTabletKey() };
    const flip = (text: string) => `${text.startsWith("A") ? "B" : "A"}${text.slice(1)}`;
    const cases: Record<string, [Envelope, string]> = {
      "another signing key": [await envelope(stranger, book(tablet, 1)), "invalid_signature"],
      "altered text": [{ ...good, ct: flip(good.ct) }, "invalid_signature"],
      "altered number": [{ ...good, n: 2 }, "invalid_signature"],
      "altered time": [{ ...good, at: "2020-01-01T00:00:00.000Z" }, "invalid_signature"],
      "another person": [
        await envelope(tablet, book(tablet, 1), { user: other.session.user.id }),
        "invalid_signature",
      ],
      "another client": [
        await envelope(tablet, book(tablet, 1), { clientId: other.session.clientId }),
        "client_unknown",
      ],
      "an unknown client": [await envelope(tablet, book(tablet, 1), { clientId: newId() }), "client_unknown"],
    };
    for (const [name, [one, code]] of Object.entries(cases))
      expect((await deliver(tablet, [one])).body.code, name).toBe(code);
    const known = await practice.owner("select last_n from sync_client where client_id = $1", [
      tablet.session.clientId,
    ]);
    expect(known).toEqual([{ last_n: "0" }]);
    // And the untouched one still works.
    expect((await deliver(tablet, [good])).body.results).toMatchObject([{ status: "applied" }]);
  });

  it("before a forged envelope is applied; what comes after waits, because nobody vouches for the number", async () => {
    const tablet = await signInTablet(practice, "frontdesk");
    const other = await signInTablet(practice, "frontdesk2");
    const stranger = { ...tablet, signingKey: await newTabletKey() };
    const [first, third] = [await envelope(tablet, book(tablet, 1)), await envelope(tablet, book(tablet, 3))];
    for (const bad of [await envelope(stranger, book(tablet, 2)), await envelope(other, book(other, 2))])
      expect((await deliver(tablet, [first, bad, third])).body).toMatchObject({
        lastN: 1,
        results: [{ n: 1, status: "applied" }],
      });
  });

  it("that was signed and does not open waits in quarantine as it came, and holds up nothing", async () => {
    const cases: Record<string, (tablet: Tablet) => Promise<Partial<Envelope>>> = {
      "altered text": async () => ({ ct: "A".repeat(400) }),
      "a key that was not sealed to us": async () => ({ keyServer: "a.b.c.d.e" }),
      "text too short to hold a tag": async () => ({ ct: "AAAA" }),
      "another change inside": async () => ({ id: newId() }),
    };
    for (const [name, change] of Object.entries(cases)) {
      const tablet = await signInTablet(practice, "frontdesk");
      const inside = book(tablet, 2);
      const closed = await envelope(tablet, inside, await change(tablet));
      const batch = [
        await envelope(tablet, book(tablet, 1)),
        closed,
        await envelope(tablet, book(tablet, 3)),
      ];
      const before = await practice.head();
      const { body } = await deliver(tablet, batch);
      expect(
        body.results.map(({ status, code }) => code ?? status),
        name,
      ).toEqual(["applied", "envelope_unreadable", "applied"]);
      expect((await practice.audit(before))[1], name).toMatchObject({
        action: "mutation.quarantined",
        reason: "envelope_unreadable",
        onBehalfOf: tablet.session.user.id,
      });
      const kept = await practice.owner<{ n: string }>("select n from quarantine where mutation_id = $1", [
        closed.id,
      ]);
      expect(kept, name).toEqual([{ n: "2" }]);
      // Again after a lost answer, and once more by the person, who can open it: no fork.
      expect((await deliver(tablet, batch)).body.results, name).toEqual(body.results);
      const { results } = await practice.push(tablet.session, [inside]);
      expect(results, name).toMatchObject([{ n: 2, status: "quarantined", code: "envelope_unreadable" }]);
    }
  });

  it("needs a signing key that is one: nonsense registered at sign-in signs nothing", async () => {
    const nonsense = { kty: "EC", crv: "P-256", x: "A".repeat(43), y: "A".repeat(43) } as const;
    const deviceKey = await newTabletKey();
    const session = await practice.signIn("frontdesk", { key: deviceKey.publicKey, signingKey: nonsense });
    const tablet = { session, deviceKey, signingKey: await newTabletKey() };
    expect((await deliver(tablet, [await envelope(tablet, book(tablet, 1))])).body.code).toBe(
      "invalid_signature",
    );
    const keyless = await practice.signIn("frontdesk", { key: deviceKey.publicKey });
    const without = { ...tablet, session: keyless };
    expect((await deliver(without, [await envelope(without, book(without, 1))])).body.code).toBe(
      "invalid_signature",
    );
  });
});

describe("a device's proof", () => {
  it("is good for one request", async () => {
    const tablet = await signInTablet(practice, "frontdesk");
    const proof = await deviceProof(practice, tablet, "POST", path);
    const one = await envelope(tablet, book(tablet, 1));
    expect((await deliver(tablet, [one], proof)).status).toBe(200);
    const before = await practice.head();
    const again = await deliver(tablet, [one], proof);
    expect([again.status, again.body.code]).toEqual([401, "invalid_token"]);
    expect(await practice.audit(before)).toMatchObject([
      { seq: again.body.auditSeq, action: "device.heartbeat_refused", outcome: "denied" },
    ]);
  });

  it("is bound to device, practice, method, address and time", async () => {
    const tablet = await signInTablet(practice, "frontdesk");
    const other = await signInTablet(practice, "frontdesk");
    const seconds = Math.floor(now() / 1000);
    const one = await envelope(tablet, book(tablet, 1));
    const cases: [Record<string, unknown>, string][] = [
      [{ iss: other.session.deviceId }, "invalid_token"],
      [{ iss: newId() }, "device_not_enrolled"],
      [{ iss: "nobody" }, "invalid_token"],
      [{ aud: newId() }, "invalid_token"],
      [{ aud: undefined }, "invalid_token"],
      [{ htm: "GET" }, "invalid_token"],
      [{ htu: "http://localhost:8080/api/sync/push" }, "invalid_token"],
      [{ htu: undefined }, "invalid_token"],
      [{ iat: seconds - 700 }, "invalid_token"],
      [{ iat: seconds + 700 }, "invalid_token"],
      [{ iat: undefined }, "invalid_token"],
      [{ jti: undefined }, "invalid_token"],
      [{ jti: "x" }, "invalid_token"],
    ];
    for (const [change, code] of cases) {
      const proof = await deviceProof(practice, tablet, "POST", path, change);
      expect((await deliver(tablet, [one], proof)).body.code, JSON.stringify(change)).toBe(code);
    }
    const forged = await deviceProof(practice, { ...tablet, deviceKey: other.deviceKey }, "POST", path);
    expect((await deliver(tablet, [one], forged)).body.code).toBe("invalid_token");
    for (const authorization of ["Device", "Device a.b", `Bearer ${tablet.session.accessToken}`])
      expect((await deliver(tablet, [one], authorization)).status, authorization).toBe(401);
  });

  it("opens no other address", async () => {
    const tablet = await signInTablet(practice, "clinician");
    for (const [method, other] of [
      ["POST", "/api/sync/push"],
      ["POST", "/api/sync/pull"],
      ["GET", "/api/session"],
      ["GET", "/api/users"],
    ] as const) {
      const proof = await deviceProof(practice, tablet, method, other);
      expect((await practice.request(proof, method, other)).status).toBe(401);
    }
  });
});
