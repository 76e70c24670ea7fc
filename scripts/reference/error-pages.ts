import { type ErrorCode, type ErrorEntry, errorCatalog } from "#domain/errors/catalog.ts";
import { operatorNotes } from "#domain/errors/operator-notes.ts";
import { startErrors } from "../start-errors.mjs";
import { code, page, paragraph, table } from "./markdown.ts";
import { grouped, headings } from "./source-comments.ts";

/** docs/reference/errors.md */
export function errorsPage(): string {
  const groups = grouped(
    Object.entries(errorCatalog) as [ErrorCode, ErrorEntry][],
    headings("domain/errors/catalog.ts", "Requests"),
  );
  return page(
    "Errors",
    "domain/errors/catalog.ts",
    paragraph(
      "Every refusal and failure has a code that stays the same between versions. Over HTTP it is " +
        "`application/problem+json` (RFC 9457) with `type`, `title`, `status`, `code`, `requestId`, sometimes `detail`, and " +
        "`auditSeq` when the denial was recorded. *Retry* says whether the same request may succeed later without anybody's help.",
    ),
    ...groups.flatMap(([heading, entries]) => [
      `## ${heading}`,
      table(
        ["Code", "Status", "Retry", "A person reads", "Practice IT reads"],
        entries.map(([name, { status, retry, message }]) => [
          code(name),
          String(status),
          retry ? "yes" : "no",
          message,
          operatorNotes[name],
        ]),
      ),
    ]),
  );
}

/** Stands for the facts of a start that failed: every fact is its own name. */
const factNames = new Proxy({}, { get: (_target, name) => `‹${String(name)}›` });

/** docs/reference/start-errors.md */
export function startErrorsPage(): string {
  const explain = Object.entries(startErrors) as [string, (facts: Record<string, string>) => string][];
  const groups = grouped(explain, headings("scripts/start-errors.mjs", "Before anything is installed"));
  return page(
    "When JamEMR does not start",
    "scripts/start-errors.mjs",
    paragraph(
      "`npm start` ends with status 1 and prints `JamEMR did not start (<code>).` with one of these paragraphs. The words in " +
        "‹angle quotes› are filled in.",
    ),
    ...groups.flatMap(([heading, entries]) => [
      `## ${heading}`,
      ...entries.map(([name, text]) => `**${code(name)}**  \n${paragraph(text(factNames))}`),
    ]),
    "## How a failed start is noticed by other programs",
    paragraph(
      "The exit status is 1, the paragraph goes to standard error, and the line `JamEMR is ready: …` never appears on " +
        "standard output. A clean stop (SIGINT, SIGTERM) ends with status 0.",
    ),
  );
}
