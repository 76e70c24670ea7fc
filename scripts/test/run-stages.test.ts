import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countCheck, countPlaywright, countSimulation, countVitest } from "./reports.ts";
import { runStages } from "./run-stages.ts";
import type { Stage } from "./stages.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "jamemr-stages-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const good = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, testResults: [] };

/** A stage that runs this program; `report` in it is the path of the report. */
function stage(name: string, program: string, changed: Partial<Stage> = {}): Stage {
  writeFileSync(
    join(root, `${name}.mjs`),
    `import fs from "node:fs"; const report = process.argv[2]; ${program}`,
  );
  return {
    name,
    needs: `${name}.mjs`,
    command: (report) => [`${name}.mjs`, report],
    count: countVitest,
    limit: 10_000,
    ...changed,
  };
}
const reporting = (report: object, then = "") =>
  `fs.writeFileSync(report, ${JSON.stringify(JSON.stringify(report))});${then}`;

async function run(...stages: Stage[]): Promise<{ failures: number; lines: string[] }> {
  const lines: string[] = [];
  const failures = await runStages(stages, { root, full: false, say: (line) => lines.push(line) });
  return { failures, lines };
}

describe("runStages", () => {
  it("sums what the runners report and ends with the line that CI reads", async () => {
    const bad = { ...good, numPassedTests: 4, numFailedTests: 2 };
    const { failures, lines } = await run(
      stage("one", reporting(good)),
      stage("two", reporting(bad, "process.exit(1)")),
    );
    expect(failures).toBe(2);
    expect(lines.at(-1)).toBe("7 passed, 2 failed");
  });

  it("says again what failed, after everything that the runners printed", async () => {
    const assertionResults = [
      { status: "passed", fullName: "adds" },
      { status: "failed", fullName: "clock stands still", failureMessages: ["expected 1\nto be 2"] },
    ];
    const testResults = [{ status: "failed", name: "clock.test.ts", assertionResults }];
    const bad = { numPassedTests: 1, numFailedTests: 1, testResults };
    const { lines } = await run(
      stage("one", reporting(bad, "process.exit(1)")),
      stage("two", reporting(good)),
    );
    expect(lines.slice(lines.indexOf("\n── two") + 1)[0]).toBe(
      "\n✘ one: clock.test.ts › clock stands still\nexpected 1\nto be 2",
    );
    expect(lines.join("\n")).not.toContain("adds");
  });

  it.each([
    ["a runner that crashes after good news", reporting(good, "process.exit(3)"), /ended with status 3/],
    ["one that is killed", reporting(good, "process.kill(process.pid, 'SIGKILL')"), /ended with SIGKILL/],
    ["one that leaves no report", "", /left no report/],
    ["one whose report is cut short", 'fs.writeFileSync(report, "{")', /left no report/],
    ["one without tests", reporting({ numPassedTests: 0 }), /reported no tests/],
    ["one that does not exist", "nonsense(", /left no report, ended with status 1/],
  ])("counts %s as failed", async (_what, program, note) => {
    const { failures, lines } = await run(stage("one", program));
    expect(failures).toBe(1);
    expect(lines.join("\n")).toMatch(note);
    expect(lines.at(-1)).toMatch(/^\d passed, 1 failed$/);
  });

  it("ends a runner that hangs", async () => {
    const { lines } = await run(stage("one", "setInterval(() => {}, 1000)", { limit: 300 }));
    expect(lines.join("\n")).toContain("no end within 0.3 s");
    expect(lines.at(-1)).toBe("0 passed, 1 failed");
  });

  it("fails for a stage that is not there, unless it is still to come", async () => {
    expect((await run(stage("one", "", { needs: "nowhere" }))).failures).toBe(1);
    expect((await run(stage("one", "", { needs: "nowhere", pending: true }))).failures).toBe(0);
  });

  it("reads a report from standard output", async () => {
    const simulation = stage(
      "one",
      "console.log(JSON.stringify({seeds: 5, failures: 1, faults: {F01: 2, F02: 0}, bugs: {B1: {found: true, seed: 7}, B2: {found: false, seed: null}}}))",
      {
        reportOnStdout: true,
        count: countSimulation,
      },
    );
    expect((await run(simulation)).lines.at(-1)).toBe("6 passed, 3 failed");
  });
});

describe("reports", () => {
  it("count a test file that could not be loaded", () => {
    const testResults = [
      { status: "failed", name: "a.test.ts", message: "no module b.ts", assertionResults: [] },
      { status: "failed", name: "c.test.ts", assertionResults: [{ status: "failed", fullName: "adds" }] },
    ];
    expect(countVitest({ numPassedTests: 1, numFailedTests: 1, testResults })).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
      failures: ["a.test.ts\nno module b.ts", "c.test.ts › adds\n"],
    });
  });

  it("count a Playwright test that needed a second try as failed, and name it with its suites", () => {
    const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 2 };
    const tests = (status: string, ...messages: string[]) => [
      { status, results: [{}, ...messages.map((message) => ({ error: { message } }))] },
    ];
    const suite = {
      title: "board.spec.ts",
      specs: [{ title: "opens", tests: tests("flaky", "\u001b[31mtoo late\u001b[0m") }],
      suites: [{ title: "a day", specs: [{ title: "ends", tests: tests("unexpected", "closed") }] }],
    };
    const quiet = { title: "quiet.spec.ts", specs: [{ title: "passes", tests: tests("expected") }] };
    expect(countPlaywright({ stats, errors: [{ message: "no browser" }], suites: [suite, quiet] })).toEqual({
      passed: 4,
      failed: 3,
      skipped: 2,
      failures: ["no browser", "board.spec.ts › opens\ntoo late", "board.spec.ts › a day › ends\nclosed"],
    });
  });

  it("show the pages on which a journey failed", () => {
    const contexts = ["# Page snapshot\n\n", "# Error details\n\n```\nclosed\n```\n\n"].map((heading, i) => {
      const path = join(root, `error-context-${i}.md`);
      const page = `- main [ref=e4]:\n  - button "Sign ${i}" [ref=e5] [cursor=pointer]\n`;
      writeFileSync(path, `# Error\n\n${heading}\`\`\`yaml\n${page}\`\`\`\n\n# Test source\n`);
      return { name: "error-context", path };
    });
    const result = { error: { message: "closed" }, attachments: [...contexts, ...contexts] };
    const specs = [{ title: "ends", tests: [{ status: "unexpected", results: [result] }] }];
    const report = { stats: { unexpected: 1 }, suites: [{ title: "a day", specs }] };
    expect(countPlaywright(report).failures).toEqual([
      'a day › ends\nclosed\n- main:\n  - button "Sign 0"\n- main:\n  - button "Sign 1"',
    ]);
  });

  it("name a seed by how it is played again, and a fault that never happened", () => {
    const failed = [
      { seed: 7, violations: ["I6: one record too many"], replay: "npm run simulate -- --seed 7" },
    ];
    const report = { seeds: 5, failures: 1, faults: { F01: 2, F02: 0 }, bugs: {}, failed };
    expect(countSimulation(report).failures).toEqual([
      "npm run simulate -- --seed 7\nI6: one record too many",
      "F02 never happened, or was not found",
    ]);
  });

  it("hand on what a check says", () => {
    const failures = ["types\nerror TS2322"];
    expect(countCheck({ passed: 3, failed: 1, failures })).toEqual({
      passed: 3,
      failed: 1,
      skipped: 0,
      failures,
    });
  });
});
