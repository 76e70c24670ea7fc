// The part of `npm start` that needs Node 20: set up, then keep launch.ts (Node 24) running and pass signals on.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureInstalled, root, runtime, runtimeEnv } from "./bootstrap.mjs";
import { ensureBuilt } from "./build.mjs";
import { parseStartOptions, startHelp } from "./start-options.mjs";

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit status
 */
export async function start(args) {
  const options = parseStartOptions(args, process.env, root);
  if (options.help) {
    process.stdout.write(startHelp);
    return 0;
  }
  await ensureInstalled();
  await ensureBuilt();
  return launch(options);
}

/**
 * The launcher runs in a process group of its own: a Ctrl-C, which a terminal sends to everybody and npm sends on,
 * reaches it through here only. The pipe on descriptor 3 tells it when this process has gone.
 */
function launch(options) {
  const args = [
    "--data",
    options.data,
    "--port",
    String(options.port),
    "--http-port",
    String(options.httpPort),
  ];
  if (options.noAi) args.push("--no-ai");
  if (options.empty) args.push("--empty");
  const child = spawn(runtime(), [join(root, "scripts", "launch.ts"), ...args], {
    cwd: root,
    env: { ...runtimeEnv(), JAMEMR_PARENT_FD: "3" },
    stdio: ["ignore", "inherit", "inherit", "pipe"],
    detached: true,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  stopWhenOrphaned(child);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? 1));
  });
}

/** npm killed without warning (`kill -9`) would leave a practice behind that nobody sees. */
function stopWhenOrphaned(child) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) child.kill("SIGTERM");
  }, 1000).unref();
}
