import { describe, expect, it } from "vitest";
import { can } from "../access/can.ts";
import { roles } from "../access/roles.ts";
import { mayOpenChart, type ScopeFacts, scope, streams } from "../access/scope.ts";
import { newId } from "../kernel/id.ts";
import { instant } from "../kernel/instant.ts";
import { type BreakGlass, breakGlass, breakGlassEnd, isGlassBroken, reviewDue } from "./index.ts";

const begun = Date.UTC(2026, 10, 20, 18);
const [userId, deviceId, patientId, member] = [newId(), newId(), newId(), newId()];
const glass: BreakGlass = {
  id: newId(),
  patientId,
  userId,
  deviceId,
  role: "clinician",
  reason: "emergency",
  words: "Unconscious in the waiting room",
  begunAt: instant(begun),
  until: instant(breakGlassEnd(begun)),
  endedAt: null,
};
const reader = { id: userId, role: "clinician", deviceId };

describe("a broken glass", () => {
  it("is open for an hour, to one person in one role on one device", () => {
    expect(isGlassBroken(glass, reader, begun)).toBe(true);
    expect(isGlassBroken(glass, reader, begun + 3_600_000 - 1)).toBe(true);
    expect(isGlassBroken(glass, reader, begun + 3_600_000)).toBe(false);
    expect(isGlassBroken({ ...glass, endedAt: instant(begun + 1) }, reader, begun + 2)).toBe(false);
    expect(isGlassBroken(glass, { ...reader, id: member }, begun)).toBe(false);
    expect(isGlassBroken(glass, { ...reader, role: "nurse" }, begun)).toBe(false);
    expect(isGlassBroken(glass, { ...reader, deviceId: newId() }, begun)).toBe(false);
    expect(isGlassBroken(glass, { ...reader, deviceId: null }, begun)).toBe(false);
  });

  it("ends once, when the person says so", () => {
    const stamp = {
      mutationId: newId(),
      at: instant(begun + 60_000),
      actor: userId,
      role: "clinician",
    } as const;
    const { apply } = breakGlass.mutations.end;
    const ended = apply(glass, { id: glass.id }, stamp);
    expect(ended?.endedAt).toBe(stamp.at);
    expect(apply(ended, { id: glass.id }, { ...stamp, at: instant(begun + 120_000) })?.endedAt).toBe(
      stamp.at,
    );
    expect(apply(undefined, { id: glass.id }, stamp)).toBeUndefined();
    expect(breakGlass.stream(glass)).toBe(streams.tasks(userId, "clinical"));
    expect(breakGlass.stream(ended!)).toBeNull();
  });

  it("is for clinicians and nurses to break and for the privacy officer to review; for no token", () => {
    const may = (action: "break-glass:begin" | "break-glass:review") =>
      roles.filter((role) => can({ type: "user", id: userId, role, deviceId }, action).allowed);
    expect(may("break-glass:begin")).toEqual(["clinician", "nurse"]);
    expect(may("break-glass:review")).toEqual(["privacy-officer"]);
    const token = { type: "token", id: "t", scopes: ["fhir:bulk", "ai:work", "results:write"] } as const;
    for (const action of ["break-glass:begin", "break-glass:review"] as const)
      expect(can(token as never, action).allowed).toBe(false);
  });
});

describe("what a device may hold", () => {
  const other = newId();
  const facts: ScopeFacts = {
    userId,
    role: "clinician",
    deviceId,
    todayPatientIds: [patientId, other],
    seenPatientIds: [patientId, other],
    openedPatientIds: [],
    restricted: new Map([
      [patientId, [member]],
      [other, [member]],
    ]),
    brokenGlassPatientIds: [],
  };
  const charts = (change: Partial<ScopeFacts>) =>
    scope({ ...facts, ...change }).filter((stream) => stream.startsWith("chart:"));

  it("is that one chart, and no other restricted one", () => {
    expect(charts({})).toEqual([]);
    expect(charts({ brokenGlassPatientIds: [patientId] })).toEqual([streams.chart(patientId)]);
    expect(mayOpenChart(userId, [member])).toBe(false);
    expect(mayOpenChart(userId, [member], true)).toBe(true);
  });

  it("is nothing for a role without charts, whatever stands somewhere", () => {
    for (const role of roles.filter((one) => one !== "clinician" && one !== "nurse"))
      expect(charts({ role, brokenGlassPatientIds: [patientId] }), role).toEqual([]);
  });
});

describe("the review", () => {
  const weekdays = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, spans: [{ from: "09:00", to: "17:00" }] }));
  const zone = "America/New_York";

  it("is due at the end of the third working day", () => {
    // A Monday, and a Thursday late in the evening whose day is Friday already in Greenwich.
    expect(reviewDue("2026-11-16T15:00:00.000Z", zone, weekdays)).toBe("2026-11-20T05:00:00.000Z");
    expect(reviewDue("2026-11-20T03:00:00.000Z", zone, weekdays)).toBe("2026-11-25T05:00:00.000Z");
    expect(reviewDue("2026-11-21T15:00:00.000Z", zone, weekdays)).toBe("2026-11-26T05:00:00.000Z");
  });

  it("counts the days on which the practice works, and Monday to Friday where nobody says", () => {
    const saturdays = [{ weekday: 6, spans: [{ from: "09:00", to: "12:00" }] }];
    expect(reviewDue("2026-11-20T15:00:00.000Z", zone, [...weekdays, ...saturdays])).toBe(
      "2026-11-25T05:00:00.000Z",
    );
    expect(reviewDue("2026-11-20T15:00:00.000Z", zone, [])).toBe("2026-11-26T05:00:00.000Z");
    expect(reviewDue("2026-11-20T15:00:00.000Z", zone, [{ weekday: 7, spans: [] }])).toBe(
      "2026-11-26T05:00:00.000Z",
    );
  });
});
