import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { can } from "#domain/access/can.ts";
import { permissionNames, permissions } from "#domain/access/permissions.ts";
import { type Role, roles } from "#domain/access/roles.ts";
import { isAuditAction } from "#domain/audit/actions.ts";
import { newId } from "#domain/kernel/id.ts";
import { createApp } from "../app.ts";
import { loginOf } from "../practice/trial/trial-people.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { registerToken } from "../token/service-token.ts";
import { isForDevices } from "./handle.ts";
import { createMetrics } from "./metrics.ts";
import { type Route, route } from "./route.ts";
import { allRoutes, publicRoutes } from "./routes.ts";
import {
  addressTricks,
  clinicalRoutes,
  guardedRoutes,
  routeName,
  unknownAddress,
  verdictOf,
} from "./verdict.ts";

let practice: TestPractice;
let routes: Route[];
const sessions = new Map<Role, TestSession>();
const tokens = new Map<string, string>();

beforeAll(async () => {
  practice = await openTestPractice();
  routes = allRoutes(practice.practice, createMetrics(practice.practice));
  for (const role of roles) sessions.set(role, await practice.signIn(loginOf(role)));
  const register = async (scopes: Parameters<typeof registerToken>[2]["scopes"]) =>
    (
      await practice.practice.ledger.transact((tx) =>
        registerToken(practice.practice, tx, { purpose: "test", scopes, days: 1, ownerId: null }),
      )
    ).result;
  tokens.set("ai", (await readFile(join(practice.folder, "ai-node", "token"), "utf8")).trim());
  tokens.set("other scope", (await register(["backup:run"])).token);
  const [revoked, expired] = [await register(["ai:work"]), await register(["ai:work"])];
  tokens.set("revoked", revoked.token);
  tokens.set("expired", expired.token);
  await practice.owner("update token set revoked_at = now() where id = $1", [revoked.id]);
  await practice.owner("update token set expires_at = now() - interval '1 second' where id = $1", [
    expired.id,
  ]);
  tokens.set("unregistered", await practice.practice.tokens.sign("service", { sub: "x", jti: newId() }));
});
afterAll(() => practice.close());

/** What each operation answers to somebody who may, when asked with an unknown id and a nonsense body. */
const allowedAnswers: Record<string, number> = {
  "get /metrics": 200,
  "get /api/session": 200,
  "delete /api/session": 204,
  "post /api/session/role": 400,
  "get /api/account": 200,
  "post /api/account/password": 400,
  "post /api/account/totp": 400,
  "post /api/account/totp/confirm": 400,
  "post /api/account/totp/remove": 400,
  "post /api/account/recovery-codes": 400,
  "post /api/account/recovery-codes/seen": 400,
  "get /api/sessions": 200,
  "post /api/sessions/{id}/end": 400,
  "post /api/sessions/end-others": 400,
  "get /api/passkeys": 200,
  "post /api/passkeys/options": 400,
  "post /api/passkeys": 400,
  "post /api/passkeys/{id}/remove": 400,
  "post /api/access": 400,
  "post /api/sync/push": 400,
  "post /api/sync/pull": 400,
  "get /api/sync/events": 200,
  "options /api/recordings": 204,
  "post /api/recordings": 400,
  "head /api/recordings/{upload}": 400,
  "patch /api/recordings/{upload}": 400,
  "get /api/recordings/{id}/audio": 404,
  "post /api/ai/nodes/heartbeat": 400,
  "post /api/ai/jobs/claim": 400,
  "get /api/ai/jobs/{id}/audio": 409,
  "post /api/ai/jobs/{id}/heartbeat": 400,
  "post /api/ai/jobs/{id}/progress": 400,
  "post /api/ai/jobs/{id}/complete": 400,
  "post /api/ai/jobs/{id}/fail": 400,
  "get /api/audit": 200,
  "get /api/audit/export": 400,
  "get /api/audit/own": 200,
  "get /api/audit/checkpoint": 200,
  "get /api/audit/proof": 400,
  "post /api/audit/verify": 400,
  "get /api/set-up/standing": 200,
  "post /api/set-up/officers": 400,
  "post /api/set-up/officers/{id}/accept": 400,
  "post /api/set-up/officers/{id}/decline": 400,
  "get /api/users": 200,
  "post /api/users": 400,
  "post /api/users/{id}/disable": 400,
  "get /api/users/{id}/access": 404,
  "get /api/approvals": 200,
  "post /api/approvals": 400,
  "post /api/approvals/{id}/decision": 400,
  "post /api/approvals/{id}/execute": 400,
  "get /api/emergency-access": 200,
  "get /api/emergency-access/waiting": 200,
  "post /api/emergency-access/{id}/review": 400,
  "post /api/patients/{id}/break-glass": 400,
  "get /api/break-glass": 200,
  "get /api/approvals/waiting": 200,
  "get /api/break-glass/waiting": 200,
  "post /api/break-glass/{id}/review": 400,
  "get /api/captures": 200,
  "get /api/quarantine": 200,
  "get /api/quarantine/waiting": 200,
  "get /api/quarantine/{id}": 404,
  "post /api/quarantine/{id}/decision": 400,
  "get /api/operations/dashboard": 200,
  "post /api/operations/recordings/{id}/retry": 400,
  "post /api/devices/heartbeat": 400,
  "get /api/devices": 200,
  "post /api/devices/{id}/revoke": 400,
  "post /api/devices/{id}/wipe": 400,
  "post /api/devices/{id}/name": 400,
  "post /api/devices/lost-store": 400,
  "post /api/devices/{id}/acknowledge-loss": 400,
  "get /api/devices/held-times": 200,
  "post /api/devices/{id}/give-back-times": 400,
  "get /api/tokens": 200,
  "post /api/tokens/{id}/revoke": 400,
  "post /api/tokens/{id}/confirm": 400,
};

async function ask(method: string, address: string, caller: TestSession | string | null) {
  const abort = new AbortController();
  const authorization =
    caller === null
      ? undefined
      : typeof caller === "string"
        ? `Bearer ${caller}`
        : `Bearer ${caller.accessToken}`;
  const withBody = ["POST", "PATCH", "PUT"].includes(method.toUpperCase());
  const response = await practice.app.request(`http://localhost:8080${address}`, {
    method: method.toUpperCase(),
    headers: {
      ...(authorization ? { authorization } : {}),
      ...(withBody ? { "content-type": "application/json" } : {}),
    },
    ...(withBody ? { body: '{"nonsense":true}' } : {}),
    signal: abort.signal,
  });
  const events = response.headers.get("content-type") === "text/event-stream";
  if (events) abort.abort();
  const text = events ? "" : await response.text();
  const body = (text.startsWith("{") ? JSON.parse(text) : {}) as { code?: string; auditSeq?: number };
  return { status: response.status, body, headers: response.headers };
}

const guarded = () => guardedRoutes(routes);

describe("every operation", () => {
  it.each([...roles])(
    "answers %s as the matrix says, and records each denial once with its number",
    async (role) => {
      const session = sessions.get(role)!;
      const actor = { type: "user", id: session.user.id, role, deviceId: session.deviceId } as const;
      for (const one of guarded()) {
        const name = `${role}: ${routeName(one)}`;
        const before = await practice.head();
        const { status, body } = await ask(one.method, unknownAddress(one), session);
        const verdict = verdictOf(one, actor);
        if (verdict.allowed) {
          expect(status, name).toBe(allowedAnswers[routeName(one)]);
          continue;
        }
        expect(status, name).toBe(verdict.status);
        if (one.method !== "head") expect(body.code, name).toBe(verdict.code);
        if (isForDevices(one)) continue;
        const records = await practice.audit(before);
        if (one.method !== "head")
          expect(body, name).toMatchObject({ code: "forbidden", auditSeq: records[0]?.seq });
        expect(records, name).toMatchObject([
          {
            action: "access.denied",
            outcome: "denied",
            reason: "forbidden",
            actor: { type: "user", id: session.user.id, role },
            route: `${one.method.toUpperCase()} ${one.path}`,
          },
        ]);
      }
      // Signed in again for the tests that follow.
      sessions.set(role, await practice.signIn(loginOf(role)));
    },
  );

  it("answers nobody, and tokens that are worth nothing, with 401; only tokens that were shown are recorded", async () => {
    const codes: Record<string, string> = {
      revoked: "token_revoked",
      expired: "invalid_token",
      unregistered: "invalid_token",
    };
    for (const one of guarded()) {
      const before = await practice.head();
      const nobody = await ask(one.method, unknownAddress(one), null);
      expect(nobody.status, routeName(one)).toBe(401);
      if (one.method !== "head") expect(nobody.body.code).toBe("unauthenticated");
      expect(await practice.head()).toBe(before);
      if (isForDevices(one)) continue;
      for (const [kind, code] of Object.entries(codes)) {
        const since = await practice.head();
        const answer = await ask(one.method, unknownAddress(one), tokens.get(kind)!);
        expect(answer.status, `${kind}: ${routeName(one)}`).toBe(401);
        const records = await practice.audit(since);
        expect(records, `${kind}: ${routeName(one)}`).toMatchObject([
          { action: "token.refused", reason: code },
        ]);
        if (one.method !== "head") expect(answer.body).toMatchObject({ code, auditSeq: records[0]!.seq });
      }
    }
  });

  it("answers service tokens by their scopes alone", async () => {
    for (const one of guarded().filter((one) => !isForDevices(one))) {
      const needed = permissions[one.permission as keyof typeof permissions].scopes as readonly string[];
      const before = await practice.head();
      const ai = await ask(one.method, unknownAddress(one), tokens.get("ai")!);
      const mayAi = needed.includes("ai:work");
      expect(ai.status, `ai: ${routeName(one)}`).toBe(mayAi ? allowedAnswers[routeName(one)] : 403);
      const other = await ask(one.method, unknownAddress(one), tokens.get("other scope")!);
      expect(other.status, `other scope: ${routeName(one)}`).toBe(403);
      const denials = (await practice.audit(before)).filter(({ action }) => action === "access.denied");
      expect(denials, routeName(one)).toHaveLength(mayAi ? 1 : 2);
      for (const denial of denials)
        expect(denial).toMatchObject({ reason: "scope_missing", actor: { type: "token" } });
    }
  });

  it("is known to this test, so that a new one cannot be forgotten", () => {
    const expected = guarded()
      .filter((one) => !isForDevices(one))
      .map(routeName);
    expect(Object.keys(allowedAnswers).sort()).toEqual(expected.sort());
  });

  it("works by its own methods only; tricks with the address lead nowhere", async () => {
    const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"];
    const admin = sessions.get("administrator")!;
    const offered = new Map<string, Set<string>>();
    for (const { method, path } of routes)
      offered.set(path, (offered.get(path) ?? new Set()).add(method.toUpperCase()));
    for (const [path, own] of offered)
      for (const method of methods.filter((one) => !own.has(one))) {
        const answer = await ask(method, unknownAddress({ path }), admin);
        expect([answer.status, answer.body.code], `${method} ${path}`).toEqual([405, "method_not_allowed"]);
      }
    const nurse = sessions.get("nurse")!;
    for (const address of addressTricks) {
      const answer = await ask("GET", address, nurse);
      expect([403, 404], address).toContain(answer.status);
      expect(answer.headers.get("content-type"), address).toBe("application/problem+json");
    }
    const override = await practice.request(nurse, "GET", "/api/users", undefined, {
      "x-http-method-override": "POST",
      "x-original-url": "/healthz",
    });
    expect(override.status).toBe(403);
    expect((await ask("HEAD", "/api/users", nurse)).status).toBe(403);
    expect((await ask("HEAD", "/api/users", null)).status).toBe(401);
  });
});

describe("the front desk", () => {
  it("is refused by every clinical and AI operation before an id or a body is looked at", async () => {
    const desk = sessions.get("front-desk")!;
    const clinical = clinicalRoutes(routes);
    expect(clinical.length).toBeGreaterThan(10);
    for (const one of clinical)
      for (const body of ["{", "", '{"patientId":"x"}']) {
        const address = one.path.replace(/\{\w+\}/, "no id at all");
        const answer = await practice.request(
          desk,
          one.method.toUpperCase(),
          address,
          ["post", "patch"].includes(one.method) ? body : undefined,
          { "content-type": "application/json" },
        );
        expect(answer.status, routeName(one)).toBe(403);
      }
  });
});

describe("/api/access", () => {
  it("answers each role about each permission as the matrix says", async () => {
    for (const role of roles) {
      const session = sessions.get(role)!;
      const actor = { type: "user", id: session.user.id, role, deviceId: session.deviceId } as const;
      for (const permission of permissionNames) {
        const answer = await practice.request(session, "POST", "/api/access", { permission });
        const { allowed } = can(actor, permission);
        expect(answer.status, `${role} ${permission}`).toBe(allowed ? 204 : 403);
        if (!allowed) expect(answer.body.auditSeq).toBe(await practice.head());
      }
    }
  });
});

describe("the table of routes", () => {
  const start = (extra: Partial<Route>) => () =>
    createApp(practice.practice, {
      addresses: () => ({ httpPort: 1, httpsPort: 2, names: [] }),
      extra: [
        route({
          method: "get",
          path: "/api/open",
          summary: "",
          permission: "public",
          audit: { none: "" },
          handle: async () => {},
          ...extra,
        } as Route),
      ],
    });

  it("stops the start of a server with an operation that declares no permission", () => {
    expect(start({})).toThrow("get /api/open declares no permission");
    expect(start({ path: "/healthz", method: "post" })).toThrow("declares no permission");
    expect(start({ path: "/healthz", permission: "user:read" })).toThrow("is on the public list and guarded");
    expect(start({ permission: undefined as never })).toThrow();
    expect(start({ permission: "no:such" as never })).toThrow();
    expect(start({ permission: "user:read", proof: "device" })).toThrow(
      "may not be proven by a device alone",
    );
    expect(start({ permission: "user:read", proof: "device-or-bearer" })).toThrow("may not be proven");
    expect(start({ permission: "user:read" })).not.toThrow();
  });

  it("is described, permission and audit action included, and every described path is served", async () => {
    const { body } = await practice.request<{
      paths: Record<string, Record<string, { "x-permission": string; "x-audit": string | { none: string } }>>;
      components: { schemas: Record<string, unknown> };
    }>(null, "GET", "/api/openapi.json");
    const described = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
    );
    expect(described.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
      routes.map(routeName).sort(),
    );
    for (const { method, path, operation } of described) {
      const permission = operation["x-permission"];
      const isPublic = publicRoutes.includes(`${method} ${path}`);
      expect(isPublic ? permission === "public" : permission in permissions, `${method} ${path}`).toBe(true);
      const audit = operation["x-audit"];
      if (typeof audit === "string") expect(isAuditAction(audit), audit).toBe(true);
      else expect(audit.none.length, path).toBeGreaterThan(5);
      const answer = await ask(method, unknownAddress({ path }), null);
      expect([404, 405], `${method} ${path}`).not.toContain(answer.status);
    }
    for (const name of ["appointment.book", "note.sign", "recording.begin"])
      expect(body.components.schemas).toHaveProperty([`Mutation.${name}`]);
  });

  it("answers everything with the headers that keep a page safe", async () => {
    for (const address of ["/healthz", "/api/users", "/nowhere", "/api/docs"]) {
      const { headers } = await ask("GET", address, null);
      expect(headers.get("content-security-policy"), address).toContain("default-src 'self'");
      expect(headers.get("content-security-policy")).toContain("require-trusted-types-for 'script'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("strict-transport-security")).toBeNull();
    }
  });
});
