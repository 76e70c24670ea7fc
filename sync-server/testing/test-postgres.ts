import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startPostgres } from "../operations/postgres.ts";
import { ensureRoles, loginUrl, restrictConnections, withClient } from "../operations/postgres-roles.ts";

/** Addresses of one test server; see `createTestDatabase`. Plain data, so it can cross to test workers. */
export interface TestServer {
  readonly adminUrl: string;
  /** The owner's and the runtime login on `template_jamemr`; other databases differ only in the name. */
  readonly ownerUrl: string;
  readonly appUrl: string;
}

export const templateDatabase = "template_jamemr";
const migrateFile = fileURLToPath(new URL("../database/migrate.ts", import.meta.url));

/**
 * Starts a PostgreSQL for one test run in a temporary folder, without fsync unless it is to be `durable`, with the migrated template database.
 * Also used by the simulator, which runs outside Vitest. When the process dies without `stop`, a watching shell
 * ends the server and removes the folder.
 */
export async function startTestPostgres({ durable = false } = {}): Promise<{
  server: TestServer;
  stop(): Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), "jamemr-test-"));
  const postgres = await startPostgres({
    directory: join(folder, "postgres"),
    secretsFile: join(folder, "secrets"),
    logFile: join(folder, "postgres.log"),
    durable,
  });
  const watcher = watch(postgres.pid, folder);
  const stop = async () => {
    await postgres.stop();
    watcher.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await ensureRoles(postgres.adminUrl, postgres.secrets);
    const { passwords } = postgres.secrets;
    const server: TestServer = {
      adminUrl: postgres.adminUrl,
      ownerUrl: loginUrl(postgres.adminUrl, templateDatabase, "jamemr_owner", passwords.jamemr_owner),
      appUrl: loginUrl(postgres.adminUrl, templateDatabase, "jamemr_app", passwords.jamemr_app),
    };
    await makeTemplate(server);
    return { server, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A shell that waits for the end of its input, which comes when this process ends in whatever way. */
function watch(pid: number, folder: string) {
  const script = 'read -r _; kill -QUIT "$1" 2>/dev/null; sleep 1; rm -rf "$2"';
  const watcher = spawn("/bin/sh", ["-c", script, "jamemr-test-watcher", String(pid), folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  watcher.unref();
  watcher.stdin.on("error", () => {});
  const { stdin } = watcher;
  if ("unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  return watcher;
}

async function makeTemplate(server: TestServer): Promise<void> {
  await withClient(server.adminUrl, async (client) => {
    await client.query(`create database ${templateDatabase} owner jamemr_owner`);
    await restrictConnections(client, templateDatabase);
  });
  if (existsSync(migrateFile)) {
    const { migrate } = (await import(pathToFileURL(migrateFile).href)) as {
      migrate(url: string): Promise<void>;
    };
    await migrate(server.ownerUrl);
  }
}
