import { type FileHandle, open, rm } from "node:fs/promises";
import { type CommandIo, CommandUsageError } from "#domain/kernel/command.ts";
import { createLedger } from "#server/database/ledger.ts";
import { withPracticeDatabase } from "#server/practice/practice-database.ts";
import { auditFilterSchema } from "./audit.routes.ts";
import { auditHead, countAudit } from "./audit-log.ts";
import type { AuditFilter } from "./audit-query.ts";
import { exportLog } from "./export-log.ts";
import { type ExportFormat, exportRecords, searchRecord } from "./export-records.ts";
import { signHead } from "./sign-head.ts";

export const filterNames = ["actor", "person", "patient", "action", "outcome", "from", "to"] as const;
export type FilterOptions = Readonly<Partial<Record<(typeof filterNames)[number], string>>>;

export interface ExportOptions extends FilterOptions {
  readonly out: string;
  readonly fhir?: boolean;
  readonly csv?: boolean;
  readonly ndjson?: boolean;
}

/** @throws {CommandUsageError} more than one format, a filter for the whole log, or a filter that none is */
function asked(options: ExportOptions): { format: ExportFormat | "log"; filter: AuditFilter } {
  const formats = (["fhir", "csv", "ndjson"] as const).filter((name) => options[name]);
  if (formats.length > 1) throw new CommandUsageError("audit: say one of --fhir, --csv and --ndjson");
  const given = Object.fromEntries(
    filterNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  const [format = "log"] = formats;
  if (format === "log" && Object.keys(given).length > 0)
    throw new CommandUsageError(
      "audit: only a whole log can be verified; a part is for --fhir, --csv or --ndjson",
    );
  const parsed = auditFilterSchema.safeParse(given);
  if (parsed.success) return { format, filter: parsed.data };
  const [issue] = parsed.error.issues;
  throw new CommandUsageError(`audit: --${issue?.path.join(".")} ${issue?.message}`);
}

/** Fills a new file; what was written of it does not stay when it cannot be finished. */
async function fill<T>(file: FileHandle, path: string, lines: AsyncGenerator<string, T>): Promise<T> {
  try {
    let next = await lines.next();
    for (; !next.done; next = await lines.next()) await file.write(next.value);
    await file.close();
    return next.value;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(path, { force: true });
    throw error;
  }
}

interface PracticeRow {
  readonly id: string;
  readonly name: string;
}

/** @returns how many records were written. That it was done is in the log before the first of them is in the file. */
export async function writeExport({ env }: Pick<CommandIo, "env">, options: ExportOptions): Promise<number> {
  const { format, filter } = asked(options);
  return withPracticeDatabase(env, async (database) => {
    const [practice]: PracticeRow[] = await database.em.fork().execute("select id, name from practice");
    if (!practice) throw new Error("there is no practice in the database yet");
    const file = await open(options.out, "wx", 0o600);
    return fill(file, options.out, exported());

    async function* exported(): AsyncGenerator<string, number> {
      const through = await auditHead(database);
      const records = await countAudit(database, { ...filter, through });
      await createLedger(database).record({
        actor: { type: "system", id: "jamemr" },
        action: "audit.exported",
        outcome: "ok",
        ...searchRecord(filter, { records, format }),
      });
      const key = await signHead(env, database);
      if (format === "log") return yield* exportLog(database.em.fork(), key);
      yield* exportRecords({ database, practice: practice!, format, filter, through });
      return records;
    }
  });
}
