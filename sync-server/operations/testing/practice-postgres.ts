import { inFolder } from "../data-folder.ts";
import type { PostgresOptions } from "../postgres.ts";

export const practicePostgres = (data: string): PostgresOptions => ({
  directory: inFolder(data, "postgres"),
  secretsFile: inFolder(data, "keys", "postgres"),
  logFile: inFolder(data, "logs", "postgres.log"),
});
