import * as z from "zod";
import { duplicateFields, factFields, factNote, sameThing } from "../chart/index.ts";
import { dateSchema } from "../kernel/instant.ts";

export const problemStatuses = ["active", "resolved", "entered-in-error"] as const;

/** A condition on the problem list. */
export const problemSchema = z.strictObject({
  ...factFields,
  ...duplicateFields,
  /** ICD-10-CM; null when only words are known. */
  code: z.string().max(10).nullable(),
  title: z.string().trim().min(1).max(200),
  onset: dateSchema.nullable(),
  status: z.enum(problemStatuses),
  resolvedOn: dateSchema.nullable(),
  note: factNote,
});
export type Problem = z.infer<typeof problemSchema>;

export const isCurrentProblem = (problem: Pick<Problem, "status">): boolean => problem.status === "active";

/** Whether two entries are about one problem (C12). */
export const isSameProblem = (a: Problem, b: Problem): boolean =>
  sameThing({ code: a.code, words: a.title }, { code: b.code, words: b.title });
