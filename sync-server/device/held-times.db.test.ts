import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { DeviceTimes } from "#domain/operations/dashboard.ts";
import { workingHoursIdOf } from "#domain/working-hours/index.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { booking, people } from "../testing/visit.ts";

let practice: TestPractice;
beforeAll(async () => {
  practice = await openTestPractice();
  const admin = await atWork(practice, "admin");
  for (const clinicianId of [people.clinician, people.clinician2])
    for (const weekday of [0, 1, 2, 3, 4, 5, 6])
      await admin.does("working-hours.set", {
        id: workingHoursIdOf(clinicianId, weekday),
        clinicianId,
        weekday,
        spans: [{ from: "08:00", to: "17:00" }],
        capacity: 1,
      });
});
afterAll(() => practice.close());

const path = "/api/devices/held-times";
const listed = async (who: TestSession) =>
  (await practice.request<{ devices: DeviceTimes[] }>(who, "GET", path)).body.devices;
const of = async (who: TestSession, { session }: AtWork) =>
  (await listed(who)).find(({ id }) => id === session.deviceId);
const giveBack = (who: TestSession, id: string) =>
  practice.request(who, "POST", `/api/devices/${id}/give-back-times`, {});

/** A time of a day to come that the desk holds. */
async function heldTime({ session }: AtWork): Promise<{ clinicianId: string; start: string }> {
  const [lease] = await practice.owner<{ clinician_id: string; start: Date }>(
    "select clinician_id, start from slot_lease where device_id = $1 and status = 'held' order by start desc limit 1",
    [session.deviceId],
  );
  return { clinicianId: lease!.clinician_id, start: lease!.start.toISOString() };
}

describe("times that a desk's device holds", () => {
  it("are seen by practice IT and the desk: which device, how many, since when, until when, last heard of", async () => {
    const began = now();
    const [desk, engineer] = [await atWork(practice, "frontdesk"), await practice.signIn("it")];
    const seen = await of(engineer, desk);
    expect(seen).toMatchObject({
      name: "test tablet",
      until: desk.session.session.offlineUntil,
      isOwn: false,
    });
    expect(seen!.times).toBeGreaterThan(8);
    expect(Date.parse(seen!.since)).toBeGreaterThanOrEqual(began - 1000);
    expect(seen!.lastContactAt).not.toBeNull();
    expect(Object.keys(seen!).sort()).toEqual(
      ["id", "isOwn", "lastContactAt", "name", "since", "times", "until"], // no clinician, and no hour
    );
    expect(await of(desk.session, desk)).toMatchObject({ isOwn: true, times: seen!.times });
    // A contact prolongs them; since when stays.
    await practice.signIn("frontdesk", { device: desk.session.deviceId });
    expect(await of(engineer, desk)).toMatchObject({ since: seen!.since });
  });

  it("are given back for a device that is put away, each with its record, and everybody can book them", async () => {
    const [desk, engineer] = [await atWork(practice, "frontdesk"), await practice.signIn("it")];
    const time = await heldTime(desk);
    const { times } = (await of(engineer, desk))!;
    const other = await atWork(practice, "nurse");
    expect(await other.does("appointment.book", booking(time))).toBe("slot_held");
    const before = await practice.head();
    expect((await giveBack(engineer, desk.session.deviceId)).status).toBe(204);
    expect(await of(engineer, desk)).toBeUndefined();
    const actor = { id: engineer.user.id, role: "practice-it" };
    const ended = { action: "slot-lease.ended", reason: "put_away", actor, resource: { type: "slot-lease" } };
    expect(await practice.audit(before)).toMatchObject([
      ...Array.from({ length: times }, () => ended),
      { action: "device.times_given_back", actor, resource: { type: "device", id: desk.session.deviceId } },
    ]);
    expect(await other.does("appointment.book", booking(time))).toBe("applied");
    // Twice is once, and one that is in use after all has times again with its next contact.
    expect((await giveBack(engineer, desk.session.deviceId)).status).toBe(204);
    await practice.signIn("frontdesk", { device: desk.session.deviceId });
    expect((await of(engineer, desk))!.times).toBeGreaterThan(0);
  });

  it("that were promised there all the same, and went to somebody else, become a call back", async () => {
    const [desk, colleague] = [await atWork(practice, "frontdesk"), await atWork(practice, "frontdesk2")];
    const time = await heldTime(desk);
    await giveBack(colleague.session, desk.session.deviceId);
    expect(await colleague.does("appointment.book", booking(time))).toBe("applied");
    const late = await desk.result("appointment.book", booking({ id: newId(), ...time }));
    expect(late).toMatchObject({ code: "slot_taken", detail: { callBack: expect.any(String) } });
  });

  it("are nobody's business at the chart, and go with the device", async () => {
    const [desk, engineer] = [await atWork(practice, "frontdesk"), await practice.signIn("it")];
    for (const username of ["clinician", "nurse", "privacy"]) {
      const who = await practice.signIn(username);
      expect((await practice.request(who, "GET", path)).status, username).toBe(403);
      expect((await giveBack(who, desk.session.deviceId)).status, username).toBe(403);
    }
    expect((await of(engineer, desk))!.times).toBeGreaterThan(0);
    expect((await giveBack(engineer, newId())).body.code).toBe("not_found");
    await practice.request(engineer, "POST", `/api/devices/${desk.session.deviceId}/revoke`, {});
    expect(await of(engineer, desk)).toBeUndefined();
  });
});
