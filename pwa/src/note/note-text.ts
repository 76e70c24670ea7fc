import { type JSONContent, Mark } from "@tiptap/core";
import type { TextRun } from "#domain/note/index.ts";
import { LONGEST_RUN } from "#domain/note/note.schema.ts";
import { inRuns } from "#domain/note/text-runs.ts";
import { storableText } from "#domain/sync/storable.ts";

/** Where a stretch of text came from (C11), carried through editing. Typed text has no mark. */
export const OriginMark = Mark.create({
  name: "origin",
  // What is typed right behind a said sentence is typed, not said.
  inclusive: false,
  addAttributes: () => ({
    origin: { default: "said", parseHTML: (element) => element.dataset.origin ?? "said" },
    evidence: { default: "", parseHTML: (element) => element.dataset.evidence ?? "" },
  }),
  parseHTML: () => [{ tag: "span[data-origin]" }],
  renderHTML: ({ HTMLAttributes }) => [
    "span",
    { "data-origin": HTMLAttributes.origin, "data-evidence": HTMLAttributes.evidence },
    0,
  ],
});

/** Runs as the editor's document: a paragraph for each line. */
export function documentOf(runs: readonly TextRun[]): JSONContent {
  const paragraphs: JSONContent[][] = [[]];
  for (const run of runs) {
    const lines = run.text.split("\n");
    lines.forEach((line, index) => {
      if (index > 0) paragraphs.push([]);
      if (line === "") return;
      const marks =
        run.origin === "typed"
          ? []
          : [{ type: "origin", attrs: { origin: run.origin, evidence: (run.evidence ?? []).join(" ") } }];
      paragraphs.at(-1)!.push({ type: "text", text: line, ...(marks.length > 0 ? { marks } : {}) });
    });
  }
  return {
    type: "doc",
    content: paragraphs.map((content) => ({ type: "paragraph", ...(content.length > 0 ? { content } : {}) })),
  };
}

const sameSource = (a: TextRun, b: TextRun): boolean =>
  a.origin === b.origin && (a.evidence ?? []).join(" ") === (b.evidence ?? []).join(" ");

/**
 * The editor's document as runs; neighbours with the same origin and evidence are one run, also over the ends of lines:
 * a long text from one place is not taken apart into as many pieces as it has lines.
 */
export function runsOf(document: JSONContent): TextRun[] {
  const runs: TextRun[] = [];
  const add = (run: TextRun) => {
    const [before, last] = [runs.at(-2), runs.at(-1)];
    const brokenOff = run.evidence && before && sameSource(before, run) && /^\n+$/.test(last!.text);
    const text = (brokenOff ? before.text : "") + (last?.text ?? "") + run.text;
    if (!last || text.length > LONGEST_RUN) runs.push(...inRuns(run));
    else if (sameSource(last, run)) runs[runs.length - 1] = { ...last, text };
    else if (brokenOff) runs.splice(-2, 2, { ...before, text });
    else runs.push(run);
  };
  (document.content ?? []).forEach((paragraph, index) => {
    if (index > 0) add({ text: "\n", origin: "typed" });
    for (const node of paragraph.content ?? []) {
      if (node.type === "hardBreak") add({ text: "\n", origin: "typed" });
      else if (node.text) add(runOf(node));
    }
  });
  const blank = runs.every((run) => run.text.trim() === "");
  return blank ? [] : runs.map((run) => ({ ...run, text: storableText(run.text) }));
}

function runOf(node: JSONContent): TextRun {
  const attributes = node.marks?.find((mark) => mark.type === "origin")?.attrs;
  const text = node.text ?? "";
  if (!attributes) return { text, origin: "typed" };
  const evidence = String(attributes.evidence ?? "")
    .split(" ")
    .filter(Boolean);
  return {
    text,
    origin: attributes.origin as TextRun["origin"],
    ...(evidence.length > 0 ? { evidence } : {}),
  };
}
