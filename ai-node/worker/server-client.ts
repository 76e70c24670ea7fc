import { type Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import * as z from "zod";
import {
  type AiJob,
  aiJobSchema,
  type JobClaim,
  type JobCompletion,
  type JobFailure,
  type JobProgress,
  type NodeHeartbeat,
} from "#domain/ai/job.ts";
import {
  type AuditHead,
  auditHeadSchema,
  type HistoryProof,
  historyProofSchema,
  type ProofRequest,
} from "#domain/audit/witness.ts";

/** The server answered, and its answer is no. */
export class ServerRefusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(`the server answered ${status} ${code}`);
    this.name = "ServerRefusal";
    this.status = status;
    this.code = code;
  }
}

/** The server cannot be reached, or something between answered in its place. Worth trying again. */
export class ServerUnreachable extends Error {
  constructor(why: string) {
    super(`the server cannot be reached: ${why}`);
    this.name = "ServerUnreachable";
  }
}

/** The sync server as the node knows it. Every call carries the node's token and may be aborted. */
export interface ServerClient {
  announce(heartbeat: NodeHeartbeat, signal?: AbortSignal): Promise<void>;
  /** Waits for work. Null when there is none. */
  claim(claim: JobClaim, signal?: AbortSignal): Promise<AiJob | null>;
  audio(jobId: string, part: number, signal?: AbortSignal): Promise<Uint8Array>;
  heartbeat(jobId: string, signal?: AbortSignal): Promise<void>;
  progress(jobId: string, progress: JobProgress, signal?: AbortSignal): Promise<void>;
  complete(jobId: string, completion: JobCompletion, signal?: AbortSignal): Promise<void>;
  fail(jobId: string, failure: JobFailure, signal?: AbortSignal): Promise<void>;
  /** The newest signed head of the audit log, and its key. */
  checkpoint(signal?: AbortSignal): Promise<AuditHead>;
  /** Null when the log is not that long. */
  prove(request: ProofRequest, signal?: AbortSignal): Promise<HistoryProof | null>;
}

export interface ServerAddress {
  readonly url: URL;
  /** Asked before each call, so that a renewed token is used without a restart. */
  readonly token: () => Promise<string>;
  /** Certificate authority of the practice, PEM. */
  readonly ca?: string | undefined;
}

interface Reply {
  readonly status: number;
  readonly body: Buffer;
}

/** Silence of this length ends a call, in milliseconds. A long poll stays below it. */
const SILENCE = 60_000;
/** A sign of life that hangs must not keep the next one from being sent. */
const HEARTBEAT_SILENCE = 5_000;
const LARGEST_JSON = 8 * 1024 * 1024;
/** Largest recording part: 12 hours of 48 kHz PCM do not fit, hours of Opus do. */
const LARGEST_AUDIO = 2 * 1024 * 1024 * 1024 - 1;

const problemSchema = z.looseObject({ code: z.string().max(64) });

function codeOf({ body }: Reply): string {
  try {
    return problemSchema.parse(JSON.parse(body.toString("utf8"))).code;
  } catch {
    return "unknown";
  }
}

/** Collects a body; more than promised or allowed is an error and not a full memory. */
async function collect(response: IncomingMessage, largest: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) {
      response.destroy();
      throw new ServerUnreachable("the answer is too large");
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly largest?: number;
  /** Milliseconds. */
  readonly silence?: number;
}

/**
 * Speaks the job protocol over HTTP on this machine, or HTTPS with the practice's own certificate authority. It never
 * follows a redirect: the token goes to the configured server only.
 */
export function createServerClient({ url, token, ca }: ServerAddress): ServerClient {
  const secure = url.protocol === "https:";
  const agent: Agent | undefined = secure
    ? new HttpsAgent({ keepAlive: true, ...(ca && { ca }) })
    : undefined;

  const send = async ({
    method,
    path,
    body,
    signal,
    largest = LARGEST_JSON,
    silence = SILENCE,
  }: Call): Promise<Reply> => {
    const bearer = await token();
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers = {
      authorization: `Bearer ${bearer}`,
      accept: "application/json",
      ...(payload && { "content-type": "application/json", "content-length": payload.length }),
    };
    return new Promise<Reply>((resolve, reject) => {
      const unreachable = (error: Error) =>
        reject(error instanceof ServerUnreachable ? error : new ServerUnreachable(error.message));
      const start = secure ? httpsRequest : httpRequest;
      const request = start(new URL(path, url), {
        method,
        headers,
        ...(agent && { agent }),
        ...(signal && { signal }),
      });
      request.setTimeout(silence, () => request.destroy(new Error("no answer in time")));
      request.on("error", unreachable);
      request.on("response", (response) => {
        collect(response, largest).then(
          (all) => resolve({ status: response.statusCode ?? 0, body: all }),
          unreachable,
        );
      });
      request.end(payload);
    });
  };

  const call = async (options: Call): Promise<Reply> => {
    const reply = await send(options);
    if (reply.status >= 500) throw new ServerUnreachable(`status ${reply.status}`);
    if (reply.status >= 300) throw new ServerRefusal(reply.status, codeOf(reply));
    return reply;
  };
  const post = (path: string, body: unknown, signal?: AbortSignal) =>
    call({ method: "POST", path, body, signal });
  const get = async <T>(path: string, answer: z.ZodType<T>, signal?: AbortSignal): Promise<T> => {
    const { body } = await call({ method: "GET", path, signal });
    try {
      return answer.parse(JSON.parse(body.toString("utf8")));
    } catch {
      throw new ServerUnreachable("the answer cannot be read");
    }
  };
  const alive = (path: string, body: unknown, signal?: AbortSignal) =>
    call({ method: "POST", path, body, signal, silence: HEARTBEAT_SILENCE });
  const about = (jobId: string, what: string) => `/api/ai/jobs/${encodeURIComponent(jobId)}/${what}`;

  return {
    announce: async (heartbeat, signal) => void (await alive("/api/ai/nodes/heartbeat", heartbeat, signal)),
    async claim(claim, signal) {
      const { status, body } = await post("/api/ai/jobs/claim", claim, signal);
      if (status === 204) return null;
      try {
        return aiJobSchema.parse(JSON.parse(body.toString("utf8")));
      } catch {
        throw new ServerUnreachable("the job cannot be read");
      }
    },
    audio: async (jobId, part, signal) =>
      (
        await call({
          method: "GET",
          path: about(jobId, `audio?part=${part}`),
          signal,
          largest: LARGEST_AUDIO,
        })
      ).body,
    heartbeat: async (jobId, signal) => void (await post(about(jobId, "heartbeat"), {}, signal)),
    progress: async (jobId, progress, signal) =>
      void (await post(about(jobId, "progress"), progress, signal)),
    complete: async (jobId, completion, signal) =>
      void (await post(about(jobId, "complete"), completion, signal)),
    fail: async (jobId, failure, signal) => void (await post(about(jobId, "fail"), failure, signal)),
    checkpoint: (signal) => get("/api/audit/checkpoint", auditHeadSchema, signal),
    async prove({ epoch, from, to }, signal) {
      try {
        const path = `/api/audit/proof?epoch=${epoch}&from=${from}&to=${to}`;
        return await get(path, historyProofSchema, signal);
      } catch (error) {
        if (error instanceof ServerRefusal && error.code === "history_shorter") return null;
        throw error;
      }
    },
  };
}
