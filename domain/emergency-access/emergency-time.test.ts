import { expect, test } from "vitest";
import { type EmergencyUse, emergencyEnd, emergencyLeft, emergencyUntil } from "./index.ts";

const HOUR = 3_600_000;
const contactAt = Date.UTC(2026, 10, 20, 18);
const used = (...hours: number[]): EmergencyUse => ({
  contactAt,
  begun: hours.map((hour) => contactAt + hour * HOUR),
});

test("three times between two contacts, and none a week after the last", () => {
  expect(emergencyLeft(used(), contactAt + 48 * HOUR)).toBe(3);
  expect(emergencyLeft(used(48, 60), contactAt + 70 * HOUR)).toBe(1);
  expect(emergencyLeft(used(48, 60, 70), contactAt + 80 * HOUR)).toBe(0);
  expect(emergencyLeft(used(), contactAt + 7 * 24 * HOUR - 1)).toBe(3);
  expect(emergencyLeft(used(), contactAt + 7 * 24 * HOUR)).toBe(0);
});

test("four hours, and never beyond the week", () => {
  expect(emergencyUntil(used(), contactAt + 48 * HOUR)).toBeNull();
  expect(emergencyUntil(used(48), contactAt + 50 * HOUR)).toBe(contactAt + 52 * HOUR);
  expect(emergencyUntil(used(48), contactAt + 52 * HOUR)).toBeNull();
  expect(emergencyEnd(contactAt, contactAt + 7 * 24 * HOUR - HOUR)).toBe(contactAt + 7 * 24 * HOUR);
});
