import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monotonic } from "#domain/kernel/clock.ts";
import type { CommandIo } from "#domain/kernel/command.ts";
import { newId } from "#domain/kernel/id.ts";
import { type AuditSearch, searchAudit } from "#server/audit/audit-log.ts";
import { command } from "#server/commands/audit.ts";
import { createTestDatabase } from "#server/testing/database.ts";
import { startTestPostgres } from "#server/testing/test-postgres.ts";
import { openTestPractice, type TestPractice } from "#server/testing/test-practice.ts";
import type { BenchRow } from "../../scripts/bench.ts";
import { median } from "../median.ts";
import { type Seeded, seedLog } from "./seed.ts";

const RECORDS = Number(process.env.JAMEMR_BENCH_RECORDS ?? 1_000_000);
/** Medians over this many samples, JamEMR and its peer first in turns. */
const SAMPLES = 5;

/** `jamemr audit verify` over everything, as an operator runs it; seconds. */
async function verify(practice: TestPractice): Promise<number> {
  let said = "";
  const io: CommandIo = {
    stdin: (async function* () {})(),
    stdout: {
      write(text) {
        said += text;
      },
    },
    stderr: { write() {} },
    env: {
      JAMEMR_DATA: practice.folder,
      DATABASE_URL: practice.ownerUrl,
      JAMEMR_DATABASE_APP_URL: practice.appUrl,
    },
  };
  const begin = monotonic();
  const status = await command.run(["verify", "--json"], io);
  const seconds = (monotonic() - begin) / 1000;
  if (status !== 0) throw new Error(`the log is not whole: ${said}`);
  return seconds;
}

/** SHA-256 of the bytes that verification hashes for the leaves, read from a file; seconds. */
async function sha256(file: string): Promise<number> {
  const hash = createHash("sha256");
  const begin = monotonic();
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  hash.digest();
  return (monotonic() - begin) / 1000;
}

/** A page of fifty for everything that the screen can ask for; milliseconds of the slowest. */
async function slowestSearch({ practice }: TestPractice, { people, patients }: Seeded): Promise<number> {
  const old = new Date(Date.parse(new Date().toISOString()) - 500 * 24 * 3600 * 1000).toISOString();
  const looked = "chart.opened,chart.replicated,recording.listened";
  const [busy, rare] = [people[0]!, people.at(-1)!];
  const [often, seldom] = [patients[0]!, patients.at(-1)!];
  const searches: readonly Omit<AuditSearch, "limit">[] = [
    {},
    ...[busy, rare, newId()].map((person) => ({ person })),
    ...[often, seldom, newId()].map((patient) => ({ patient })),
    ...["migration.applied", "chart.opened", looked].map((action) => ({ action })),
    ...(["ok", "denied", "error"] as const).flatMap((outcome) => [{ outcome }, { outcome, to: old }]),
    { to: old },
    { from: old, to: old },
    { to: "2020-01-01T00:00:00.000Z" },
    { person: busy, to: old },
    { person: rare, to: old },
    { person: busy, outcome: "error" },
    { person: busy, action: "migration.applied" },
    { patient: often, action: looked, outcome: "ok" },
    { patient: seldom, action: looked, to: old },
    { before: 1000 },
    { to: old, before: 1000 },
  ];
  const times: number[] = [];
  for (const search of searches) {
    const samples: number[] = [];
    for (let i = 0; i < SAMPLES; i++) {
      const begin = monotonic();
      await searchAudit(practice.database, { ...search, limit: 50 });
      samples.push(monotonic() - begin);
    }
    times.push(median(samples));
  }
  return Math.max(...times);
}

/** The log of years: how long it takes to verify, and to find something in. */
export async function rows(): Promise<readonly BenchRow[]> {
  const { server, stop } = await startTestPostgres();
  const folder = await mkdtemp(join(tmpdir(), "jamemr-bench-audit-"));
  try {
    const practiceId = newId();
    const practice = await openTestPractice({
      on: { database: await createTestDatabase(server), folder, practiceId },
    });
    try {
      const bytesTo = join(folder, "hashed");
      const {
        ownerUrl,
        practice: { keys },
      } = practice;
      const seeded = await seedLog({ ownerUrl, practiceId, keys, records: RECORDS, bytesTo });
      const own: number[] = [];
      const peer: number[] = [];
      for (let i = 0; i < SAMPLES; i++) {
        if (i % 2 === 1) own.push(await verify(practice));
        peer.push(await sha256(bytesTo));
        if (i % 2 === 0) own.push(await verify(practice));
      }
      const [value, peerValue] = [median(own), median(peer)];
      const slowest = await slowestSearch(practice, seeded);
      const limit = Math.max(5, 60 * (RECORDS / 1_000_000));
      const alone = { peer: null, peerValue: null, ratio: null };
      return [
        {
          row: `audit verify of ${RECORDS} records; peer: SHA-256 of the same bytes`,
          value,
          unit: "s",
          peer: "SHA-256",
          peerValue,
          ratio: value / peerValue,
          goal: `≤ ${limit} s`,
          met: value <= limit,
        },
        {
          row: "slowest of 29 searches in it, 50 records",
          value: slowest,
          unit: "ms",
          ...alone,
          goal: null,
          met: null,
        },
      ];
    } finally {
      await practice.close();
    }
  } finally {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }
}
