import { startPostgres } from "../postgres.ts";
import { practicePostgres } from "./practice-postgres.ts";

// Starts the PostgreSQL of a data folder, says so, and waits to be killed; used by postgres.process.test.ts.
const postgres = await startPostgres(practicePostgres(process.argv[2] ?? ""));
process.stdout.write(`${JSON.stringify({ pid: postgres.pid, port: postgres.port })}\n`);
process.stdin.resume();
