import { lockDataFolder } from "../data-folder-lock.ts";

// Takes the lock of the folder given and holds it until it is killed; used by data-folder-lock.process.test.ts.
try {
  const lock = await lockDataFolder(process.argv[2] ?? "");
  process.stdout.write(`${JSON.stringify({ held: true, recovered: lock.recovered })}\n`);
  process.stdin.resume();
} catch (error) {
  process.stdout.write(`${JSON.stringify({ held: false, message: String(error) })}\n`);
}
