// `npm test`: everything that continuous integration needs, from a fresh clone. The last line is always
// "N passed, N failed", real sums over all runners; the exit status is 0 only when nothing failed.
import { ensureInstalled, runNode } from "./bootstrap.mjs";
import { explainStartError } from "./start-errors.mjs";

try {
  await ensureInstalled();
  process.exitCode = await runNode(["scripts/test/main.ts", ...process.argv.slice(2)]);
} catch (error) {
  process.stderr.write(`${explainStartError(error)}\n`);
  process.stdout.write("0 passed, 1 failed\n");
  process.exitCode = 1;
}
