import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Transcript } from "#domain/ai/job.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { explainSystemError } from "#domain/kernel/command.ts";
import { decodeAudio } from "../audio/decode-audio.ts";
import { type CommandIo, operatorCommand, writeLine } from "../command-io.ts";
import { defaultModelCache, prepareModels } from "../models/prepare-models.ts";
import { createSpeechPool, type SpeechPool } from "../speech/speech-pool.ts";
import { transcribe } from "../speech/transcribe.ts";

const usage = `jamemr transcribe FILE… [--json]

Transcribes recordings (wav, flac, webm, ogg/opus, mp4/opus) on this machine.
  --json   one JSON object per line: {file, segments, gaps, model, audioSeconds, wallSeconds}
Models come from JAMEMR_MODELS, else from the data folder, else from the user's model cache.
JAMEMR_SPEECH_MODEL=moonshine-tiny-q8 needs less memory.`;

/** The models folder, filled if need be. Makes no data folder: that would look like a practice. */
async function modelsFolder(env: NodeJS.ProcessEnv): Promise<string> {
  const ofPractice = join(env.JAMEMR_DATA ?? "data", "models");
  const cacheDir = defaultModelCache(env);
  const modelsDir = env.JAMEMR_MODELS ?? (existsSync(ofPractice) ? ofPractice : join(cacheDir, "folders"));
  await prepareModels({ cacheDir, modelsDir });
  return modelsDir;
}

const clock = (seconds: number): string =>
  `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${(seconds % 60).toFixed(1).padStart(4, "0")}`;

async function transcribeFile(pool: SpeechPool, file: string): Promise<Transcript> {
  const audio = await decodeAudio(await readFile(file));
  return { ...(await transcribe(pool, [{ audio, startOffset: 0 }])), gaps: [] };
}

async function print(io: CommandIo, file: string, transcript: Transcript, json: boolean): Promise<void> {
  const { segments, gaps, model, audioSeconds, wallSeconds } = transcript;
  if (json) {
    await writeLine(io.stdout, JSON.stringify({ file, segments, gaps, model, audioSeconds, wallSeconds }));
    return;
  }
  await writeLine(io.stdout, `${file} (${audioSeconds} s)`);
  for (const { start, end, speaker, text } of segments) {
    await writeLine(io.stdout, `  ${clock(start)}–${clock(end)}  ${speaker}: ${text}`);
  }
}

const reasonOf = (error: unknown): string => {
  if (error instanceof DomainError) return `${error.code}: ${error.message} (${String(error.detail)})`;
  return explainSystemError(error) ?? (error instanceof Error ? error.message : String(error));
};

/**
 * `jamemr transcribe FILE… [--json]`. A file that cannot be read is told on stderr and does not stop the others.
 * @returns exit code
 */
export async function transcribeCommand(args: readonly string[], io: CommandIo): Promise<number> {
  let parsed: { values: { json?: boolean; help?: boolean }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      options: { json: { type: "boolean" }, help: { type: "boolean" } },
      allowPositionals: true,
    });
  } catch (error) {
    await writeLine(io.stderr, `${reasonOf(error)}\n\n${usage}`);
    return 2;
  }
  const { values, positionals: files } = parsed;
  if (values.help || files.length === 0) {
    await writeLine(values.help ? io.stdout : io.stderr, usage);
    return values.help ? 0 : 2;
  }
  const modelId = process.env.JAMEMR_SPEECH_MODEL ?? "moonshine-base-q8";
  const modelsDir = await modelsFolder(process.env);
  const pool = await createSpeechPool({ modelsDir, modelId, device: "cpu", workers: 2 });
  let code = 0;
  try {
    for (const file of files) {
      try {
        await print(io, file, await transcribeFile(pool, file), values.json ?? false);
      } catch (error) {
        code = 1;
        await writeLine(io.stderr, `${file}: ${reasonOf(error)}`);
      }
    }
  } finally {
    await pool.close();
  }
  return code;
}

export const command = operatorCommand(
  { name: "transcribe", summary: "turn recordings into text with speakers", usage },
  transcribeCommand,
);
