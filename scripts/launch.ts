import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { monotonic } from "#domain/kernel/clock.ts";
import { whenParentGone } from "./launch/follow-parent.mjs";
import { type Practice, type Programs, startPractice } from "./launch/practice.ts";
import { explainStartError } from "./start-errors.mjs";
import { parseStartOptions } from "./start-options.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The programs of this repository. */
export const programs: Programs = {
  root,
  server: join(root, "sync-server", "main.ts"),
  aiNode: join(root, "ai-node", "main.ts"),
  prepareModels: join(root, "ai-node", "models", "prepare-models.ts"),
};

/** A terminal and npm both pass one Ctrl-C on; only a later signal is a second one. */
const sameSignalMilliseconds = 1000;

/** Where a practice goes on that is not open yet. */
async function nextStep(httpPort: number): Promise<string | undefined> {
  const home = `http://localhost:${httpPort}`;
  const state = await fetch(`http://127.0.0.1:${httpPort}/api/set-up`, { signal: AbortSignal.timeout(5000) })
    .then((answer) => answer.json())
    .then((body) => (body as { readonly state?: unknown }).state)
    .catch(() => undefined);
  if (state === "unentered")
    return `Nobody has entered this practice yet. Open ${home}/set-up and type the code that "jamemr init" printed.`;
  if (state === "in_set_up")
    return `This practice is being set up: sign in at ${home}. Patients are entered once both officers have accepted.`;
  return undefined;
}

/**
 * The launcher behind `npm start`, under Node 24: starts a practice, says when it is ready, and stops it when asked.
 * Ends with status 0 after a clean stop, 1 when the start failed or a second signal forced the end.
 *
 * @param whenReady starts what else is wanted beside the practice; it ends with this process
 */
export async function launch(
  args: readonly string[],
  which: Programs = programs,
  whenReady: (httpPort: number) => void = () => {},
): Promise<void> {
  let practice: Pick<Practice, "stop" | "kill"> | undefined;
  let askedAt: number | undefined;
  const out = (line: string) => void process.stdout.write(`${line}\n`);
  const warn = (line: string) => void process.stderr.write(`${line}\n`);

  const finish = (status: number): never => process.exit(status);
  const stop = () => {
    if (askedAt !== undefined) {
      if (monotonic() - askedAt < sameSignalMilliseconds) return;
      warn("Stopping at once.");
      practice?.kill();
      finish(1);
    }
    askedAt = monotonic();
    out("Stopping …");
    (practice?.stop() ?? Promise.resolve()).then(
      () => finish(0),
      (error: unknown) => {
        warn(explainStartError(error));
        finish(1);
      },
    );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  whenParentGone(() => {
    if (askedAt === undefined) stop();
  });

  try {
    const options = parseStartOptions(args, process.env, root);
    const ready = await startPractice(options, which, { say: out, warn }, (handle) => {
      practice = handle;
    });
    if (askedAt !== undefined) return;
    if (which.watch) out("The server is ready. Open the address that Vite prints:");
    else out(`JamEMR is ready: http://localhost:${ready.httpPort}`);
    const next = await nextStep(ready.httpPort);
    if (next !== undefined) out(next);
    whenReady(ready.httpPort);
  } catch (error) {
    if (askedAt !== undefined) return;
    warn(explainStartError(error));
    finish(1);
  }
}

if (import.meta.main) await launch(process.argv.slice(2));
