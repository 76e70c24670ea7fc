import type { AiJob, JobCompletion } from "#domain/ai/job.ts";
import { newId } from "#domain/kernel/id.ts";

/**
 * A node that does as it is told, for tests of the server: it speaks the job protocol over real HTTP and needs no
 * models. It claims one job and then behaves.
 *
 * | behaviour | what it does |
 * |---|---|
 * | `good` | heartbeat, progress, fetches all audio, completes |
 * | `killed` | claims, fetches half of the audio, and is never heard of again |
 * | `silent` | claims and says nothing at all |
 * | `bad-json` | completes with bytes that are no JSON |
 * | `wrong-shape` | completes with JSON of another shape |
 * | `false-evidence` | completes with a draft that cites a segment that does not exist |
 * | `huge` | completes with 50 MB |
 * | `completes-twice` | completes, and completes again |
 * | `fails` | reports a failure |
 */
export type FakeNodeBehaviour =
  | "good"
  | "killed"
  | "silent"
  | "bad-json"
  | "wrong-shape"
  | "false-evidence"
  | "huge"
  | "completes-twice"
  | "fails";

export interface FakeNodeOptions {
  /** Address of the server, without path. */
  readonly url: string | URL;
  readonly token: string;
  readonly behaviour: FakeNodeBehaviour;
  readonly nodeId?: string;
  /** How long to wait for a job, in seconds. Default 5. */
  readonly waitSeconds?: number;
  /** What a good node returns. Default: one sentence of the patient. */
  readonly completion?: (job: AiJob) => JobCompletion;
}

export interface FakeNodeReport {
  /** Null when no job came. */
  readonly job: AiJob | null;
  /** Every call in order, with the status that the server gave. */
  readonly calls: readonly { readonly path: string; readonly status: number; readonly body: string }[];
}

const hash = "0".repeat(64);

/** A small result that the schemas accept. */
export function cannedCompletion(job: AiJob): JobCompletion {
  return {
    transcript: {
      segments: [
        {
          id: "s1",
          start: 0.5,
          end: 1.9,
          speaker: "clinician",
          text: "What brings you in?",
          confidence: 0.9,
          flags: [],
        },
        {
          id: "s2",
          start: 2.5,
          end: 5,
          speaker: "patient",
          text: "My knee hurts.",
          confidence: 0.9,
          flags: [],
        },
      ],
      gaps: job.gaps,
      audioSeconds: 5,
      wallSeconds: 0.5,
      model: { id: "fake", sha256: hash, version: "1" },
    },
    draft: {
      sections: [
        {
          id: "subjective",
          sentences: [{ text: "The patient's knee hurts.", evidence: ["s2"], confidence: 0.8 }],
        },
      ],
      medications: [],
      omitted: [],
      removed: [],
      engine: { id: "fake", version: "1" },
      milliseconds: 1,
    },
    inputs: job.parts.map(({ sha256 }) => sha256),
  };
}

function lie(behaviour: FakeNodeBehaviour, honest: JobCompletion): string {
  switch (behaviour) {
    case "bad-json":
      return '{"transcript": {"segments": [';
    case "wrong-shape":
      return JSON.stringify({
        ...honest,
        transcript: { ...honest.transcript, segments: "none" },
        admin: true,
      });
    case "false-evidence": {
      const sentences = [{ text: "The patient is fine.", evidence: ["s999"], confidence: 1 }];
      return JSON.stringify({
        ...honest,
        draft: { ...honest.draft, sections: [{ id: "subjective", sentences }] },
      });
    }
    case "huge":
      return JSON.stringify({ ...honest, padding: "x".repeat(50 * 1024 * 1024) });
    default:
      return JSON.stringify(honest);
  }
}

/** Claims one job and behaves as told. Resolves when the node has done all it is going to do. */
export async function runFakeNode(options: FakeNodeOptions): Promise<FakeNodeReport> {
  const { url, token, behaviour, nodeId = newId(), waitSeconds = 5, completion = cannedCompletion } = options;
  const calls: { path: string; status: number; body: string }[] = [];
  const call = async (method: "GET" | "POST", path: string, body?: string): Promise<string> => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    };
    try {
      const response = await fetch(new URL(path, url), {
        method,
        headers,
        ...(body !== undefined && { body }),
      });
      const text = await response.text();
      calls.push({ path, status: response.status, body: text.slice(0, 2_000) });
      return text;
    } catch {
      // A server may hang up on 50 MB: that is a fine answer.
      calls.push({ path, status: 0, body: "" });
      return "";
    }
  };
  const models = [{ id: "fake", sha256: hash }];
  await call(
    "POST",
    "/api/ai/nodes/heartbeat",
    JSON.stringify({ nodeId, name: "fake node", version: "0", device: "cpu", models }),
  );
  const claimed = await call(
    "POST",
    "/api/ai/jobs/claim",
    JSON.stringify({ nodeId, kinds: ["transcribe"], waitSeconds }),
  );
  if (calls.at(-1)!.status !== 200) return { job: null, calls };
  const job = JSON.parse(claimed) as AiJob;
  const about = (what: string) => `/api/ai/jobs/${job.id}/${what}`;
  if (behaviour === "silent") return { job, calls };
  await call("POST", about("heartbeat"), "{}");
  await call("POST", about("progress"), JSON.stringify({ stage: "decode", done: 0 }));
  const parts = behaviour === "killed" ? job.parts.slice(0, Math.ceil(job.parts.length / 2)) : job.parts;
  for (const { part } of parts) await call("GET", about(`audio?part=${part}`));
  if (behaviour === "killed") return { job, calls };
  if (behaviour === "fails") {
    await call("POST", about("fail"), JSON.stringify({ code: "unsupported_audio", message: "told to fail" }));
    return { job, calls };
  }
  const result = lie(behaviour, completion(job));
  await call("POST", about("complete"), result);
  if (behaviour === "completes-twice") await call("POST", about("complete"), result);
  return { job, calls };
}
