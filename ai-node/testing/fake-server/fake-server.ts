import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type AiJob,
  claimSchema,
  completionSchema,
  failureSchema,
  type JobCompletion,
  type JobFailure,
  type NodeHeartbeat,
  nodeHeartbeatSchema,
  progressSchema,
} from "#domain/ai/job.ts";

/** The server's half of the job protocol, in memory, for tests of the node. Parses with the shared schemas. */
export interface FakeServer {
  readonly url: URL;
  /** Offers a job. Parts by number. */
  offer(job: AiJob, parts: ReadonlyMap<number, Uint8Array>): void;
  /** What the node did, in order. */
  readonly events: FakeServerEvent[];
  /** Resolves with the first event that fits, past or future. */
  until(fits: (event: FakeServerEvent) => boolean): Promise<FakeServerEvent>;
  /** From now on the node's hold on its job is denied. */
  takeAway(): void;
  /** Answers the next calls with this status instead of working. */
  failNext(count: number, status: number): void;
  close(): Promise<void>;
}

export type FakeServerEvent =
  | { readonly kind: "announced"; readonly node: NodeHeartbeat }
  | { readonly kind: "claimed" | "held" | "refused"; readonly path: string }
  | { readonly kind: "progress"; readonly stage: string; readonly done: number }
  | { readonly kind: "completed"; readonly completion: JobCompletion }
  | { readonly kind: "failed"; readonly failure: JobFailure };

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? undefined : JSON.parse(text);
}

const problem = (response: ServerResponse, status: number, code: string): void => {
  response.writeHead(status, { "content-type": "application/problem+json" });
  response.end(JSON.stringify({ type: "about:blank", title: code, status, code }));
};

/** @param port 0 for any free one; a number to come back at the same place after a restart */
export async function startFakeServer(token: string, port = 0): Promise<FakeServer> {
  const events: FakeServerEvent[] = [];
  const watchers = new Set<(event: FakeServerEvent) => void>();
  const waiting: AiJob[] = [];
  const audio = new Map<string, ReadonlyMap<number, Uint8Array>>();
  let held = true;
  let failures = { left: 0, status: 503 };
  const record = (event: FakeServerEvent) => {
    events.push(event);
    for (const watcher of watchers) watcher(event);
  };

  const answerJob = async (
    request: IncomingMessage,
    response: ServerResponse,
    id: string,
    what: string,
    url: URL,
  ) => {
    if (!held) return problem(response, 409, "job_not_held");
    if (what === "audio") {
      const bytes = audio.get(id)?.get(Number(url.searchParams.get("part")));
      if (!bytes) return problem(response, 404, "not_found");
      response.writeHead(200, { "content-type": "application/octet-stream" });
      return response.end(bytes);
    }
    const body = await bodyOf(request);
    if (what === "heartbeat") record({ kind: "held", path: url.pathname });
    else if (what === "progress") record({ kind: "progress", ...progressSchema.parse(body) });
    else if (what === "complete") record({ kind: "completed", completion: completionSchema.parse(body) });
    else if (what === "fail") record({ kind: "failed", failure: failureSchema.parse(body) });
    else return problem(response, 404, "not_found");
    response.writeHead(what === "complete" ? 200 : 204);
    response.end(what === "complete" ? "{}" : undefined);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (request.headers.authorization !== `Bearer ${token}`) return problem(response, 401, "invalid_token");
    if (failures.left > 0) {
      failures = { ...failures, left: failures.left - 1 };
      record({ kind: "refused", path: url.pathname });
      return problem(response, failures.status, "internal_error");
    }
    if (url.pathname === "/api/ai/nodes/heartbeat") {
      record({ kind: "announced", node: nodeHeartbeatSchema.parse(await bodyOf(request)) });
      return response.writeHead(204).end();
    }
    if (url.pathname === "/api/audit/checkpoint") {
      response.writeHead(200, { "content-type": "application/json" });
      return response.end(JSON.stringify({ checkpoint: null, key: "" })); // nothing was signed yet
    }
    if (url.pathname === "/api/ai/jobs/claim") {
      claimSchema.parse(await bodyOf(request));
      const job = waiting.shift();
      if (!job) return response.writeHead(204).end();
      record({ kind: "claimed", path: url.pathname });
      response.writeHead(200, { "content-type": "application/json" });
      return response.end(JSON.stringify(job));
    }
    const [, id, what] = /^\/api\/ai\/jobs\/([^/]+)\/(\w+)$/.exec(url.pathname) ?? [];
    return id && what ? answerJob(request, response, id, what, url) : problem(response, 404, "not_found");
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => problem(response, 400, "malformed_request"));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    events,
    offer(job, parts) {
      audio.set(job.id, parts);
      waiting.push(job);
    },
    until: (fits) =>
      new Promise((resolve) => {
        const past = events.find(fits);
        if (past) return resolve(past);
        const watcher = (event: FakeServerEvent) => {
          if (!fits(event)) return;
          watchers.delete(watcher);
          resolve(event);
        };
        watchers.add(watcher);
      }),
    takeAway() {
      held = false;
    },
    failNext(count, status) {
      failures = { left: count, status };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
