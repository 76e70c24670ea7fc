import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import pg from "pg";

// A sync server with nothing behind it: it says its ports, answers /readyz from the database, and writes down what
// happened to it. Files in the data folder change what it does; see launch.process.test.ts.
const data = process.env.JAMEMR_DATA ?? "";
const note = (line: string) => appendFileSync(join(data, "logs", "events"), `server ${line}\n`);
const say = (record: object) => process.stdout.write(`${JSON.stringify(record)}\n`);

if (existsSync(join(data, "logs", "server-fails"))) {
  process.stderr.write("cannot go on: the stand-in was told to fail\n");
  process.exit(3);
}
note(`start pid=${process.pid} empty=${process.env.JAMEMR_EMPTY ?? ""} https=${process.env.JAMEMR_PORT}`);

const ask = async (url: string | undefined): Promise<string> => {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query("select current_user as name");
  await client.end();
  return String(rows[0]?.name);
};
const server = createServer(async (request, response) => {
  if (request.url === "/crash") process.exit(7);
  try {
    response.end(`${await ask(process.env.DATABASE_URL)} ${await ask(process.env.JAMEMR_DATABASE_APP_URL)}`);
  } catch (error) {
    response.writeHead(503).end(String(error));
  }
});
server.listen(Number(process.env.JAMEMR_HTTP_PORT), "127.0.0.1", () => {
  mkdirSync(join(data, "ai-node"), { recursive: true });
  writeFileSync(join(data, "ai-node", "token"), "trial-token", { mode: 0o600 });
  const { port } = server.address() as AddressInfo;
  say({ level: 30, event: "listening", http: port, https: Number(process.env.JAMEMR_PORT) || 1 });
  say({ level: 50, msg: "an error worth seeing" });
});
process.on("SIGTERM", async () => {
  if (existsSync(join(data, "logs", "server-lingers"))) return;
  note(`stop database=${await ask(process.env.DATABASE_URL).catch((error) => error)}`);
  process.exit(0);
});
