import type { AiJob, Gap, JobCompletion, JobProgress, JobStage } from "#domain/ai/job.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { decodeAudio } from "../audio/decode-audio.ts";
import { sha256Of } from "../models/model-file.ts";
import { draftNote } from "../notes/draft.ts";
import type { SpeechPool } from "../speech/speech-pool.ts";
import { type PlacedAudio, transcribe } from "../speech/transcribe.ts";

export interface JobTools {
  readonly pool: SpeechPool;
  /** Plain bytes of one part. */
  readonly fetchPart: (part: number) => Promise<Uint8Array>;
  readonly onProgress: (progress: JobProgress) => void;
  readonly signal: AbortSignal;
}

/** Differences below this between promised and decoded length are rounding, in seconds. */
const LENGTH_TOLERANCE = 1;

/** What could not be heard of a part: all of it when `heard` is 0, its end when it breaks off early. */
function missingEnd(startOffset: number, promised: number, heard: number, truncated: boolean): Gap[] {
  if (!truncated || promised - heard < LENGTH_TOLERANCE) return [];
  return [{ start: startOffset + heard, end: startOffset + promised, reason: "truncated" }];
}

interface Decoded {
  readonly placed: PlacedAudio[];
  readonly gaps: Gap[];
  readonly inputs: string[];
}

async function decodeParts({ parts }: AiJob, { fetchPart, onProgress, signal }: JobTools): Promise<Decoded> {
  const placed: PlacedAudio[] = [];
  const gaps: Gap[] = [];
  const inputs: string[] = [];
  for (const [i, { part, sha256, seconds, startOffset }] of parts.entries()) {
    signal.throwIfAborted();
    const bytes = await fetchPart(part);
    const found = sha256Of(bytes);
    if (found !== sha256) throw new DomainError("checksum_mismatch", `part ${part}`);
    inputs.push(found);
    try {
      const audio = await decodeAudio(bytes);
      placed.push({ audio, startOffset });
      gaps.push(...missingEnd(startOffset, seconds, audio.seconds, audio.truncated));
    } catch (error) {
      // One unreadable part must not cost the others; a recording of nothing else fails below.
      if (!(error instanceof DomainError) || error.code !== "unsupported_audio") throw error;
      gaps.push({ start: startOffset, end: startOffset + seconds, reason: "unreadable" });
    }
    onProgress({ stage: "decode", done: (i + 1) / parts.length });
  }
  if (placed.length === 0) throw new DomainError("unsupported_audio", "no part can be read");
  return { placed, gaps, inputs };
}

/**
 * Does one job: fetch and check, decode, transcribe, draft.
 * @throws {DomainError} `checksum_mismatch` or `unsupported_audio`; the signal's reason when aborted
 */
export async function processJob(job: AiJob, tools: JobTools): Promise<JobCompletion> {
  const report = (stage: JobStage, done: number) => tools.onProgress({ stage, done });
  const { placed, gaps, inputs } = await decodeParts(job, tools);
  const heard = await transcribe(tools.pool, placed, {
    signal: tools.signal,
    onProgress: (done) => report("speech", done),
  });
  report("draft", 0);
  const draft = draftNote(heard.segments, job.chart);
  const allGaps = [...job.gaps, ...gaps].sort((a, b) => a.start - b.start);
  return { transcript: { ...heard, gaps: allGaps }, draft, inputs };
}
