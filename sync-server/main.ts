import { createServer as createHttpsServer } from "node:https";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { prettifyError, ZodError } from "zod";
import { keepApprovalsExpired } from "#server/approval/keep-expired.ts";
import { keepCheckpoints } from "#server/audit/keep-checkpoints.ts";
import { keepAuditVerified } from "#server/audit/keep-verified.ts";
import { signBeforeMigrating } from "#server/audit/sign-head.ts";
import { keepGlassEnded } from "#server/break-glass/keep-ended.ts";
import { createApp } from "./app.ts";
import { type Config, readConfig } from "./config.ts";
import { isUnavailable } from "./database/database-error.ts";
import { migrate } from "./database/migrate.ts";
import { keepMirror } from "./mirror/keep-mirror.ts";
import { openDataFolder } from "./operations/data-folder.ts";
import { OperationError, systemCode } from "./operations/operation-error.ts";
import { certificateNames, ensureCertificates } from "./operations/tls.ts";
import { type OpenPractice, openPractice } from "./practice/open-practice.ts";
import { keepHeldSettled } from "./sync/settle-held.ts";

/** One JSON line for the launcher. */
const tell = (event: Record<string, unknown>): void =>
  void process.stdout.write(`${JSON.stringify(event)}\n`);

type Listener = ReturnType<typeof serve>;

const listening = (server: Listener): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    const done = () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    };
    if (server.listening) done();
    else server.once("listening", done);
  });

async function listen(practice: OpenPractice, config: Config) {
  const names = certificateNames(config.JAMEMR_HOSTNAME);
  const certificates = await ensureCertificates(join(config.JAMEMR_DATA, "tls"), names);
  const ports = { httpPort: config.JAMEMR_HTTP_PORT, httpsPort: config.JAMEMR_PORT };
  const app = createApp(practice, {
    pages: fileURLToPath(new URL("../dist/pwa", import.meta.url)),
    addresses: () => ({ ...ports, names }),
  });
  const atMachine = (request: Request) => app.fetch(request, { atMachine: true });
  const http = serve({ fetch: atMachine, port: config.JAMEMR_HTTP_PORT, hostname: "127.0.0.1" });
  ports.httpPort = await listening(http);
  const https = serve({
    fetch: (request) => app.fetch(request, {}),
    port: config.JAMEMR_PORT,
    hostname: "0.0.0.0",
    createServer: createHttpsServer,
    serverOptions: { cert: certificates.cert, key: certificates.key, minVersion: "TLSv1.2" },
  });
  ports.httpsPort = await listening(https);
  return { servers: [http, https], ports };
}

/** Ends open streams at once, waits for requests in flight, then closes the database. */
async function stop(servers: readonly Listener[], practice: OpenPractice): Promise<void> {
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          if ("closeAllConnections" in server) setImmediate(() => server.closeAllConnections());
        }),
    ),
  );
  // What happened last is signed as well, so that nobody can cut it off while nothing runs.
  await practice.checkpoints
    .make()
    .catch((error: unknown) => practice.log.error({ err: nameOf(error) }, "audit log not signed"));
  await practice.close();
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.message : "unknown");

/** What the launcher can explain to a person; other failures show their own message. */
function explain(error: unknown): Record<string, unknown> {
  if (error instanceof OperationError) return { event: "failed", code: error.code, facts: error.facts };
  if (systemCode(error) === "EADDRINUSE")
    return {
      event: "failed",
      code: "port_taken",
      facts: { port: Number(Reflect.get(error as object, "port")) },
    };
  if (isUnavailable(error)) return { event: "failed", code: "database_unreachable", facts: {} };
  return { event: "failed" };
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const folder = await openDataFolder(config.JAMEMR_DATA);
  await signBeforeMigrating(process.env, config.DATABASE_URL);
  await migrate(config.DATABASE_URL);
  const practice = await openPractice({ config, folder: folder.config });
  const { servers, ports } = await listen(practice, config);
  const stops = [
    keepAuditVerified(practice),
    keepCheckpoints(practice),
    keepApprovalsExpired(practice),
    keepGlassEnded(practice),
    keepHeldSettled(practice),
    keepMirror(practice),
  ];
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      for (const end of stops) end();
      stop(servers, practice).then(
        () => process.exit(0),
        (error: unknown) => {
          practice.log.error({ err: nameOf(error) }, "unclean stop");
          process.exit(1);
        },
      );
    });
  process.on("unhandledRejection", (reason) => {
    practice.log.error(
      { err: reason instanceof Error ? reason.message.split("\n")[0] : "unknown" },
      "unhandled rejection",
    );
  });
  tell({ event: "listening", http: ports.httpPort, https: ports.httpsPort });
}

main().catch((error: unknown) => {
  tell(explain(error));
  const message =
    error instanceof ZodError
      ? prettifyError(error)
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
