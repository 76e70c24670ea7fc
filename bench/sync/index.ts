import type { BenchRow } from "../../scripts/bench.ts";
import { median } from "../median.ts";
import { percentile95 } from "../percentile.ts";
import { type Clinic, openClinic } from "./clinic.ts";
import { measureFaultedEdits } from "./faulted-edits.ts";
import { type AllSamples, CROWD, measureAll, measureFirstScreen } from "./rounds.ts";

type Measure = (samples: readonly number[]) => number;
const rxdb = "RxDB+Dexie HTTP";

const beside = (
  row: string,
  [value, peer, peerValue, unit]: readonly [number, string, number, string],
  [word, limit]: readonly ["≤" | "≥", number],
): BenchRow => {
  const ratio = value / peerValue;
  const met = word === "≤" ? ratio <= limit : ratio >= limit;
  return { row, value, unit, peer, peerValue, ratio, goal: `${word} ${limit} ×`, met };
};

function timeRows(all: AllSamples, firstScreen: readonly number[], rows: number): BenchRow[] {
  const against = (name: keyof AllSamples["rxdb"], of: Measure, peer: "rxdb" | "pouchdb" = "rxdb") =>
    [of(all.jamemr[name]), peer === "rxdb" ? rxdb : "PouchDB", of(all[peer][name]), "ms"] as const;
  const first = `first sync of ${rows} rows, sealed and durable`;
  const firstOfPeer = median(all.rxdb.firstSync);
  return [
    beside(first, against("firstSync", median), ["≤", 0.5]),
    beside(first, against("firstSync", median, "pouchdb"), ["≤", 0.3]),
    beside(
      "new PIN to Today on an empty tablet; peer: its whole first sync",
      [median(firstScreen), rxdb, firstOfPeer, "ms"],
      ["≤", 0.25],
    ),
    beside("unlock to a list of 40, page reloaded; peer: open and query", against("reopen", median), [
      "≤",
      1,
    ]),
    beside("a day's list of 40, p95", against("dayList", percentile95), ["≤", 0.25]),
    beside(`name search in ${rows} rows, p95; peer: by prefix`, against("nameSearch", percentile95), [
      "≤",
      0.25,
    ]),
    beside("local write, sealed and strict, p95; peer: plain, relaxed", against("write", percentile95), [
      "≤",
      1,
    ]),
    beside(
      "500 changes made offline, with rights and audit; peer: without",
      [500_000 / median(all.jamemr.backlog), rxdb, 500_000 / median(all.rxdb.backlog), "/s"],
      ["≥", 1],
    ),
    beside(`written there, seen here, ${CROWD + 2} clients, p95`, against("live", percentile95), ["≤", 0.8]),
  ];
}

/** The whole path of JamEMR (sealed rows, rights, audit, real PostgreSQL) beside RxDB and PouchDB in the same browser. */
export async function rows(): Promise<readonly BenchRow[]> {
  const clinic: Clinic = await openClinic();
  try {
    const firstScreen = await measureFirstScreen(clinic);
    return [
      ...timeRows(await measureAll(clinic), firstScreen, clinic.rows),
      ...(await measureFaultedEdits()),
    ];
  } finally {
    await clinic.close();
  }
}
