import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monotonic } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { MAX_PUSH } from "#domain/sync/protocol.ts";
import { keepCheckpoints } from "#server/audit/keep-checkpoints.ts";
import { verifyAudit } from "#server/audit/verify-database.ts";
import { createTestDatabase } from "#server/testing/database.ts";
import { startTestPostgres, type TestServer } from "#server/testing/test-postgres.ts";
import {
  mutation,
  openTestPractice,
  type TestPractice,
  type TestSession,
} from "#server/testing/test-practice.ts";
import type { BenchRow } from "../../scripts/bench.ts";
import { median } from "../median.ts";

const SAMPLES = 5;
/** Desks that push at the same time, and how many batches each. */
const DESKS = 8;
const BATCHES = 4;

/** The same commit order and marks, but no records, no chain: what the ledger would be without being an audit log. */
const withoutAudit = `
  create sequence bare_seq start 1000000;
  grant usage on sequence bare_seq to jamemr_app;
  create or replace function ledger_seal(entries jsonb) returns bigint language plpgsql volatile security definer
    set search_path = public, pg_temp as $$
  declare n bigint;
  begin
    perform pg_advisory_xact_lock(7235418);
    n := nextval('bare_seq');
    perform set_config('jamemr.seal', pg_current_xact_id()::text || ':' || n, true);
    return n;
  end $$;
  create or replace function ledger_seq() returns bigint language plpgsql volatile as $$
  begin return split_part(current_setting('jamemr.seal', true), ':', 2)::bigint; end $$`;

interface Side {
  readonly practice: TestPractice;
  readonly desks: readonly TestSession[];
  /** The last number that each desk has used. */
  readonly numbers: number[];
  readonly end: () => Promise<void>;
}

async function openSide(server: TestServer, audited: boolean): Promise<Side> {
  const folder = await mkdtemp(join(tmpdir(), "jamemr-bench-load-"));
  const database = await createTestDatabase(server);
  const practice = await openTestPractice({ on: { database, folder, practiceId: newId() } });
  const desks: TestSession[] = [];
  for (let i = 0; i < DESKS; i++) desks.push(await practice.signIn("frontdesk"));
  const endCheckpoints = audited ? keepCheckpoints(practice.practice) : () => {};
  if (!audited) await practice.owner(withoutAudit);
  return {
    practice,
    desks,
    numbers: desks.map(() => 0),
    async end() {
      endCheckpoints();
      await practice.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Mutations per second that the server decides on, applies and, on one side, records. */
async function rate({ practice, desks, numbers }: Side): Promise<number> {
  const begin = monotonic();
  await Promise.all(
    desks.map(async (desk, i) => {
      for (let batch = 0; batch < BATCHES; batch++) {
        const mutations = Array.from({ length: MAX_PUSH }, () => {
          numbers[i]!++;
          return mutation(desk, numbers[i]!, "patient.register", {
            id: newId(),
            givenName: "Bench",
            familyName: `Trial-${i}-${numbers[i]}`,
            birthDate: "1970-01-01",
            sex: "female",
            preferredName: "",
            phone: "",
          });
        });
        const { results } = await practice.push(desk, mutations);
        if (results.length !== MAX_PUSH || results.some(({ status }) => status !== "applied"))
          throw new Error("a mutation was not applied");
      }
    }),
  );
  return (DESKS * BATCHES * MAX_PUSH) / ((monotonic() - begin) / 1000);
}

/** What deciding and recording costs: changes with chain and signed heads beside the same ones without, disks flushed. */
export async function rows(): Promise<readonly BenchRow[]> {
  const { server, stop } = await startTestPostgres({ durable: true });
  try {
    const audited = await openSide(server, true);
    const bare = await openSide(server, false);
    try {
      const [own, peer]: [number[], number[]] = [[], []];
      for (let i = 0; i < SAMPLES; i++) {
        if (i % 2 === 1) own.push(await rate(audited));
        peer.push(await rate(bare));
        if (i % 2 === 0) own.push(await rate(audited));
      }
      const { practice } = audited.practice;
      await practice.checkpoints.make();
      const verdict = await verifyAudit(practice.database.em.fork(), practice.checkpoints.key);
      if (!verdict.whole) throw new Error(`the log is not whole: ${verdict.fault} at ${verdict.seq}`);
      const [value, peerValue] = [median(own), median(peer)];
      return [
        {
          row: `${DESKS} desks push: rights, records, chain and signed heads; peer: without the log`,
          value,
          unit: "mutations/s",
          peer: "no log",
          peerValue,
          ratio: value / peerValue,
          goal: "≥ 200",
          met: value >= 200,
        },
      ];
    } finally {
      await audited.end();
      await bare.end();
    }
  } finally {
    await stop();
  }
}
