import { afterAll, beforeAll, expect, it } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { clientRows, serverRows, type TestClient, testClient } from "../testing/test-client.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";

const MOST = 1500;
let practice: TestPractice;

beforeAll(async () => {
  practice = await openTestPractice({ full: true, deviceRows: MOST });
});
afterAll(() => practice.close());

const charts = (client: TestClient) => [...client.streams.keys()].filter((name) => name.startsWith("chart:"));

/** How many days each chart's next visit is away, and its last one a year more: what is far goes first. */
async function distances(): Promise<ReadonlyMap<string, number>> {
  const rows = await practice.owner<{ patient_id: string; distance: number }>(
    `with visit as (
       select patient_id, (start at time zone $1)::date - (now() at time zone $1)::date as days
       from appointment where status not in ('cancelled', 'no-show'))
     select patient_id, min(case when days >= 0 then days else 365 - days end) as distance
     from visit where days between -30 and 7 group by patient_id`,
    [practice.practice.info.zone],
  );
  return new Map(rows.map(({ patient_id, distance }) => [streams.chart(patient_id), distance]));
}

it("charts of the oldest visits stay at the clinic where they are too many, and one that is opened takes another's place", async () => {
  const client = testClient(practice, await practice.signIn("clinician"));
  await client.pull();
  const distance = await distances();
  const held = charts(client);
  const left = [...distance.keys()].filter((chart) => !held.includes(chart));
  const far = (list: readonly string[]) => list.map((chart) => distance.get(chart) ?? 0);
  expect(held.length).toBeGreaterThan(0);
  expect(Math.max(...far(held))).toBeLessThanOrEqual(Math.min(...far(left)));
  expect((await client.page()).body.scope.left).toBe(left.length);
  const rows = [...(await serverRows(practice, client.streams.keys())).keys()];
  const uncounted = [streams.demographics, streams.safety];
  expect(rows.filter((key) => !uncounted.includes(key.split("/")[0] as never)).length).toBeLessThanOrEqual(
    MOST,
  );

  const opened = left.find((chart) => distance.get(chart) === Math.max(...far(left)))!;
  client.want.push(opened);
  await client.pull();
  expect(charts(client)).toContain(opened);
  const gone = held.filter((chart) => !charts(client).includes(chart));
  const stayed = held.filter((chart) => !gone.includes(chart));
  expect(gone.length).toBeGreaterThan(0);
  expect(Math.min(...far(gone))).toBeGreaterThanOrEqual(Math.max(...far(stayed)));
  expect(clientRows(client)).toEqual(await serverRows(practice, client.streams.keys()));
});
