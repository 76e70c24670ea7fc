import { afterEach, expect, test } from "vitest";
import { useClock } from "#domain/kernel/clock.ts";
import { deviceProof, newDeviceIdentity } from "./device-identity.ts";

let restore = () => {};
afterEach(() => restore());

test("a proof is made at the clinic's time, however wrong this clock is", async () => {
  const clinic = Date.UTC(2027, 0, 12, 14);
  const ahead = 215 * 86_400;
  restore = useClock({ now: () => clinic + ahead * 1000 });
  const identity = await newDeviceIdentity("Exam 2 tablet");
  const request = { practiceId: "practice", method: "POST", url: "https://clinic.test/api/sync/deliver" };
  const iatOf = async (skew: number) => {
    const body = (await deviceProof(identity, { ...request, skew })).split(".")[1] ?? "";
    return (JSON.parse(Buffer.from(body, "base64url").toString()) as { iat: number }).iat;
  };
  expect(await iatOf(ahead)).toBe(clinic / 1000);
  expect(await iatOf(0)).toBe(clinic / 1000 + ahead);
});
