import { afterAll, beforeAll, expect, it } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";

let practice: TestPractice;

beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

const name = async (who: TestSession, id: string, words: unknown) => {
  const answer = await practice.request<{ code?: string }>(who, "POST", `/api/devices/${id}/name`, {
    name: words,
  });
  return answer.body?.code ?? answer.status;
};

it("is named by those who look after devices, and the log says by whom and what it was called before", async () => {
  const tablet = await practice.signIn("nurse");
  const [was] = await practice.owner("select name from device where id = $1", [tablet.deviceId]);
  const before = await practice.head();
  expect(await name(await practice.signIn("admin"), tablet.deviceId, "  Exam 2 tablet ")).toBe(204);
  expect(await practice.owner("select name from device where id = $1", [tablet.deviceId])).toEqual([
    { name: "Exam 2 tablet" },
  ]);
  const records = (await practice.audit(before)).filter(({ action }) => action === "device.named");
  expect(records).toMatchObject([
    {
      actor: { role: "administrator" },
      outcome: "ok",
      resource: { type: "device", id: tablet.deviceId },
      before: was!.name,
      after: "Exam 2 tablet",
    },
  ]);
  // Saved without a change: nothing to record, and no failure.
  const after = await practice.head();
  expect(await name(await practice.signIn("admin"), tablet.deviceId, "Exam 2 tablet")).toBe(204);
  expect((await practice.audit(after)).filter(({ action }) => action === "device.named")).toEqual([]);
  // The same person signs in again: the name stays.
  await practice.signIn("nurse", { device: tablet.deviceId });
  const listed = await practice.request<{ devices: { id: string; name: string }[] }>(
    await practice.signIn("it"),
    "GET",
    "/api/devices",
  );
  expect(listed.body.devices.find(({ id }) => id === tablet.deviceId)?.name).toBe("Exam 2 tablet");
});

it("is not named by the people who work on it, nor without a word, nor when there is none", async () => {
  const tablet = await practice.signIn("clinician");
  for (const who of ["clinician", "nurse", "frontdesk", "privacy"])
    expect(await name(await practice.signIn(who), tablet.deviceId, "Mine")).toBe("forbidden");
  const engineer = await practice.signIn("it");
  expect(await name(engineer, tablet.deviceId, "  ")).toBe("malformed_request");
  expect(await name(engineer, newId(), "Exam 3 tablet")).toBe("not_found");
});
