import { describe, expect, it } from "vitest";
import { concatBytes, fromBase64Url, fromHex, toBase64Url, toHex, utf8 } from "./bytes.ts";
import { canonical, digest, sha256Hex } from "./canonical.ts";
import { every, sleep, useClock } from "./clock.ts";
import { deriveId, idSchema, newId } from "./id.ts";
import {
  addDays,
  addMinutes,
  ageOn,
  dateIn,
  dateSchema,
  instantIn,
  instantSchema,
  timeIn,
  zoneSchema,
} from "./instant.ts";

describe("ids", () => {
  it("sort by the time they were made, and are version 7", () => {
    const ids: string[] = [];
    let time = Date.parse("2027-01-01T00:00:00Z");
    for (let i = 0; i < 200; i++) {
      const restore = useClock({ now: () => time });
      ids.push(newId());
      restore();
      time += 1 + i * i * 1000;
    }
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(200);
  });

  it("that follow from others are the same for ever, and differ with every part", () => {
    // Stored in every practice: these may never change.
    expect(deriveId("encounter", "0198a000-0000-7000-8000-000000000001")).toBe(
      "e47dd7bb-8385-899e-b255-99af3699cf76",
    );
    expect(deriveId("note", "0198a000-0000-7000-8000-000000000001")).toBe(
      "20e69538-c08e-8ce7-9352-2f9ccb498cfe",
    );
    expect(deriveId("a", "b", "c")).not.toBe(deriveId("a", "bc"));
    expect(deriveId("a", "b", "c")).not.toBe(deriveId("ab", "c"));
    expect(idSchema.safeParse(deriveId("x")).success).toBe(true);
  });

  it.each(["", "x", newId().toUpperCase(), `${newId()} `, `{${newId()}}`, `${newId()}\n`])(
    "refuse %j",
    (text) => {
      expect(idSchema.safeParse(text).success).toBe(false);
    },
  );
});

describe("canonical JSON (RFC 8785)", () => {
  it("is what the RFC's examples say", () => {
    const example = {
      numbers: JSON.parse(
        "[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]",
      ) as number[],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
      literals: [null, true, false],
    };
    expect(canonical(example)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    // Names sort by UTF-16 code units, not by code points.
    const names = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\u{1f600}": 5, "\u0080": 6, "\u00f6": 7 };
    expect(canonical(names)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
    expect(canonical([-0, 1e21, 1e-7, Number.MAX_SAFE_INTEGER, 5e-324])).toBe(
      "[0,1e+21,1e-7,9007199254740991,5e-324]",
    );
  });

  it("does not depend on the order in which members were written, and refuses what JSON cannot hold", () => {
    expect(digest({ b: 1, a: { d: 2, c: [1, 2] } })).toBe(digest({ a: { c: [1, 2], d: 2 }, b: 1 }));
    expect(digest({ a: [1, 2] })).not.toBe(digest({ a: [2, 1] }));
    for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, "\ud800", { a: "\udc00" }])
      expect(() => canonical(value)).toThrow();
    expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});

describe("bytes", () => {
  it("survive hexadecimal and base64url", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    expect(fromHex(toHex(bytes))).toEqual(bytes);
    expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
    expect(toBase64Url(utf8("??>"))).toBe("Pz8-");
    expect(concatBytes(utf8("a"), utf8(""), utf8("bc"))).toEqual(utf8("abc"));
    for (const text of ["a", "zz", "0x"]) expect(() => fromHex(text)).toThrow(RangeError);
    for (const text of ["a+b", "a=", "ä"]) expect(() => fromBase64Url(text)).toThrow(RangeError);
  });
});

describe("wall-clock times", () => {
  const zone = "America/New_York";

  it.each([
    // Spring: 02:30 does not exist, the clock goes from 02:00 to 03:00.
    ["2027-03-14", "01:59", "2027-03-14T06:59:00.000Z"],
    ["2027-03-14", "02:30", "2027-03-14T07:30:00.000Z"],
    ["2027-03-14", "03:00", "2027-03-14T07:00:00.000Z"],
    // Autumn: 01:30 comes twice, the first is meant.
    ["2027-11-07", "01:30", "2027-11-07T05:30:00.000Z"],
    ["2027-11-07", "00:59", "2027-11-07T04:59:00.000Z"],
    ["2027-11-07", "02:00", "2027-11-07T07:00:00.000Z"],
    ["2027-01-12", "09:15", "2027-01-12T14:15:00.000Z"],
    ["2027-07-12", "09:15", "2027-07-12T13:15:00.000Z"],
    ["2027-01-01", "00:00", "2027-01-01T05:00:00.000Z"],
  ])("%s %s in New York is %s", (date, time, expected) => {
    expect(instantIn(zone, date, time)).toBe(expected);
  });

  it("come back as they were in every zone and hour of a year, where they exist once", () => {
    for (const name of [
      "America/New_York",
      "Europe/Berlin",
      "Australia/Lord_Howe",
      "Asia/Kolkata",
      "Pacific/Apia",
      "UTC",
    ])
      for (let day = 0; day < 366; day++)
        for (const time of ["00:00", "06:30", "12:15", "23:45"]) {
          const date = addDays("2027-01-01", day);
          const at = instantIn(name, date, time);
          const back = `${dateIn(name, at)} ${timeIn(name, at)}`;
          if (name === "Pacific/Apia" || time === "00:00") expect(back.slice(0, 10)).toBe(date);
          else expect(back, name).toBe(`${date} ${time}`);
        }
  });

  it("know the day where they are", () => {
    expect(dateIn(zone, "2027-01-13T04:59:59Z")).toBe("2027-01-12");
    expect(dateIn(zone, "2027-01-13T05:00:00Z")).toBe("2027-01-13");
    expect(timeIn(zone, "2027-01-13T05:00:00Z")).toBe("00:00");
    expect(addMinutes("2027-12-31T23:50:00.000Z", 20)).toBe("2028-01-01T00:10:00.000Z");
    expect([ageOn("2000-02-29", "2027-02-28"), ageOn("2000-02-29", "2027-03-01")]).toEqual([26, 27]);
  });

  it("are those of the runtime's zone data, up to the second at which a zone changes", () => {
    const some = Intl.supportedValuesOf("timeZone").filter((_, index) => index % 9 === 0);
    for (const name of [...some, "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]) {
      const asked = new Intl.DateTimeFormat("en-CA", {
        timeZone: name,
        hourCycle: "h23",
        dateStyle: "short",
        timeStyle: "short",
      });
      const years = Array.from({ length: 24 }, (_, turn) =>
        Date.UTC(2025, turn, 1 + turn, turn, 7 * turn, turn),
      );
      // Clocks change in these nights in North America, Europe, Australia and on Lord Howe Island.
      const nights = ["2026-03-08", "2026-03-29", "2026-04-04", "2026-10-03", "2026-11-01"].flatMap((date) =>
        Array.from({ length: 49 }, (_, half) => Date.parse(`${date}T00:00:00Z`) + half * 1_800_000 - 1),
      );
      for (const at of [...years, ...nights])
        expect(`${dateIn(name, at)}, ${timeIn(name, at)}`, `${name} ${at}`).toBe(asked.format(at));
    }
  });
});

describe("dates and instants", () => {
  it.each([
    "2027-02-30T10:00:00Z",
    "2027-02-29T10:00:00Z",
    "2027-13-01T00:00:00Z",
    "2027-01-32T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "2027-01-01T25:00:00Z",
    "2027-01-01T10:60:00Z",
    "2027-01-01 10:00:00Z",
    "2027-01-01T10:00:00",
    "2027-01-01T10:00:00+01:00",
    "2027-04-31T00:00:00.000Z",
    "+002027-01-01T00:00:00Z",
    "",
  ])("refuse the instant %j", (text) => expect(instantSchema.safeParse(text).success).toBe(false));
  it.each([
    "2027-02-29",
    "2027-02-30",
    "2027-00-10",
    "2027-1-1",
    "0000-01-01",
    "27-01-01",
    "2027-01-01T00:00:00Z",
  ])("refuse the date %j", (text) => expect(dateSchema.safeParse(text).success).toBe(false));
  it("take real ones and write them alike", () => {
    expect(instantSchema.parse("2028-02-29T10:00:00Z")).toBe("2028-02-29T10:00:00.000Z");
    expect(instantSchema.parse("2027-12-31T23:59:59.999999Z")).toBe("2027-12-31T23:59:59.999Z");
    expect(dateSchema.parse("2028-02-29")).toBe("2028-02-29");
    expect(zoneSchema.safeParse("America/New_York").success).toBe(true);
    for (const zone of ["Mars/Olympus", "", "x".repeat(80)])
      expect(zoneSchema.safeParse(zone).success).toBe(false);
  });
});

describe("the clock", () => {
  it("runs a repeated task one after the other until it is stopped, and wakes sleepers on abort", async () => {
    const timers: (() => void)[] = [];
    const restore = useClock({
      after: (_, task) => {
        timers.push(task);
        return () => void timers.splice(timers.indexOf(task), 1);
      },
    });
    try {
      let runs = 0;
      const stop = every(1000, () => void runs++);
      for (let i = 0; i < 3; i++) {
        timers.shift()!();
        await Promise.resolve();
        await Promise.resolve();
      }
      expect(runs).toBe(3);
      stop();
      expect(timers).toEqual([]);
      const abort = new AbortController();
      const sleeping = sleep(1000, abort.signal);
      abort.abort();
      await sleeping;
      expect(timers).toEqual([]);
      await sleep(1000, abort.signal);
    } finally {
      restore();
    }
  });
});
