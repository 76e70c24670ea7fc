import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../../launch.ts";

// The launcher with stand-ins for the sync server and the AI node.
const here = fileURLToPath(new URL(".", import.meta.url));
await launch(process.argv.slice(2), {
  root: join(here, "..", "..", ".."),
  server: join(here, "stand-in-server.ts"),
  aiNode: join(here, "stand-in-ai-node.ts"),
  prepareModels: join(here, "no-such-file.ts"),
});
