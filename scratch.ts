import { startTestPostgres } from "/work/main/sync-server/testing/test-postgres.ts";
import { createTestDatabase } from "/work/main/sync-server/testing/database.ts";
import { spawn } from "node:child_process";
const s = await startTestPostgres(); const d = await createTestDatabase(s.server);
const c = spawn("node", ["sync-server/main.ts"], { env: { ...process.env, DATABASE_URL: d.ownerUrl, JAMEMR_DATABASE_APP_URL: d.appUrl, JAMEMR_DATA: "/tmp/jd", JAMEMR_PORT: "18443", JAMEMR_HTTP_PORT: "18080" }, stdio: "inherit" });
process.on("SIGINT", async () => { c.kill("SIGTERM"); await new Promise((r) => c.once("exit", r)); await d.drop(); await s.stop(); process.exit(0); });
