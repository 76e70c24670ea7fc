import { fileURLToPath } from "node:url";
import { runStages } from "./run-stages.ts";
import { stages } from "./stages.ts";

// npm test [-- --full] [stage …]: all stages, or those named.
const args = process.argv.slice(2);
const full = args.includes("--full") || process.env.JAMEMR_FULL === "1";
const names = args.filter((arg) => arg !== "--full");
const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));

if (unknown.length > 0) {
  const known = stages.map(({ name }) => `"${name}"`).join(", ");
  process.stderr.write(`There is no stage ${unknown.join(", ")}; there are ${known}.\n`);
  process.exitCode = 2;
} else {
  const failures = await runStages(
    stages.filter(({ name }) => names.length === 0 || names.includes(name)),
    {
      root: fileURLToPath(new URL("../..", import.meta.url)),
      full,
      say: (line) => void process.stdout.write(`${line}\n`),
    },
  );
  process.exitCode = failures > 0 ? 1 : 0;
}
