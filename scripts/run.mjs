// Runs one of the repository's TypeScript programs from any Node ≥ 20, installing first when needed:
// node scripts/run.mjs scripts/check.ts [arguments]. The npm scripts use it, so every command works in a fresh clone.
import { ensureInstalled, runNode } from "./bootstrap.mjs";
import { explainStartError } from "./start-errors.mjs";

try {
  await ensureInstalled();
  process.exitCode = await runNode(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${explainStartError(error)}\n`);
  process.exitCode = 1;
}
