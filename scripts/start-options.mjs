// The options of `npm start`, from flags and environment. Plain JavaScript: read before anything is installed.
import { join, resolve } from "node:path";
import { StartError } from "./start-errors.mjs";

export const startHelp = `npm start [-- options]

Starts a practice: database, sync server and AI node. Installs and builds first when needed.
A new data folder becomes a trial practice with synthetic patients; "npm run -s jamemr -- init" makes a real one.

  --data DIR       data folder                            JAMEMR_DATA       (data)
  --port N         HTTPS, for tablets                     JAMEMR_PORT       (8443)
  --http-port N    plain HTTP, for this machine only      JAMEMR_HTTP_PORT  (8080)
  --no-ai          without the AI node
  --empty          a new trial practice without patients
  --help           this text

DATABASE_URL=postgres://… uses the practice's own PostgreSQL server instead of the one that comes with JamEMR.
`;

const valueFlags = { "--data": "data", "--port": "port", "--http-port": "httpPort" };
const switches = { "--no-ai": "noAi", "--empty": "empty", "--help": "help", "-h": "help" };

/**
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string | undefined>>} env
 * @param {string} root the repository: what a missing data folder is relative to
 * @throws {StartError} `usage`
 */
export function parseStartOptions(args, env, root) {
  const given = { data: env.JAMEMR_DATA, port: env.JAMEMR_PORT, httpPort: env.JAMEMR_HTTP_PORT };
  const flags = { noAi: false, empty: env.JAMEMR_EMPTY === "1", help: false };
  for (let i = 0; i < args.length; i++) {
    const [flag, inline] = args[i].split(/=(.*)/s, 2);
    if (Object.hasOwn(switches, flag) && inline === undefined) flags[switches[flag]] = true;
    else if (Object.hasOwn(valueFlags, flag)) given[valueFlags[flag]] = inline ?? valueAfter(args, i++);
    else throw new StartError("usage", { problem: `"${args[i]}" is not an option.` });
  }
  return {
    data: given.data ? resolve(given.data) : join(root, "data"),
    port: portNumber(given.port || "8443", "--port"),
    httpPort: portNumber(given.httpPort || "8080", "--http-port"),
    databaseUrl: env.DATABASE_URL || undefined,
    ...flags,
  };
}

function valueAfter(args, index) {
  const value = args[index + 1];
  if (value === undefined || value.startsWith("--")) {
    throw new StartError("usage", { problem: `${args[index]} needs a value.` });
  }
  return value;
}

function portNumber(text, flag) {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new StartError("usage", { problem: `${flag} needs a port number from 0 to 65535, not "${text}".` });
}
