import { expect, it } from "vitest";
import type { Dashboard } from "#domain/operations/dashboard.ts";
import { i18n } from "#pwa/language/language.ts";
import { alertsOf } from "./alerts.ts";

const at = "2027-01-12T14:15:00.000Z";
type Report = NonNullable<Dashboard["devices"][number]["report"]>;
const report: Report = {
  version: "1",
  outboxDepth: 0,
  outboxOldestAt: null,
  attention: 0,
  recordingsWaiting: 0,
  storagePersisted: true,
  storageUsed: 1,
  storageQuota: 100,
  chartsPutAway: 0,
  storageRefused: false,
  historyFault: null,
  clockSkewMs: 0,
  reportedAt: at,
};
const node = (name: string, lastHeartbeatAt: string) => ({
  id: name,
  name,
  version: "1",
  device: "cpu",
  models: [],
  historyFault: null,
  lastHeartbeatAt,
});
const calm: Dashboard = {
  at,
  devices: [
    {
      id: "1",
      name: "Exam 2 tablet",
      status: "enrolled",
      lastSeenAt: at,
      user: "Jonas Lindqvist",
      copied: false,
      isOwn: false,
      wipe: null,
      loss: null,
      report,
    },
  ],
  jobs: { waiting: 0, active: 0, failed: 0 },
  recordings: [],
  nodes: [node("near", at)],
  refusals: [],
  quarantined: 0,
  mismatches: [],
  database: { bytes: 1, connections: 1, version: "17" },
  disk: { free: 1e12, total: 2e12 },
  certificateDays: 300,
  backup: { writtenAt: at, needed: true },
  audit: { head: 1, verifiedThrough: 1, verifiedAt: at, whole: true },
};
const withReport = (change: Partial<typeof report>): Dashboard => ({
  ...calm,
  devices: calm.devices.map((device) => ({ ...device, report: { ...report, ...change } })),
});

it("says that nothing needs attention only where no mark on the page says otherwise", () => {
  const textsOf = (dashboard: Dashboard) => alertsOf(i18n, dashboard).map(({ text }) => text);
  expect(textsOf(calm)).toEqual([]);
  expect(textsOf(withReport({ storagePersisted: false }))).toEqual([
    expect.stringContaining("Exam 2 tablet (Jonas Lindqvist) may clear what waits there"),
  ]);
  expect(textsOf(withReport({ attention: 2 }))).toEqual([
    expect.stringContaining("2 changes were refused on Exam 2 tablet"),
  ]);
  const copied = {
    ...calm,
    devices: calm.devices.map((device) => ({ ...device, copied: true, report: null })),
  };
  expect(textsOf(copied)).toEqual([expect.stringContaining("the browser profile of Exam 2 tablet")]);
  const oneAway = { ...calm, nodes: [...calm.nodes, node("far", "2027-01-12T14:00:00.000Z")] };
  expect(textsOf(oneAway)).toEqual([expect.stringContaining("far is away")]);
});

it.each([
  [{ writtenAt: null, needed: true }, [["bad", "No backup of this practice"]]],
  [{ writtenAt: null, needed: false }, []],
  [{ writtenAt: "2027-01-11T02:30:00.000Z", needed: true }, []],
  [{ writtenAt: "2027-01-11T02:00:00.000Z", needed: true }, [["warn", "2 days ago"]]],
  [{ writtenAt: "2027-01-05T14:00:00.000Z", needed: false }, [["bad", "7 days ago"]]],
] as const)("a backup %o", (backup, expected) => {
  const found = alertsOf(i18n, { ...calm, backup });
  expect(found).toHaveLength(expected.length);
  for (const [index, [level, text]] of expected.entries())
    expect(found[index]).toMatchObject({ level, text: expect.stringContaining(text) });
});

it("says of a tablet whose storage was thrown away whose work may be lost, and asks of one where nothing waited", () => {
  const lost = (change: object): Dashboard => ({
    ...calm,
    devices: calm.devices.map((device) => ({
      ...device,
      loss: {
        foundAt: at,
        foundBy: "Jonas Lindqvist",
        heardAt: at,
        people: [],
        ofUnknown: 0,
        refused: 0,
        recordings: 0,
        ...change,
      },
    })),
  });
  const people = [{ name: "Maya Okafor", changes: 3 }];
  expect(alertsOf(i18n, lost({ people, recordings: 1 }))).toEqual([
    {
      level: "bad",
      text: expect.stringMatching(/^4 possibly lost: .*Exam 2 tablet.*Maya Okafor: 3 changes, 1 recording/),
    },
  ]);
  expect(alertsOf(i18n, lost({}))).toEqual([
    { level: "warn", text: expect.stringContaining("Nothing was waiting when it last reported") },
  ]);
});

it.each([
  [60, []],
  [75, ["more than 70 %"]],
  [85, ["charts of earlier visits are put away"]],
  [95, ["no new recording begins"]],
])("of a storage that is %i %% full says %j", (storageUsed, said) => {
  expect(alertsOf(i18n, withReport({ storageUsed })).map(({ text }) => text)).toEqual(
    said.map((words) => expect.stringContaining(words)),
  );
});

it("says of a browser that refused to write that its storage is full, whatever it says of its quota", () => {
  expect(alertsOf(i18n, withReport({ storageRefused: true }))).toEqual([
    { level: "bad", text: expect.stringContaining("no new recording begins") },
  ]);
});

it("says who refuses this clinic's records, tablet or node, before everything else", () => {
  const refusing: Dashboard = {
    ...withReport({ historyFault: "shorter" }),
    nodes: [{ ...node("near", at), historyFault: "different" }],
  };
  expect(alertsOf(i18n, refusing).map(({ level, text }) => [level, text.split(" refuses")[0]])).toEqual([
    ["bad", "near"],
    ["bad", "Exam 2 tablet (Jonas Lindqvist)"],
  ]);
});
