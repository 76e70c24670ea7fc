import { afterAll, beforeAll, expect, it } from "vitest";
import { clientRows, serverRows, testClient } from "../testing/test-client.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";

let practice: TestPractice;

beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

it("a chart that a tablet put away leaves its list and the comparison, and is sent again when it is not named any more", async () => {
  const session = await practice.signIn("clinician");
  const client = testClient(practice, session);
  await client.pull();
  await client.pull();
  const charts = [...client.streams.keys()].filter((stream) => stream.startsWith("chart:"));
  const [away, ...others] = charts as [string, ...string[]];
  const { generation } = client.streams.get(away)!;
  const before = await practice.head();
  const { body } = await client.page({ putAway: [away] });
  expect(body.scope.streams.map(([stream]) => stream)).not.toContain(away);
  expect(client.streams.has(away)).toBe(false);
  const patientId = away.slice("chart:".length);
  expect(await practice.audit(before)).toMatchObject([{ action: "chart.purged", patientId }]);
  // Nothing changes while it stays away: no record, no rows, and a comparison of all the rest.
  const head = await practice.head();
  const idle = await client.page({ putAway: [away], verify: true });
  expect([idle.body.rows, await practice.head()]).toEqual([[], head]);
  expect(Object.keys(idle.body.digests).toSorted()).toEqual([...client.streams.keys()].toSorted());
  expect(others.every((stream) => client.streams.has(stream))).toBe(true);

  await client.pull();
  expect(client.streams.get(away)?.complete).toBe(true);
  expect(client.streams.get(away)!.generation).toBeGreaterThanOrEqual(generation);
  expect(clientRows(client)).toEqual(await serverRows(practice, client.streams.keys()));
  expect((await practice.audit(head)).map(({ action }) => action)).toContain("chart.replicated");
});

it("only charts can be put away: what a tablet cannot work without stays in its list", async () => {
  const session = await practice.signIn("clinician");
  const client = testClient(practice, session);
  await client.page({ putAway: ["schedule", "safety"] });
  expect([...client.streams.keys()]).toEqual(expect.arrayContaining(["schedule", "safety"]));
});
