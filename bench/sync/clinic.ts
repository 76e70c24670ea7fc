import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newId } from "#domain/kernel/id.ts";
import { dateIn, instantIn } from "#domain/kernel/instant.ts";
import type { PullRequest, PullResult } from "#domain/sync/protocol.ts";
import { startPostgres } from "#server/operations/postgres.ts";
import { withClient } from "#server/operations/postgres-roles.ts";
import { TestPractice } from "../../e2e/fixtures/practice.ts";
import { trialPassword } from "../../e2e/pages/door.ts";
import { post, registerPatients } from "../app/push.ts";
import type { Doc, PageSettings } from "./page/contestant.ts";

const zone = "America/New_York";
/** Each is a row of demographics and a safety card. */
const MORE_PATIENTS = 4_500;

/** A practice with 10,000 rows for its clinician, and the peers' servers with the same ones. */
export interface Clinic {
  readonly url: string;
  readonly peerUrl: string;
  readonly rows: number;
  readonly settings: PageSettings;
  close(): Promise<void>;
}

export async function openClinic(): Promise<Clinic> {
  const practice = await TestPractice.start();
  try {
    await registerPatients(practice.url, MORE_PATIENTS);
    const docs = await docsOf(practice.url);
    const peer = await startPeers(practice, docs);
    return {
      url: practice.url,
      peerUrl: peer.url,
      rows: docs.length,
      settings: {
        username: "clinician",
        password: trialPassword,
        from: instantIn(zone, dateIn(zone), "00:00"),
      },
      async close() {
        await peer.stop();
        await practice.remove();
      },
    };
  } catch (error) {
    await practice.remove();
    throw error;
  }
}

export interface SignedIn {
  readonly token: string;
  readonly clientId: string;
}

export async function signIn(url: string, username: string): Promise<SignedIn> {
  const device = { id: newId(), name: "bench" };
  const session = await post(`${url}/api/session`, { username, password: trialPassword, device });
  return { token: String(session.accessToken), clientId: newId() };
}

/** What a client holds once it has stored a page: complete streams, and the one that the page broke off in. */
export function heldAfter({ scope, rows }: PullResult): PullRequest["held"] {
  const last = rows.at(-1);
  return scope.streams
    .filter(([stream, , state]) => state === "ready" || stream === last?.stream)
    .map(([stream, generation, state]) => [
      stream,
      generation,
      state === "ready" ? null : (last?.id ?? null),
    ]);
}

/** Everything that the clinician's tablet would hold, as documents for the peers. */
async function docsOf(url: string): Promise<readonly Doc[]> {
  const { token, clientId } = await signIn(url, "clinician");
  const docs: Doc[] = [];
  let cursor = 0;
  let held: PullRequest["held"] = [];
  for (let more = true; more; ) {
    const request = { epoch: null, clientId, cursor, scopeHash: null, held, want: [], limit: 2000 };
    const page = (await post(`${url}/api/sync/pull`, request, token)) as unknown as PullResult;
    for (const { collection, id, data = {} } of page.rows)
      docs.push({
        id: `${collection}|${id}`,
        kind: collection,
        start: collection === "appointment" ? String(data.start) : "",
        name: collection === "patient" ? String(data.familyName) : "",
        data,
      });
    held = heldAfter(page);
    ({ cursor, more } = page);
  }
  return docs;
}

/** The peers run beside the practice, on its PostgreSQL. */
async function startPeers(practice: TestPractice, docs: readonly Doc[]) {
  const postgres = await startPostgres({
    directory: join(practice.data, "postgres"),
    secretsFile: join(practice.data, "keys", "postgres"),
    logFile: join(practice.data, "logs", "postgres.log"),
  });
  if (!postgres.reused) throw new Error("the practice's PostgreSQL does not run");
  await withClient(postgres.adminUrl, async (client) => void (await client.query("create database peers")));
  const database = Object.assign(new URL(postgres.adminUrl), { pathname: "/peers" }).href;
  const file = join(practice.data, "peer-docs.json");
  await writeFile(file, JSON.stringify(docs));
  const program = fileURLToPath(new URL("peer-server.ts", import.meta.url));
  const child = spawn(process.execPath, [program, database, file], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const [said] = (await Promise.race([
    once(child.stdout, "data"),
    ended.then(([status]) => Promise.reject(new Error(`the peers' server ended with ${status}`))),
  ])) as [Buffer];
  return {
    url: `http://127.0.0.1:${Number(said.toString())}`,
    async stop() {
      child.kill();
      await ended;
      await rm(file);
    },
  };
}
