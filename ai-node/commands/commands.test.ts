import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { gapSchema, modelSchema, noteDraftSchema, segmentSchema } from "#domain/ai/job.ts";
import { preparedModels } from "../testing/prepared-models.ts";
import { synthesizeDialogue } from "../testing/speech-synthesis/synthesize-dialogue.ts";
import { kneeVisit } from "../testing/speech-synthesis/visit-dialogue.ts";
import { draftCommand } from "./draft.ts";
import { transcribeCommand } from "./transcribe.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

function collector() {
  let text = "";
  const stream = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}

async function run(command: typeof draftCommand, args: string[], input = "") {
  const out = collector();
  const err = collector();
  const code = await command(args, { stdin: Readable.from([input]), stdout: out.stream, stderr: err.stream });
  return { code, out: out.text(), err: err.text() };
}

describe("draft", () => {
  const line = (id: string, text: string) =>
    JSON.stringify({
      id,
      segments: [{ id: "a", start: 1, end: 2, speaker: "patient", text }],
      chart: { sex: "female", age: 61 },
    });
  const outputSchema = noteDraftSchema.extend({ id: z.string() });

  test("writes one draft per line, in order, in the shape of the contract", async () => {
    const { code, out, err } = await run(
      draftCommand,
      ["--jsonl"],
      `${line("x", "My knee hurts.")}\n\n${line("y", "Hi.")}\n`,
    );
    expect([code, err]).toEqual([0, ""]);
    const drafts = out
      .trim()
      .split("\n")
      .map((each) => outputSchema.parse(JSON.parse(each)));
    expect(drafts.map(({ id }) => id)).toEqual(["x", "y"]);
    expect(drafts[0]!.sections).toMatchObject([
      { id: "subjective", sentences: [{ text: "Her knee hurts.", evidence: ["a"] }] },
    ]);
    expect(drafts[1]!.sections).toEqual([]);
  });

  test("a bad line costs itself only, and is not repeated on stderr", async () => {
    const bad = JSON.stringify({ id: "z", segments: [{ id: "a", speaker: "robot", text: "secret words" }] });
    const { code, out, err } = await run(
      draftCommand,
      ["--jsonl"],
      `{oops\n${bad}\n${line("x", "My knee hurts.")}\n`,
    );
    expect(code).toBe(1);
    expect(out.trim().split("\n")).toHaveLength(1);
    expect(err).toBe("line 1: not JSON\nline 2: segments.0.speaker: invalid_value\n");
  });

  test("--help helps, unknown flags do not", async () => {
    expect((await run(draftCommand, ["--help"])).code).toBe(0);
    expect((await run(draftCommand, ["--what"])).code).toBe(2);
  });
});

describe("transcribe", () => {
  let folder: string;
  let wav: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "jamemr-transcribe-"));
    wav = join(folder, "visit.wav");
    await writeFile(wav, (await synthesizeDialogue(kneeVisit.slice(0, 2))).wav);
    await writeFile(join(folder, "broken.webm"), "this is no sound");
  });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    vi.stubEnv("JAMEMR_MODELS", await preparedModels());
    return () => vi.unstubAllEnvs();
  });

  const outputSchema = z.strictObject({
    file: z.string(),
    segments: z.array(segmentSchema),
    gaps: z.array(gapSchema),
    model: modelSchema,
    audioSeconds: z.number(),
    wallSeconds: z.number(),
  });

  test("prints one JSON object per file; a file that cannot be read is told and costs nothing else", async () => {
    const broken = join(folder, "broken.webm");
    const { code, out, err } = await run(transcribeCommand, [
      broken,
      wav,
      join(folder, "none.wav"),
      "--json",
    ]);
    expect(code).toBe(1);
    expect(err).toContain(`${broken}: unsupported_audio`);
    expect(err).toMatch(/none\.wav: There is no file or folder/);
    const result = outputSchema.parse(JSON.parse(out));
    expect(result.file).toBe(wav);
    expect(result.segments.map(({ text }) => text).join(" ")).toMatch(/knee/i);
  });

  test("prints lines for people without --json", async () => {
    const { code, out } = await run(transcribeCommand, [wav]);
    expect(code).toBe(0);
    expect(out).toMatch(/visit\.wav \([\d.]+ s\)\n {2}00:0\d\.\d–00:0\d\.\d {2}clinician: /);
  });

  test("--help helps, no file does not", async () => {
    expect((await run(transcribeCommand, ["--help"])).code).toBe(0);
    expect((await run(transcribeCommand, [])).code).toBe(2);
  });
});
