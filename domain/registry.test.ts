import { describe, expect, it } from "vitest";
import type * as z from "zod";
import { can } from "./access/can.ts";
import { permissionNames, permissions } from "./access/permissions.ts";
import { roles, tokenScopes } from "./access/roles.ts";
import { scope } from "./access/scope.ts";
import { auditActions, isAuditAction } from "./audit/actions.ts";
import { type ErrorCode, errorCatalog, isErrorCode } from "./errors/catalog.ts";
import { operatorNotes } from "./errors/operator-notes.ts";
import { newId } from "./kernel/id.ts";
import { collectionNames, collections, mutations } from "./registry.ts";
import { unstorablePlace } from "./sync/storable.ts";

describe("every collection", () => {
  it.each(collectionNames)("%s states who may read and write it, for every role", (name) => {
    const { permissions: needed, mutations: verbs, name: own } = collections[name];
    expect(own).toBe(name);
    for (const action of [needed.read, needed.write].filter((one) => one !== null)) {
      expect(permissionNames).toContain(action);
      for (const role of roles) {
        const decision = can({ type: "user", id: newId(), role, deviceId: null }, action);
        if (!decision.allowed) expect(decision.code).toBe("forbidden");
      }
    }
    for (const [verb, mutation] of Object.entries(verbs)) {
      expect(permissionNames, verb).toContain(mutation.permission);
      expect(isAuditAction(mutation.audit), verb).toBe(true);
      expect(mutation.v).toBeGreaterThan(0);
      // Strict: nothing may be smuggled into a record beside the arguments.
      const shape = Object.keys((mutation.args as unknown as z.ZodObject).shape);
      const issues: readonly z.core.$ZodIssue[] =
        mutation.args.safeParse({ id: newId(), smuggled: 1 }).error?.issues ?? [];
      expect(
        issues.map((issue) => issue.code),
        `${name}.${verb}`,
      ).toContain("unrecognized_keys");
      for (const owned of ["version", "stream", "status", "trail", "signature", "authorId", "recordNumber"])
        expect(shape, `${name}.${verb}`).not.toContain(owned);
    }
    // A report changes no record of the collection.
    if (Object.values(verbs).some(({ report }) => !report)) expect(needed.write).not.toBeNull();
  });

  it("that holds clinical words is in a chart's stream and read with a clinical right", () => {
    const patientId = newId();
    for (const name of [
      "note",
      "addendum",
      "recording",
      "transcript",
      "problem",
      "allergy",
      "medication",
      "immunization",
      "vitals",
      "alert",
      "none-known",
    ] as const) {
      expect(collections[name].stream({ id: newId(), patientId } as never)).toBe(`chart:${patientId}`);
      expect(permissions[collections[name].permissions.read].clinical).toBe(true);
    }
    expect(mutations.size).toBe(
      collectionNames.flatMap((name) => Object.keys(collections[name].mutations)).length,
    );
  });
});

describe("the permission matrix", () => {
  it("gives clinical rights to clinical roles only, and to no token but the AI node's", () => {
    for (const [name, { clinical, roles: granted, scopes }] of Object.entries(permissions)) {
      if (!clinical) continue;
      for (const role of Object.keys(granted)) expect(["clinician", "nurse"], name).toContain(role);
      for (const held of scopes) expect(held, name).toBe("ai:work");
    }
  });

  it("means no for what is unknown, empty or inherited", () => {
    const user = (role: string) => ({ type: "user", id: "u", role, deviceId: null }) as never;
    const cases = [
      can(user("clinician"), "no:such" as never),
      can(user("clinician"), "toString" as never),
      can(user("__proto__"), "session:use"),
      can(user("constructor"), "session:use"),
      can(user(""), "session:use"),
      can({ type: "token", id: "t", scopes: [] }, "ai:work"),
      can({ type: "token", id: "t", scopes: [...tokenScopes] }, "session:use"),
      can({ type: "token", id: "t", scopes: [...tokenScopes] }, "note:sign"),
    ];
    for (const decision of cases) expect(decision.allowed).toBe(false);
    for (const role of ["", "__proto__", "root"])
      expect(
        scope({
          userId: "u",
          role: role as never,
          deviceId: "d",
          todayPatientIds: ["p"],
          seenPatientIds: ["p"],
          openedPatientIds: [],
          brokenGlassPatientIds: [],
          restricted: new Map(),
        }),
      ).toEqual([]);
  });

  it("gives own records only to their owners", () => {
    const actor = { type: "user", id: "me", role: "clinician", deviceId: null } as const;
    expect(can(actor, "note:write")).toEqual({ allowed: true, grant: "own" });
    expect(can(actor, "note:write", { owners: ["me", "you"] }).allowed).toBe(true);
    for (const subject of [{ owners: ["you"] }, { owners: [] }, {}])
      expect(can(actor, "note:write", subject)).toEqual({ allowed: false, code: "not_yours" });
  });
});

describe("the lists", () => {
  it("of errors: each has a status, a sentence for a person and a word for IT", () => {
    const sentences = new Set<string>();
    for (const [code, { status, retry, message }] of Object.entries(errorCatalog)) {
      expect(code).toMatch(/^[a-z][a-z_]+$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(message, code).toMatch(/^[A-Z].{5,}[.]$/);
      expect(operatorNotes[code as ErrorCode], code).toMatch(/^.{8,}$/);
      if (status >= 500) expect(retry, code).toBe(true);
      sentences.add(`${code}: ${message}`);
    }
    expect(sentences.size).toBe(Object.keys(errorCatalog).length);
    expect([isErrorCode("toString"), isErrorCode("forbidden")]).toEqual([false, true]);
  });

  it("of audit actions: each is a verb of something, with a sentence", () => {
    for (const [action, sentence] of Object.entries(auditActions)) {
      expect(action).toMatch(/^[a-z-]+\.[a-z_]+$/);
      expect(sentence.length, action).toBeGreaterThan(6);
    }
    expect(isAuditAction("constructor")).toBe(false);
  });
});

describe("text that cannot be stored", () => {
  it.each([
    [{ a: { b: ["x", "y\u0000"] } }, "a.b.1"],
    [{ a: "\ud83d" }, "a"],
    [{ "a\u0000": 1 }, ""],
    ["\u0000", ""],
    [{ a: "😀 é \n\t\u0001" }, null],
    [[null, 1, true, {}], null],
  ])("is found in %j at %j", (value, place) => {
    expect(unstorablePlace(value)).toBe(place);
  });

  it("is found in what nests without end, without exhausting the stack", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 1_000_000; level++) deep = [deep];
    expect(unstorablePlace(deep)).not.toBeNull();
  });
});
