import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { newId } from "#domain/kernel/id.ts";
import { atWork } from "../testing/at-work.ts";
import { testClient } from "../testing/test-client.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";

let practice: TestPractice;
beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

it("a chart that is opened while the tablet listens is told of at once, on that tablet only", async () => {
  const [desk, nurse] = [await atWork(practice, "frontdesk"), await atWork(practice, "nurse")];
  const patientId = newId();
  const registered = { id: patientId, givenName: "New", familyName: "Trial-Chart", birthDate: "1970-01-01" };
  expect(await desk.does("patient.register", registered)).toBe("applied");
  const aborts: AbortController[] = [];
  const listen = async (username: string) => {
    const session = await practice.signIn(username);
    const abort = new AbortController();
    aborts.push(abort);
    const response = await practice.app.request("http://localhost:8080/api/sync/events", {
      headers: { authorization: `Bearer ${session.accessToken}` },
      signal: abort.signal,
    });
    const heard = { text: "", session };
    void (async () => {
      for await (const chunk of response.body!) heard.text += Buffer.from(chunk as Uint8Array).toString();
    })().catch(() => {});
    await vi.waitFor(() => expect(heard.text).toContain("connected"));
    return heard;
  };
  const [opens, other, atDesk] = [
    await listen("clinician"),
    await listen("clinician2"),
    await listen("frontdesk2"),
  ];
  const tablet = testClient(practice, opens.session);
  tablet.want.push(streams.chart(patientId));
  await tablet.pull();
  // Vital signs change nothing on the safety card: only the chart's own stream tells of them.
  const vitals = {
    id: newId(),
    patientId,
    encounterId: null,
    takenAt: "2026-01-05T15:00:00.000Z",
    measurements: [{ code: "8867-4", value: 72, unit: "/min", confirmed: false }],
  };
  expect(await nurse.does("vitals.record", vitals)).toBe("applied");
  await vi.waitFor(() => expect(opens.text).toContain(`"stream":"${streams.chart(patientId)}"`));
  for (const listener of [other, atDesk]) expect(listener.text).not.toContain(streams.chart(patientId));
  for (const abort of aborts) abort.abort();
});
