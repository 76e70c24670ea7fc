import { createServer } from "node:net";
import { monotonic, sleep } from "#domain/kernel/clock.ts";
import { systemCode } from "#server/operations/operation-error.ts";
import { StartError } from "../start-errors.mjs";

export interface WantedPort {
  readonly port: number;
  readonly host: string;
  readonly purpose: string;
  readonly flag: string;
  readonly variable: string;
}

/** The two ports of a practice: HTTPS for everybody, plain HTTP for this machine. */
export const practicePorts = (https: number, http: number): WantedPort[] => [
  { port: https, host: "0.0.0.0", purpose: "HTTPS, for tablets", flag: "--port", variable: "JAMEMR_PORT" },
  {
    port: http,
    host: "127.0.0.1",
    purpose: "plain HTTP, for this machine",
    flag: "--http-port",
    variable: "JAMEMR_HTTP_PORT",
  },
];

/**
 * Refuses ports that cannot be had, before anything is started.
 *
 * @param patience milliseconds to wait for a port: after a crash the old server may be about to leave it
 * @throws {StartError} `port_taken`, `port_not_allowed`, `usage` when both are the same
 */
export async function checkPorts(wanted: readonly WantedPort[], patience: number): Promise<void> {
  const fixed = wanted.filter(({ port }) => port !== 0);
  if (new Set(fixed.map(({ port }) => port)).size < fixed.length) {
    throw new StartError("usage", { problem: "--port and --http-port must be different." });
  }
  const deadline = monotonic() + patience;
  for (const want of fixed) {
    let code = await tryPort(want);
    while (code === "EADDRINUSE" && monotonic() < deadline) {
      await sleep(100);
      code = await tryPort(want);
    }
    const { port, purpose, flag, variable } = want;
    if (code === "EACCES") throw new StartError("port_not_allowed", { port, purpose, flag, variable });
    if (code !== "") throw new StartError("port_taken", { port, purpose, flag, variable });
  }
}

/** The system's error code for listening on this port, or an empty string. */
function tryPort({ port, host }: WantedPort): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(systemCode(error) || "EADDRINUSE"));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve("")));
  });
}
