import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { monotonic, now, useClock } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { addDays, addMinutes, dateIn } from "#domain/kernel/instant.ts";
import { leaseDays, leasesPerDay } from "#domain/slot-lease/index.ts";
import { workingHoursIdOf } from "#domain/working-hours/index.ts";
import { type AtWork, atWork } from "../testing/at-work.ts";
import { testClient } from "../testing/test-client.ts";
import { mutation, openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { booking, people } from "../testing/visit.ts";

let practice: TestPractice;
let restore: () => void;
const zone = "America/New_York";
const HOUR = 3_600_000;
/** How far the played clock is ahead: it begins on a Tuesday morning. */
let ahead = 0;
beforeAll(async () => {
  const tuesday = Date.parse("2033-01-11T13:00:00Z") - Math.round(monotonic());
  restore = useClock({ now: () => tuesday + Math.round(monotonic()) + ahead });
  practice = await openTestPractice();
  const admin = await atWork(practice, "admin");
  for (const clinicianId of [people.clinician, people.clinician2])
    for (const weekday of [1, 2, 3, 4, 5])
      await admin.does("working-hours.set", {
        id: workingHoursIdOf(clinicianId, weekday),
        clinicianId,
        weekday,
        spans: [
          { from: "08:00", to: "12:00" },
          { from: "13:00", to: "17:00" },
        ],
        capacity: 1,
      });
});
afterAll(async () => {
  await practice.close();
  restore();
});

interface Lease {
  id: string;
  clinicianId: string;
  start: string;
  minutes: number;
  lane: number;
  until: string;
  status: string;
}
const leasesOf = async (deviceId: string, status = "held"): Promise<Lease[]> => {
  const rows = await practice.owner<Lease & { start: Date; until: Date }>(
    `select id, clinician_id as "clinicianId", start, minutes, lane, until, status from slot_lease
     where device_id = $1 and status = $2 order by start`,
    [deviceId, status],
  );
  return rows.map((row) => ({ ...row, start: row.start.toISOString(), until: row.until.toISOString() }));
};
const inside = ({ clinicianId, start }: Lease, id = newId()) => booking({ id, clinicianId, start });
const records = async (action: string, after = 0) =>
  (await practice.audit(after)).filter((record) => record.action === action);

/** Somebody at a desk of its own, whose leases nothing else of this file touches, and one of its leases. */
async function newDesk(username = "frontdesk"): Promise<AtWork & { readonly leases: readonly Lease[] }> {
  const desk = await atWork(practice, username);
  const leases = await leasesOf(desk.session.deviceId);
  return { ...desk, leases };
}

/** The desk is gone with all it holds: others find room. */
const close = async ({ session }: AtWork) => {
  const officer = await practice.signIn("it");
  const path = `/api/devices/${session.deviceId}/revoke`;
  expect((await practice.request(officer, "POST", path, {})).status).toBeLessThan(300);
};

describe("a desk", () => {
  it("is given times for the coming clinic days with its session, at most four a day, each with its record", async () => {
    const before = await practice.head();
    const { session, leases } = await newDesk();
    const perDay = Map.groupBy(leases, ({ start }) => dateIn(zone, start));
    expect(perDay.size).toBe(leaseDays);
    for (const [date, ofDay] of perDay) {
      expect(ofDay.length, date).toBeLessThanOrEqual(leasesPerDay);
      expect(new Set(ofDay.map(({ clinicianId }) => clinicianId)).size, date).toBeGreaterThan(1);
    }
    expect(perDay.get(addDays(dateIn(zone, now()), 1))).toHaveLength(leasesPerDay);
    for (const { until } of leases) expect(until).toBe(session.session.offlineUntil);
    const granted = await records("slot-lease.granted", before);
    expect(granted.map(({ resource }) => resource?.id).sort()).toEqual(leases.map(({ id }) => id).sort());
    expect(granted[0]).toMatchObject({
      actor: { type: "user", id: session.user.id, deviceId: session.deviceId },
      resource: { type: "slot-lease" },
    });
    await close({ session } as AtWork);
  });

  it("is given no more by another contact, nor by several at once; a used one is replaced by the next", async () => {
    const desk = await newDesk();
    const { deviceId } = desk.session;
    await Promise.all(Array.from({ length: 4 }, () => practice.signIn("frontdesk", { device: deviceId })));
    expect(await leasesOf(deviceId)).toEqual(desk.leases);
    const tomorrow = desk.leases.find(({ start }) => dateIn(zone, start) > dateIn(zone, now()))!;
    expect(await desk.does("appointment.book", inside(tomorrow))).toBe("applied");
    expect(await leasesOf(deviceId)).toHaveLength(desk.leases.length - 1);
    await practice.signIn("frontdesk", { device: deviceId });
    expect(await leasesOf(deviceId)).toHaveLength(desk.leases.length);
    await close(desk);
  });

  it("is one where somebody works as front desk: other roles hold no times", async () => {
    for (const username of ["clinician", "nurse", "admin"])
      expect((await newDesk(username)).leases).toEqual([]);
  });

  it("shares them with every device that has the schedule, and takes them back with the next pull", async () => {
    const desk = await newDesk();
    const [lease] = desk.leases;
    const tablet = testClient(practice, await practice.signIn("clinician"));
    await tablet.pull();
    expect(tablet.published.get(`schedule/${lease!.id}`)?.data).toMatchObject({
      deviceId: desk.session.deviceId,
      start: lease!.start,
      status: "held",
    });
    expect(await desk.does("appointment.book", inside(lease!))).toBe("applied");
    await tablet.pull();
    expect(tablet.published.has(`schedule/${lease!.id}`)).toBe(false);
    await close(desk);
  });
});

describe("a leased time", () => {
  it("is refused to everybody else, with three times that they can book, and told to be held, not taken", async () => {
    const desk = await newDesk();
    const lease = desk.leases.at(-1)!;
    const other = await atWork(practice, "clinician2");
    const refused = await other.result("appointment.book", inside(lease));
    expect(refused).toMatchObject({ status: "conflict", code: "slot_held" });
    const { nearest } = refused.detail as { nearest: string[] };
    expect(nearest).toHaveLength(3);
    const reach = { from: Date.parse(lease.start), to: Date.parse(addMinutes(lease.start, lease.minutes)) };
    for (const time of nearest) {
      expect(Date.parse(time) + 15 * 60_000 <= reach.from || Date.parse(time) >= reach.to).toBe(true);
      expect(await other.does("appointment.book", inside({ ...lease, start: time }))).toBe("applied");
    }
    // A move is judged alike; a time that partly overlaps is held too.
    const mine = booking({ clinicianId: lease.clinicianId });
    await other.does("appointment.book", mine);
    const to = { id: mine.id, clinicianId: lease.clinicianId, minutes: 15 };
    expect(await other.does("appointment.move", { ...to, start: lease.start })).toBe("slot_held");
    expect(await other.does("appointment.move", { ...to, start: addMinutes(lease.start, 20) })).toBe(
      "slot_held",
    );
    await close(desk);
  });

  it("is booked by its own desk in the same commit that uses it up, and is taken then", async () => {
    const desk = await newDesk();
    const lease = desk.leases.at(-1)!;
    const before = await practice.head();
    const args = inside(lease);
    const { seq } = await desk.result("appointment.book", args);
    const [row] = await practice.owner("select lane, start from appointment where id = $1", [args.id]);
    expect(row).toMatchObject({ lane: lease.lane });
    expect((await leasesOf(desk.session.deviceId, "used")).map(({ id }) => id)).toEqual([lease.id]);
    const used = await records("slot-lease.used", before);
    expect(used).toMatchObject([{ resource: { type: "slot-lease", id: lease.id } }]);
    const [{ count } = { count: "" }] = await practice.owner<{ count: string }>(
      "select count(distinct xid)::text as count from audit_log where seq > $1",
      [before],
    );
    expect([count, used[0]!.seq <= seq!]).toEqual(["1", true]);
    const other = await atWork(practice, "nurse");
    expect(await other.does("appointment.book", inside(lease))).toBe("slot_taken");
    // The rest of it is everybody's.
    const rest = { ...lease, start: addMinutes(lease.start, 15) };
    expect(await other.does("appointment.book", inside(rest))).toBe("applied");
    await close(desk);
  });

  it("can be overbooked with a reason (C21), and stays the desk's", async () => {
    const desk = await newDesk();
    const lease = desk.leases.at(-1)!;
    const other = await atWork(practice, "nurse");
    const urgent = { ...inside(lease), overbookReason: "Asked by the clinician" };
    expect(await other.does("appointment.walkIn", { ...urgent, start: lease.start })).toBe("day_not_begun");
    expect(await other.does("appointment.book", urgent)).toBe("applied");
    expect(await desk.does("appointment.book", inside(lease))).toBe("applied");
    await close(desk);
  });

  it("is free for all when its time has run out, with nobody tidying up", async () => {
    const desk = await newDesk();
    const today = dateIn(zone, now());
    const lease = desk.leases.find(({ start }) => dateIn(zone, start) >= addDays(today, 3))!;
    const [first, second] = [inside(lease), inside({ ...lease, start: addMinutes(lease.start, 15) })];
    const began = ahead;
    try {
      ahead += Date.parse(lease.until) - now() - 60_000;
      expect(await (await atWork(practice, "nurse")).does("appointment.book", first)).toBe("slot_held");
      ahead += 2 * 60_000;
      expect(await leasesOf(desk.session.deviceId)).toHaveLength(desk.leases.length);
      expect(await (await atWork(practice, "nurse")).does("appointment.book", first)).toBe("applied");
      // The desk comes back late: what is free it can still have, and the next contact tidies up.
      expect(await (await atWork(practice, "frontdesk")).does("appointment.book", second)).toBe("applied");
      const ended = await leasesOf(desk.session.deviceId, "ended");
      expect(ended.map(({ id }) => id).sort()).toEqual(desk.leases.map(({ id }) => id).sort());
      const [record] = (await records("slot-lease.ended")).filter(
        ({ resource }) => resource?.id === lease.id,
      );
      expect(record).toMatchObject({ reason: "run_out" });
    } finally {
      ahead = began;
    }
  });

  it("is held longer with each contact that lets the desk work offline longer", async () => {
    const began = ahead;
    const desk = await newDesk();
    try {
      ahead += 26 * HOUR;
      const { session } = await practice.signIn("frontdesk", { device: desk.session.deviceId });
      expect(session.offlineUntil > desk.session.session.offlineUntil).toBe(true);
      const kept = await leasesOf(desk.session.deviceId);
      expect(kept.length).toBeGreaterThan(0);
      for (const { until } of kept) expect(until).toBe(session.offlineUntil);
    } finally {
      ahead = began;
    }
    await close(desk);
  });

  it("is free at once when the device is removed from the practice", async () => {
    const desk = await newDesk();
    const lease = desk.leases.at(-1)!;
    await close(desk);
    expect(await leasesOf(desk.session.deviceId)).toEqual([]);
    expect(await (await atWork(practice, "nurse")).does("appointment.book", inside(lease))).toBe("applied");
  });

  it("is given back by its own desk only, once", async () => {
    const [desk, second] = [await newDesk(), await newDesk("frontdesk2")];
    const lease = desk.leases.at(-1)!;
    const { id } = lease;
    expect(await second.does("slot-lease.giveBack", { id })).toBe("not_yours");
    expect(await second.does("slot-lease.giveBack", { id: newId() })).toBe("missing_parent");
    expect(await desk.does("slot-lease.giveBack", { id })).toBe("applied");
    expect(await desk.does("slot-lease.giveBack", { id })).toBe("status_not_forward");
    expect(await second.does("appointment.book", inside(lease))).toBe("applied");
    await close(desk);
    await close(second);
  });

  it("wanted by many at once goes to its desk, and to one booking of it (I8)", async () => {
    const desk = await newDesk();
    const lease = desk.leases.at(-1)!;
    const others = await Promise.all(
      ["nurse", "clinician", "frontdesk2"].map((name) => atWork(practice, name)),
    );
    const answers = await Promise.all([
      practice.push(desk.session, [mutation(desk.session, 1, "appointment.book", inside(lease))]),
      ...others.map((other) => other.result("appointment.book", inside(lease))),
    ]);
    const [mine, ...theirs] = answers;
    expect(mine).toMatchObject({ results: [{ status: "applied" }] });
    for (const one of theirs) expect(["slot_taken", "slot_held"]).toContain(Reflect.get(one!, "code"));
    const overlaps = await practice.owner(`select 1 from slot_lease l join appointment a
      on a.clinician_id = l.clinician_id and a.lane = l.lane and l.status = 'held'
      and a.status not in ('cancelled', 'no-show')
      and a.start < l.start + make_interval(mins => l.minutes) and l.start < a.start + make_interval(mins => a.minutes)
      where l.until > to_timestamp(${now() / 1000})`);
    expect(overlaps).toEqual([]);
  });

  it("is granted to one desk each when many begin at once, and never where somebody is being booked", async () => {
    const began = ahead;
    ahead += 14 * 24 * HOUR;
    try {
      const booker = await atWork(practice, "clinician");
      const start = new Date(Math.floor(now() / (24 * HOUR)) * 24 * HOUR + (24 + 13) * HOUR).toISOString();
      await Promise.all([
        ...["frontdesk", "frontdesk2", "frontdesk", "frontdesk2"].map((name) => newDesk(name)),
        (async () => {
          for (let k = 0; k < 16; k++)
            await booker.does(
              "appointment.book",
              booking({ start: addMinutes(start, k * 30), clinicianId: booker.session.user.id }),
            );
        })(),
      ]);
      const overlaps = await practice.owner(`select 1 from slot_lease l join appointment a
        on a.clinician_id = l.clinician_id and a.lane = l.lane and l.status = 'held'
        and a.status not in ('cancelled', 'no-show')
        and a.start < l.start + make_interval(mins => l.minutes) and l.start < a.start + make_interval(mins => a.minutes)`);
      expect(overlaps).toEqual([]);
    } finally {
      ahead = began;
    }
  });
});
