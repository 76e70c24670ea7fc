import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

// An AI node that only registers. It crashes as often as the file "ai-crashes" in the logs folder says.
const tokenFile = process.env.JAMEMR_TOKEN_FILE ?? "";
const logs = join(dirname(tokenFile), "..", "logs");
const note = (line: string) => appendFileSync(join(logs, "events"), `ai ${line}\n`);
const crash = join(logs, "ai-crashes");

note(
  `start pid=${process.pid} token=${readFileSync(tokenFile, "utf8")} database=${process.env.DATABASE_URL ?? "none"}`,
);
if (existsSync(crash)) {
  rmSync(crash);
  process.exit(9);
}
const ready = await fetch(`${process.env.JAMEMR_URL}/readyz`);
process.stdout.write(`${JSON.stringify({ event: "node_announced", status: ready.status })}\n`);
process.on("SIGTERM", async () => {
  const server = await fetch(`${process.env.JAMEMR_URL}/readyz`).then(
    (answer) => answer.status,
    () => "gone",
  );
  note(`stop server=${server}`);
  process.exit(0);
});
// Something to stay alive for, as a real node waits for work.
const { createServer } = await import("node:net");
createServer().listen(0, "127.0.0.1");
