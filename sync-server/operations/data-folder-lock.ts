import { link, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod";
import { toHex } from "#domain/kernel/bytes.ts";
import { instantNow, randomBytes, sleep } from "#domain/kernel/clock.ts";
import { OperationError, systemCode } from "./operation-error.ts";
import { readIfPresent, writePrivateFile } from "./private-file.ts";
import { isSameProcess, processIdentity } from "./process-identity.ts";

const lockSchema = z.object({
  token: z.string().regex(/^[0-9a-f]+$/),
  pid: z.int(),
  started: z.string(),
  boot: z.string(),
  host: z.string(),
  since: z.string(),
});
type Holder = z.infer<typeof lockSchema>;

export interface DataFolderLock {
  /** True when an earlier holder ended without releasing (a crash, a power cut): its database may still run. */
  readonly recovered: boolean;
  release(): Promise<void>;
}

const damagedToken = "damaged";

/**
 * Takes the data folder for this process alone. Two PostgreSQL servers or two launchers on one folder would
 * destroy each other's work, so everything else waits until this has returned.
 *
 * The file holds process id, start time and boot, so that a lock left behind by a crash is recognised. A lock is
 * only ever put in place whole (`link`); taking over a stale one needs a claim on exactly that lock, so that of
 * several starts at once only one wins.
 *
 * @throws {OperationError} `data_folder_locked` naming the process that holds it
 */
export async function lockDataFolder(dataFolder: string): Promise<DataFolderLock> {
  const lock = join(resolve(dataFolder), "lock");
  const token = toHex(randomBytes(12));
  const draft = `${lock}.${token}`;
  const holder: Holder = { token, ...processIdentity(), host: hostname(), since: instantNow() };
  await writePrivateFile(draft, `${JSON.stringify(holder)}\n`);
  try {
    for (let attempt = 0; attempt < 100; attempt++) {
      if (await linked(draft, lock)) return held(lock, token, attempt > 0);
      if (await takeOver(draft, lock)) return held(lock, token, true);
      await sleep(50);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new OperationError("data_folder_locked", { path: resolve(dataFolder), pid: 0, host: hostname() });
}

const held = (lock: string, token: string, recovered: boolean): DataFolderLock => ({
  recovered,
  async release() {
    if ((await readHolder(lock))?.token === token) await rm(lock, { force: true });
  },
});

/** Replaces a stale lock. False: somebody else is busy with it, look again. */
async function takeOver(draft: string, lock: string): Promise<boolean> {
  const stale = await readHolder(lock);
  if (!stale) return false;
  refuseLiving(lock, stale);
  const claim = `${lock}.after-${stale.token}`;
  if (!(await linked(draft, claim))) {
    const rival = await readHolder(claim);
    if (rival && !isSameProcess(rival)) await rm(claim, { force: true });
    return false;
  }
  try {
    if ((await readHolder(lock))?.token !== stale.token) return false;
    await rename(draft, lock);
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

function refuseLiving(lock: string, holder: Holder): void {
  const elsewhere = holder.host !== hostname() && holder.boot !== processIdentity().boot;
  if (holder.token !== damagedToken && (elsewhere || isSameProcess(holder))) {
    throw new OperationError("data_folder_locked", {
      path: join(lock, ".."),
      pid: holder.pid,
      host: holder.host,
    });
  }
}

/** A lock that cannot be read was cut short by a power failure: nobody holds it. */
async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readIfPresent(path);
  if (text === undefined) return undefined;
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    return { token: damagedToken, pid: 0, started: "", boot: "", host: "", since: "" };
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}
