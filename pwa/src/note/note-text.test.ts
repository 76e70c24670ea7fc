import { expect, test } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { sectionText, type TextRun } from "#domain/note/index.ts";
import { templateRuns, templatesFor } from "#domain/note/note-templates.ts";
import { capturedRuns } from "#domain/note/text-runs.ts";
import { appended } from "./appended.ts";
import { documentOf, runsOf } from "./note-text.ts";

const again = (runs: readonly TextRun[]) => runsOf(documentOf(runs));

test("words of several lines from one place are one run, however many lines they have", () => {
  const text = Array.from({ length: 600 }, (_, i) => (i % 3 ? `line ${i}` : "")).join("\n");
  const runs = appended([{ text: "Alert.", origin: "typed" }], capturedRuns({ id: newId(), text }, "Maya:"));
  expect(again(runs)).toEqual([{ text: "Alert.\n", origin: "typed" }, runs.at(-1)]);
  expect(again(again(runs))).toEqual(again(runs));
});

test("what is typed between two lines of them is typed, and each part keeps where it is from", () => {
  const run = capturedRuns({ id: newId(), text: "one" }, "Maya:")[0]!;
  const runs: TextRun[] = [
    run,
    { text: "\nmine\n", origin: "typed" },
    { ...run, text: "two" },
    { text: "\n", origin: "typed" },
    { ...run, text: "other", evidence: ["another/typed"] },
  ];
  expect(again(runs)).toEqual(runs);
});

test("C11 sentences of a template on two lines are not joined: each is accepted by itself", () => {
  const runs = templateRuns(templatesFor("objective_exam")[0]!).filter(({ origin }) => origin === "template");
  const lines = runs.flatMap((run, i): TextRun[] => [
    ...(i > 0 ? [{ text: "\n", origin: "typed" as const }] : []),
    run,
  ]);
  expect(again(lines)).toEqual(lines);
});

test("words that are put into an empty section begin it", () => {
  const run = capturedRuns({ id: newId(), text: "one" }, "Maya:")[0]!;
  expect(appended([{ text: " \n", origin: "typed" }], [run])).toEqual([run]);
});

test("a long text is several runs, each of which a note takes", () => {
  const runs = capturedRuns({ id: newId(), text: `${"x".repeat(19_000)}\n${"y".repeat(999)}` }, "Maya:");
  const typed = again([...runs, { text: `\n${"z".repeat(45_000)}`, origin: "typed" }]);
  expect(sectionText(typed)).toHaveLength(19_000 + 1 + 999 + "Maya:\n".length + 1 + 45_000);
  for (const { text } of typed) expect(text.length).toBeLessThanOrEqual(20_000);
  expect(again(typed)).toEqual(typed);
});
