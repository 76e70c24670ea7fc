import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import * as z from "zod";
import { draftChartSchema, speakerSchema } from "#domain/ai/job.ts";
import { type CommandIo, operatorCommand, writeLine } from "../command-io.ts";
import { draftNote } from "../notes/draft.ts";

const usage = `jamemr draft [--jsonl] < in > out

Drafts notes from transcripts. Reads JSON Lines
  {id, segments: [{id, start?, end?, speaker: "clinician"|"patient"|"other"|"unknown", text}], chart?}
and writes one draft per line, in the same order:
  {id, sections, medications, omitted, removed, engine, milliseconds}
  --jsonl   compact output, one line each (the default prints the same, indented)`;

const inputSchema = z.object({
  id: z.union([z.string(), z.number()]),
  segments: z.array(
    z.object({
      id: z.string().min(1),
      start: z.number().optional(),
      end: z.number().optional(),
      speaker: speakerSchema,
      text: z.string(),
    }),
  ),
  chart: z.object(draftChartSchema.shape).optional(),
});

function draftLine(line: string): object {
  const { id, segments, chart } = inputSchema.parse(JSON.parse(line));
  return { id, ...draftNote(segments, chart) };
}

/** Names the field that is wrong, and never repeats what was said in it. */
function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `${issue?.path.join(".") || "line"}: ${issue?.code ?? "invalid"}`;
  }
  return error instanceof SyntaxError ? "not JSON" : "cannot be drafted";
}

/**
 * `jamemr draft [--jsonl] < in > out`. A line that cannot be read is told on stderr and does not stop the others.
 * @returns exit code
 */
export async function draftCommand(args: readonly string[], io: CommandIo): Promise<number> {
  let values: { jsonl?: boolean; help?: boolean };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: { jsonl: { type: "boolean" }, help: { type: "boolean" } },
    }));
  } catch {
    await writeLine(io.stderr, usage);
    return 2;
  }
  if (values.help) {
    await writeLine(io.stdout, usage);
    return 0;
  }
  let code = 0;
  let number = 0;
  for await (const line of createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === "") continue;
    try {
      await writeLine(io.stdout, JSON.stringify(draftLine(line), null, values.jsonl ? undefined : 2));
    } catch (error) {
      code = 1;
      await writeLine(io.stderr, `line ${number}: ${reasonOf(error)}`);
    }
  }
  return code;
}

export const command = operatorCommand(
  { name: "draft", summary: "turn transcripts into note drafts with evidence", usage },
  draftCommand,
);
