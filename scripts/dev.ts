import { spawn } from "node:child_process";
import { join } from "node:path";
import { launch, programs } from "./launch.ts";

// `npm run dev [-- options of npm start]`: the practice with a server that starts again when its files change, and
// Vite's server with hot reload in front of it. Open the address that Vite prints.
await launch(process.argv.slice(2), { ...programs, watch: true }, (httpPort) => {
  const vite = join(programs.root, "node_modules", "vite", "bin", "vite.js");
  const child = spawn(process.execPath, [vite], {
    cwd: programs.root,
    env: { ...process.env, JAMEMR_DEV_SERVER: `http://127.0.0.1:${httpPort}` },
    stdio: ["ignore", "inherit", "inherit"],
  });
  process.on("exit", () => child.kill("SIGTERM"));
});
