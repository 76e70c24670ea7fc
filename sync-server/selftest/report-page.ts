import { type Area, areas } from "./expectation.ts";
import { type Judged, type Outcome, outcomes, type SelfTestReport } from "./report.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const text = (value: string): string => value.replace(/[&<>"']/g, (character) => escapes[character]!);

const style = `
:root { color-scheme: light dark; --ink: #1a1b1e; --faint: #5c5f66; --line: #ced4da; --paper: #fff; --good: #2b8a3e; --bad: #c92a2a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e9ecef; --faint: #a6a7ab; --line: #495057; --paper: #1a1b1e; --good: #69db7c; --bad: #ff8787; }
}
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
h1 { margin-bottom: .25rem; } h2 { margin-top: 2rem; }
p.verdict { font-size: 1.3rem; font-weight: 600; } .passed { color: var(--good); } .failed { color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; } dt { color: var(--faint); } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; font-size: .87rem; }
table.list { table-layout: fixed; } .list th:nth-child(1) { width: 24%; } .list th:nth-child(4) { width: 8.5rem; } .list th:nth-child(5) { width: 7rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
td.id { font-family: ui-monospace, monospace; font-size: .8rem; } td.outcome { font-weight: 600; white-space: nowrap; }
.number { text-align: right; }
@media print {
  :root { --ink: #000; --faint: #444; --line: #bbb; --paper: #fff; --good: #000; --bad: #000; }
  body { margin: 0; max-width: none; font-size: 10pt; } thead { display: table-header-group; } tr { break-inside: avoid; }
}
`;

/** `12, 15–18` */
export function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const next of [...new Set(numbers)].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && next === run[1] + 1) run[1] = next;
    else runs.push([next, next]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
}

const marks: Readonly<Record<Outcome, string>> = { passed: "✓", failed: "✗", "not applicable": "–" };

const row = ({ id, expected, happened, outcome, auditRecords }: Judged): string => `<tr>
<td class="id">${text(id)}</td><td>${text(expected)}</td><td>${text(happened)}</td>
<td class="outcome ${outcome === "not applicable" ? "" : outcome}">${marks[outcome]} ${outcome}</td><td>${ranges(auditRecords)}</td></tr>`;

const table = (judged: readonly Judged[]): string => `<table class="list">
<thead><tr><th>Expectation</th><th>Expected</th><th>Happened</th><th>Outcome</th><th>Audit records</th></tr></thead>
<tbody>
${judged.map(row).join("\n")}
</tbody></table>`;

const section = (heading: string, judged: readonly Judged[]): string =>
  judged.length === 0 ? "" : `<h2>${text(heading)}</h2>\n${table(judged)}\n`;

function summary(judged: readonly Judged[]): string {
  const count = (area: Area, outcome: Outcome) =>
    judged.filter((one) => one.area === area && one.outcome === outcome).length;
  const rows = (Object.keys(areas) as Area[]).map(
    (area) =>
      `<tr><td>${text(areas[area])}</td>${outcomes.map((outcome) => `<td class="number">${count(area, outcome)}</td>`).join("")}</tr>`,
  );
  return `<table><thead><tr><th></th>${outcomes.map((outcome) => `<th class="number">${outcome}</th>`).join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody></table>`;
}

const verdict = ({ passed, counts }: SelfTestReport): string =>
  passed
    ? `<p class="verdict passed">✓ Every boundary that was tried holds.</p>`
    : `<p class="verdict failed">✗ ${counts.failed} of ${counts.failed + counts.passed} boundaries that were tried do not hold.</p>`;

const facts = ({ url, practice, version, startedAt, endedAt, counts }: SelfTestReport): string =>
  [
    ["Practice", practice?.name ?? "nobody was signed in"],
    ...(practice
      ? [["Patients", practice.trial ? "invented: a trial practice" : "not a trial practice"]]
      : []),
    ["Address", url],
    ["Begun", startedAt],
    ["Ended", endedAt],
    ["Self-test of JamEMR", version],
    ["Expectations", outcomes.map((outcome) => `${counts[outcome]} ${outcome}`).join(", ")],
  ]
    .map(([name = "", value = ""]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`)
    .join("\n");

/** One file without scripts or anything from elsewhere: to read, to print, to hand to an auditor. */
export function reportPage(report: SelfTestReport): string {
  const { expectations } = report;
  const failed = expectations.filter(({ outcome }) => outcome === "failed");
  const sections = (Object.keys(areas) as Area[]).map((area) =>
    section(
      areas[area],
      expectations.filter((one) => one.area === area),
    ),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Self-test ${text(report.startedAt.slice(0, 10))}: ${report.passed ? "passed" : "failed"}</title>
<style>${style}</style>
</head>
<body>
<h1>Self-test of ${text(report.startedAt.slice(0, 10))}</h1>
${verdict(report)}
<dl>
${facts(report)}
</dl>
<p>A boundary that is <em>not applicable</em> was not tried, for the reason given: that says nothing about it. A record number
names the denial in the practice's audit log.</p>
${section("What does not hold", failed)}
<h2>By area</h2>
${summary(expectations)}
${sections.join("\n")}
</body>
</html>
`;
}
