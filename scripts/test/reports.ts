/** What one runner says about itself. `skipped` is shown but does not count. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

type Json = Readonly<Record<string, unknown>>;

const object = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});
const array = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const count = (value: unknown): number => (typeof value === "number" ? value : array(value).length);

/** `scripts/check.ts --report`. */
export function countCheck(report: unknown): Counts {
  const { passed, failed } = object(report);
  return { passed: count(passed), failed: count(failed), skipped: 0 };
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
  };
}

const isFailed = (assertion: unknown): boolean => object(assertion).status === "failed";

/** Playwright's JSON reporter. A test that passed only on a second try has a fault that must not stay hidden. */
export function countPlaywright(report: unknown): Counts {
  const { stats, errors } = object(report);
  const { expected, unexpected, flaky, skipped } = object(stats);
  return {
    passed: count(expected),
    failed: count(unexpected) + count(flaky) + count(errors),
    skipped: count(skipped),
  };
}

/**
 * The simulator's `--json`: `{seeds, failures, faults: {F01: n…}, bugs: {B1: {found, seed}…}}`. A seed that ran clean and
 * a planted bug that was found are passed; so is each fault that really happened, and failed is each that never did.
 */
export function countSimulation(report: unknown): Counts {
  const { seeds, failures, faults, bugs } = object(report);
  const happened = Object.values(object(faults)).map((value) => count(value) > 0);
  const found = Object.values(object(bugs)).map((bug) => bug === true || object(bug).found === true);
  const proofs = [...happened, ...found];
  const missed = proofs.filter((proof) => !proof).length;
  return {
    passed: count(seeds) - count(failures) + proofs.length - missed,
    failed: count(failures) + missed,
    skipped: 0,
  };
}
