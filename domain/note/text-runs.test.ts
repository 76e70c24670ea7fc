import { describe, expect, test } from "vitest";
import { newId } from "../kernel/id.ts";
import { sectionText } from "./note.rules.ts";
import { emptyContent, type TextRun, textRunSchema } from "./note.schema.ts";
import { asTyped, capturedRuns, capturesIn, isSaid, sectionsWith, withoutCaptures } from "./text-runs.ts";

const capture = { id: newId(), text: "Rash since Tuesday,\nmother agrees to a cream\n" };
const runOf = (...args: Parameters<typeof capturedRuns>) => capturedRuns(...args)[0]!;
const typed = (text: string): TextRun => ({ text, origin: "typed" });

describe("words of a capture in a note", () => {
  test("C11 C26 come from the chart, with their author before them, and play nothing", () => {
    const run = runOf(capture, "Maya Okafor, MD:");
    expect(textRunSchema.parse(run)).toEqual(run);
    expect(run).toMatchObject({ origin: "chart", text: `Maya Okafor, MD:\n${capture.text.trim()}` });
    expect(isSaid(run)).toBe(false);
    expect(isSaid({ ...run, origin: "said" })).toBe(true);
  });

  test("of the longest capture fit, and none is cut within a character", () => {
    const whose = "Maya Okafor, MD:";
    const long = "\u{1F9B6}".repeat(10_000);
    const runs = capturedRuns({ ...capture, text: long }, whose);
    expect(runs.map((run) => textRunSchema.safeParse(run).success)).toEqual([true, true]);
    expect(sectionText(runs)).toBe(`${whose}\n${long}`);
    for (const { text } of runs) expect(text.isWellFormed()).toBe(true);
  });

  test("are known again after somebody changed them, and only those", () => {
    const run = runOf(capture, "Maya Okafor, MD:");
    const shortened = { ...run, text: "Rash" };
    const content = { ...emptyContent(), objective_exam: [typed("Alert."), shortened] };
    expect(capturesIn(content.objective_exam)).toEqual([capture.id]);
    expect(sectionsWith(content, capture.id)).toEqual(["objective_exam"]);
    expect(sectionsWith(content, newId())).toEqual([]);
    // Typed by hand from it, or said: nobody can tell where those are from.
    expect(capturesIn([typed(run.text), { text: "Rash", origin: "said", evidence: run.evidence! }])).toEqual(
      [],
    );
  });

  test("C05 go without a gap, and what was typed around them stays", () => {
    const other = runOf({ id: newId(), text: "Another" }, "Daniel Reyes, NP:");
    const runs = [typed("Before"), typed("\n"), runOf(capture, "Maya:"), typed(" after"), other];
    const kept = withoutCaptures(runs, new Set([capture.id]));
    expect(sectionText(kept)).toBe("Before afterDaniel Reyes, NP:\nAnother");
    expect(withoutCaptures(kept, new Set([capture.id]))).toBe(kept);
  });

  test("can be taken as one's own, word for word", () => {
    const runs = [typed("Before"), runOf(capture, "Maya:")];
    const own = asTyped(runs, new Set([capture.id]));
    expect(sectionText(own)).toBe(sectionText(runs));
    expect(capturesIn(own)).toEqual([]);
    expect(asTyped(runs, new Set([newId()]))).toEqual(runs);
  });
});
