import { existsSync, readFileSync } from "node:fs";

/** What one runner says about itself. `skipped` is shown but does not count. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed, each by its name and the beginning of what it said. */
  readonly failures: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

const object = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});
const array = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const count = (value: unknown): number => (typeof value === "number" ? value : array(value).length);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
const beginning = (message: unknown): string =>
  text(message).replace(colour, "").split("\n").slice(0, 12).join("\n");

/** `scripts/check.ts --report`. */
export function countCheck(report: unknown): Counts {
  const { passed, failed, failures } = object(report);
  return { passed: count(passed), failed: count(failed), skipped: 0, failures: array(failures).map(text) };
}

/** Vitest's JSON reporter. A file that could not even be loaded has no tests to fail, and counts as one. */
export function countVitest(report: unknown): Counts {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = object(report);
  const unloaded = array(testResults)
    .map(object)
    .filter(({ status, assertionResults }) => status === "failed" && !array(assertionResults).some(isFailed));
  return {
    passed: count(numPassedTests),
    failed: count(numFailedTests) + unloaded.length,
    skipped: count(numPendingTests) + count(numTodoTests),
    failures: [
      ...unloaded.map(({ name, message }) => `${text(name)}\n${beginning(message)}`),
      ...array(testResults).map(object).flatMap(failedTests),
    ],
  };
}

const isFailed = (assertion: unknown): boolean => object(assertion).status === "failed";

const failedTests = ({ name, assertionResults }: Json): readonly string[] =>
  array(assertionResults)
    .filter(isFailed)
    .map(object)
    .map((test) => `${text(name)} › ${text(test.fullName)}\n${beginning(array(test.failureMessages)[0])}`);

/** Playwright's JSON reporter. A test that passed only on a second try has a fault that must not stay hidden. */
export function countPlaywright(report: unknown): Counts {
  const { stats, errors, suites } = object(report);
  const { expected, unexpected, flaky, skipped } = object(stats);
  return {
    passed: count(expected),
    failed: count(unexpected) + count(flaky) + count(errors),
    skipped: count(skipped),
    failures: [
      ...array(errors).map((error) => beginning(object(error).message)),
      ...array(suites).map(object).flatMap(failedSpecs),
    ],
  };
}

/** Playwright's suites stand in one another: the file, then each `describe`. */
function failedSpecs({ title, suites, specs }: Json): readonly string[] {
  const own = array(specs)
    .map(object)
    .flatMap(({ title, tests }) => array(tests).map((test) => ({ title, ...object(test) }) as Json))
    .filter(({ status }) => status === "unexpected" || status === "flaky")
    .map((test) => `${text(test.title)}\n${beginning(firstError(test))}${pagesOf(test)}`);
  const within = array(suites).map(object).flatMap(failedSpecs);
  return [...own, ...within].map((failure) => `${text(title)} › ${failure}`);
}

const firstError = ({ results }: Json): unknown =>
  array(results)
    .map((result) => object(object(result).error).message)
    .find((message) => message !== undefined);

/** What stood on the pages when the test ended, as Playwright keeps it beside the error: one context, one file. */
function pagesOf({ results }: Json): string {
  const files = array(results)
    .flatMap((result) => array(object(result).attachments).map(object))
    .filter(({ name }) => name === "error-context")
    .map(({ path }) => text(path));
  const pages = files
    .filter((file) => existsSync(file))
    .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/^```yaml\n([\s\S]*?)^```/gm)])
    .map(([, page = ""]) => page.replace(/ \[(?:ref=\w+|cursor=\w+)\]/g, "").trimEnd());
  return [...new Set(pages)].map((page) => `\n${page}`).join("");
}

/**
 * The simulator's `--json`: `{seeds, failures, faults: {F01: n…}, bugs: {B1: {found, seed}…}, failed: [{violations, replay}…]}`.
 * A seed that ran clean and a planted bug that was found are passed; so is each fault that really happened, and failed is
 * each that never did.
 */
export function countSimulation(report: unknown): Counts {
  const { seeds, failures, faults, bugs, failed } = object(report);
  const happened = Object.entries(object(faults)).map(([name, value]) => [name, count(value) > 0] as const);
  const found = Object.entries(object(bugs)).map(
    ([name, bug]) => [name, object(bug).found === true] as const,
  );
  const proofs = [...happened, ...found];
  const missed = proofs.filter(([, proof]) => !proof).map(([name]) => name);
  return {
    passed: count(seeds) - count(failures) + proofs.length - missed.length,
    failed: count(failures) + missed.length,
    skipped: 0,
    failures: [
      ...array(failed)
        .map(object)
        .map(({ replay, violations }) => `${text(replay)}\n${array(violations).map(beginning).join("\n")}`),
      ...missed.map((name) => `${name} never happened, or was not found`),
    ],
  };
}
