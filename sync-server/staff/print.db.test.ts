import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { atWork } from "../testing/at-work.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { people } from "../testing/visit.ts";

let practice: TestPractice;
beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

describe("C29: what is printed is in the log", () => {
  it("the appointments of a day: who, in which role, on which device, and when the device says it was", async () => {
    const desk = await atWork(practice, "frontdesk");
    const { id } = desk.session.user;
    const before = await practice.head();
    const at = "2026-11-20T14:00:00.000Z";
    expect(await desk.does("staff.printDay", { id, day: "2026-11-20" }, { at })).toBe("applied");
    expect(await practice.audit(before)).toMatchObject([
      {
        action: "day-sheet.printed",
        outcome: "ok",
        occurredAt: at,
        actor: { id, role: "front-desk", deviceId: desk.session.deviceId },
      },
    ]);
  });

  it("who looked at a chart: with its patient, by the privacy officer alone", async () => {
    const privacy = await atWork(practice, "privacy");
    const patientId = people.patient(3);
    const before = await practice.head();
    const printed = { id: privacy.session.user.id, patientId };
    expect(await privacy.does("staff.printLooks", printed)).toBe("applied");
    expect(await practice.audit(before)).toMatchObject([{ action: "looks.printed", patientId }]);
    expect(await privacy.does("staff.printLooks", { ...printed, patientId: newId() })).toBe("missing_parent");
    for (const login of ["security", "nurse"]) {
      const other = await atWork(practice, login);
      expect(await other.does("staff.printLooks", { id: other.session.user.id, patientId })).toBe(
        "forbidden",
      );
    }
  });

  it("in nobody else's name, and not by who may not see it", async () => {
    const desk = await atWork(practice, "frontdesk");
    expect(await desk.does("staff.printDay", { id: people.nurse, day: "2026-11-20" })).toBe("not_yours");
    const officer = await atWork(practice, "privacy");
    const own = { id: officer.session.user.id, day: "2026-11-20" };
    expect(await officer.does("staff.printDay", own)).toBe("forbidden");
  });
});
