import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";

/** What stands between the network and an app. */
export type Answering = (request: Request) => Response | Promise<Response>;

/** A server on a free port of this machine. */
export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** @param options of `serve`, for HTTPS or another address */
export async function listening(
  fetch: Answering,
  options: Partial<Parameters<typeof serve>[0]> = {},
): Promise<Listening> {
  const server = serve({ port: 0, hostname: "127.0.0.1", ...options, fetch } as Parameters<typeof serve>[0]);
  if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${"serverOptions" in options ? "https" : "http"}://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}
