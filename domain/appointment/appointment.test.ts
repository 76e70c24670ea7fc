import { expect, it } from "vitest";
import { type AppointmentStatus, roomsByWriting } from "./index.ts";

const step = (status: AppointmentStatus) => ({ status, at: "2027-01-12T14:15:00.000Z", by: "" });
const after = (...statuses: AppointmentStatus[]) => ({
  status: statuses.at(-1)!,
  trail: statuses.map(step),
});

it("C21 a note that is begun early brings nobody to a room who was not checked in", () => {
  expect(roomsByWriting(after("booked"))).toBe(false);
  expect(roomsByWriting(after("booked", "confirmed"))).toBe(false);
  expect(roomsByWriting(after("booked", "arrived"))).toBe(true);
});

it("C21 a rooming that was taken back is not made again by the next key", () => {
  const backInTheWaitingRoom = { ...after("booked", "arrived", "roomed", "arrived") };
  expect(roomsByWriting(backInTheWaitingRoom)).toBe(false);
  expect(roomsByWriting(after("booked", "arrived", "roomed", "done"))).toBe(false);
});
