import { describe, expect, it } from "vitest";
import { type AuditAction, auditActions } from "#domain/audit/actions.ts";
import type { AuditBody } from "#domain/audit/record.ts";
import { newId } from "#domain/kernel/id.ts";
import { collectionNames } from "#domain/registry.ts";
import { faultsOf } from "../../testing/fhir-r4-audit-event.ts";
import type { AuditRecord } from "../audit-log.ts";
import { CLAIMED_TIME, type FhirAuditEvent, toAuditEvent } from "./audit-event.ts";
import { auditEvents } from "./audit-events.ts";

const practice = { id: newId(), name: "Practice" };
const actions = Object.keys(auditActions) as AuditAction[];
const user = { type: "user", id: newId(), role: "clinician", sessionId: newId(), deviceId: newId() } as const;
const actors: readonly AuditBody["actor"][] = [
  user,
  { ...user, deviceId: undefined },
  { type: "device", id: newId(), deviceId: newId() },
  { type: "token", id: newId(), tokenId: newId() },
  { type: "system", id: "jamemr" },
  { type: "anonymous", id: null },
];

const record = (change: Partial<AuditRecord>): AuditRecord => ({
  seq: 7,
  id: newId(),
  hash: "00ff",
  recordedAt: "2026-11-23T10:00:00.000Z",
  actor: user,
  action: "chart.opened",
  outcome: "ok",
  ...change,
});
const exported = (change: Partial<AuditRecord>): FhirAuditEvent => toAuditEvent(record(change), practice);
const profiles = (event: FhirAuditEvent) =>
  event.meta?.profile.map((url) => url.split("BasicAudit.")[1]) ?? [];

describe("the table", () => {
  it("has every action and no other", () => {
    expect(Object.keys(auditEvents).toSorted()).toEqual(actions.toSorted());
  });
});

describe("every action", () => {
  const patientId = newId();
  const subjects: readonly Partial<AuditRecord>[] = [
    {},
    { patientId },
    { resource: { type: "note", id: newId(), version: 3 } },
    { patientId, resource: { type: "patient", id: patientId } },
    { patientId, resource: { type: "client", id: newId() } },
    { resource: { type: "session", id: newId() } },
    { patientId, resource: { type: "task", id: "not an id / at all" } },
  ];

  it.each(actions)("%s is a valid R4 AuditEvent, whoever did it to whatever, however it ended", (action) => {
    for (const actor of actors)
      for (const outcome of ["ok", "denied", "error"] as const)
        for (const subject of subjects)
          for (const onBehalfOf of [undefined, newId()]) {
            const event = exported({ action, actor, outcome, ...subject, ...(onBehalfOf && { onBehalfOf }) });
            expect(faultsOf(JSON.parse(JSON.stringify(event))), JSON.stringify(event)).toEqual([]);
            if (outcome !== "ok") expect(event.meta).toBeUndefined();
          }
  });

  it("of a person at a device follows a profile when it reads or writes data", () => {
    const kinds = new Set(["create", "read", "update"]);
    for (const action of actions) {
      const event = exported({ action, patientId, resource: { type: "patient", id: patientId } });
      const expected = auditEvents[action] === "disclosure" || kinds.has(auditEvents[action]);
      expect(profiles(event).length, action).toBe(expected ? 1 : 0);
    }
  });

  it("on every kind of record names it", () => {
    for (const type of [...collectionNames, "user", "session", "epoch"]) {
      const id = newId();
      const [data] = exported({ action: "note.revised", resource: { type, id } }).entity;
      expect(data?.what.reference?.endsWith(`/${id}`) || data?.what.identifier?.value === id, type).toBe(
        true,
      );
    }
  });
});

describe("a record", () => {
  const patientId = newId();

  it("of a chart that was opened: who, in which role, from which device, whose", () => {
    const event = exported({ patientId, requestId: newId() });
    expect(profiles(event)).toEqual(["PatientRead"]);
    expect(event).toMatchObject({ action: "R", outcome: "0", recorded: "2026-11-23T10:00:00.000Z" });
    const [person, client] = event.agent;
    expect(person).toMatchObject({
      requestor: true,
      who: { reference: `Practitioner/${user.id}` },
      role: [{ coding: [{ system: "urn:jamemr:role", code: "clinician" }] }],
    });
    expect(client).toMatchObject({ requestor: false, who: { reference: `Device/${user.deviceId}` } });
    expect(event.entity.map(({ what }) => what.reference).filter(Boolean)).toEqual([
      `Patient/${patientId}`,
      `Patient/${patientId}`,
    ]);
  });

  it("that waited in an outbox says when the device claims it was, and marks that as a claim", () => {
    const at = "2026-11-23T08:00:00.000Z";
    expect(exported({ occurredAt: at })).toMatchObject({
      recorded: "2026-11-23T10:00:00.000Z",
      period: { start: at, end: at, extension: [{ url: CLAIMED_TIME, valueBoolean: true }] },
    });
    expect(exported({})).not.toHaveProperty("period");
  });

  it("under break-glass and in an emergency says why it was allowed", () => {
    const reasons = (event: FhirAuditEvent) => event.purposeOfEvent?.map(({ coding }) => coding[0]!.code);
    const breakGlassId = newId();
    const broken = exported({ patientId, breakGlassId });
    expect(reasons(broken)).toEqual(["BTG"]);
    expect(broken.entity.at(-1)!.what.identifier).toEqual({
      system: "urn:jamemr:break-glass",
      value: breakGlassId,
    });
    expect(reasons(exported({ action: "emergency-access.begun" }))).toEqual(["ETREAT"]);
  });

  it("of a denial is a security alert with the reason", () => {
    expect(
      exported({ action: "access.denied", outcome: "denied", reason: "forbidden", permission: "note:read" }),
    ).toMatchObject({ type: { code: "110113" }, outcome: "8", outcomeDesc: "forbidden" });
  });

  it("of a paper for the patient is a disclosure to the patient", () => {
    const event = exported({ action: "looks.printed", patientId, resource: { type: "staff", id: user.id } });
    expect(profiles(event)).toEqual(["PrivacyDisclosure.Source"]);
    expect(event.agent.some(({ who }) => who?.reference === `Patient/${patientId}`)).toBe(true);
  });

  it("of what a locked-out person's device delivered names the person as author", () => {
    const onBehalfOf = newId();
    const event = exported({ action: "note.revised", actor: { type: "device", id: newId() }, onBehalfOf });
    expect(event.agent[0]).toMatchObject({
      who: { reference: `Practitioner/${onBehalfOf}` },
      requestor: true,
    });
  });

  it("keeps everything that the log says of it", () => {
    const whole = record({
      patientId,
      namedPatientId: newId(),
      deviceSeq: 12,
      permission: "note:read",
      route: "GET /api/notes/{id}",
      changed: ["phone", "sex"],
      waits: ["sex"],
      before: "b1",
      after: "a1",
      formerEpoch: newId(),
      approvalId: newId(),
      breakGlassId: newId(),
      requestId: newId(),
      colleagueId: newId(),
      onBehalfOf: newId(),
      purpose: "merge",
      reason: "why",
      occurredAt: "2026-11-23T08:00:00.000Z",
      resource: { type: "note", id: newId(), version: 2 },
      ai: { model: "m1", distance: 4 },
      search: { filters: { action: "d1" }, records: 31, format: "csv" },
    });
    const said = JSON.stringify(toAuditEvent(whole, practice));
    const values = (one: unknown): unknown[] =>
      typeof one === "object" && one !== null ? Object.values(one).flatMap(values) : [one];
    const elsewhere = new Set(["ok", "user", "note"]); // an outcome, a kind of agent and of resource have codes there
    for (const value of values(whole))
      if (!elsewhere.has(String(value))) expect(said).toContain(String(value));
    expect(faultsOf(JSON.parse(said))).toEqual([]);
  });
});

interface Loose {
  recorded?: string;
  source: { observer?: unknown };
  agent: unknown[];
  entity: unknown[];
}

describe("the check itself", () => {
  const patientId = newId();
  const good = () => JSON.parse(JSON.stringify(exported({ patientId }))) as Loose;
  it.each<[string, (event: Loose) => void]>([
    ["no time", (event) => delete event.recorded],
    ["an unknown outcome", (event) => Object.assign(event, { outcome: "1" })],
    ["a failure under a profile of successes", (event) => Object.assign(event, { outcome: "8" })],
    ["no agent", (event) => Object.assign(event, { agent: [] })],
    ["no observer", (event) => delete event.source.observer],
    ["two patients", (event) => event.entity.push(event.entity[1])],
    ["no patient", (event) => event.entity.splice(1, 1)],
    ["no server", (event) => event.agent.pop()],
    ["an element that FHIR has not", (event) => Object.assign(event, { patient: patientId })],
    ["an empty text", (event) => Object.assign(event, { outcomeDesc: "" })],
  ])("sees %s", (_, spoil) => {
    const event = good();
    expect(faultsOf(event)).toEqual([]);
    spoil(event);
    expect(faultsOf(event)).not.toEqual([]);
  });
});
