import { describe, expect, it } from "vitest";
import { placed, sideBySide } from "./lanes.ts";

const booked = (id: string, time: string, minutes: number, lane = 0, status = "booked" as const) => ({
  id,
  clinicianId: "c",
  start: `2027-01-12T${time}:00.000Z`,
  minutes,
  lane,
  status,
});

describe("lanes", () => {
  it("stand side by side only where cards share a time", () => {
    const held = placed([
      booked("a", "14:00", 30),
      booked("b", "14:15", 15, 1),
      booked("c", "14:30", 15),
      booked("d", "15:00", 15),
    ]);
    expect(Object.fromEntries(sideBySide(held))).toEqual({
      a: { index: 0, count: 2 },
      b: { index: 1, count: 2 },
      c: { index: 0, count: 1 },
      d: { index: 0, count: 1 },
    });
  });

  it("put what still waits here behind what the clinic confirmed, and leave out who does not come", () => {
    const held = placed(
      [
        booked("waiting", "14:00", 15),
        booked("confirmed", "14:00", 15),
        booked("gone", "14:00", 15, 0, "no-show" as never),
      ],
      new Set(["waiting"]),
    );
    expect(held.map(({ appointment, lane }) => [appointment.id, lane])).toEqual([
      ["confirmed", 0],
      ["waiting", 1],
    ]);
  });
});
