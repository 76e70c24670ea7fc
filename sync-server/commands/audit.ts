import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { originOf, verifierKey } from "#domain/audit/signed-note.ts";
import { type Command, type CommandIo, CommandUsageError } from "#domain/kernel/command.ts";
import { counted } from "#domain/kernel/counted.ts";
import { type FilterOptions, filterNames, writeExport } from "#server/audit/export-file.ts";
import { verifyAudit } from "#server/audit/verify-database.ts";
import { NoExport, verifyExport } from "#server/audit/verify-export.ts";
import type { LogFault, Verdict } from "#server/audit/verify-log.ts";
import type { EntityManager } from "#server/database/database.ts";
import { inFolder } from "#server/operations/data-folder.ts";
import { readIfPresent } from "#server/operations/private-file.ts";
import { withPracticeDatabase } from "#server/practice/practice-database.ts";

/** Exit status of `audit verify` by what was found. */
const status: Readonly<Record<LogFault, number>> = {
  altered: 2,
  gap: 3,
  fork: 4,
  bad_signature: 5,
  stale: 6,
};

const words: Readonly<Record<LogFault, (seq: number) => string>> = {
  altered: (seq) => `record ${seq} is not what was written`,
  gap: (seq) => `record ${seq} is missing`,
  fork: (seq) => `record ${seq} or one after it is another than the one that was signed`,
  bad_signature: (seq) => `the signed head of ${seq} records does not bear the practice's signature`,
  stale: (seq) => `record ${seq} and what follows was not signed in time`,
};

interface Options extends FilterOptions {
  readonly json?: boolean;
  readonly file?: string;
  readonly key?: string;
  readonly witness?: string[];
}

/** The key with which the practice of this data folder signs. */
async function ownKey(env: CommandIo["env"], em: EntityManager): Promise<string> {
  const folder = join(env.JAMEMR_STORE ?? inFolder(env.JAMEMR_DATA ?? "data"), "keys");
  const text = await readIfPresent(join(folder, "audit.json"));
  if (text === undefined) throw new Error(`the practice's key is missing: ${join(folder, "audit.json")}`);
  const [practice]: { id: string }[] = await em.execute("select id from practice");
  if (!practice) throw new Error("there is no practice in the database yet");
  const { x } = JSON.parse(text) as { x: string };
  return verifierKey(originOf(practice.id), new Uint8Array(Buffer.from(x, "base64url")));
}

const notesIn = async (files: readonly string[]): Promise<string[]> =>
  Promise.all(files.map((file) => readFile(file, "utf8")));

async function judge(io: CommandIo, { file, key, witness = [] }: Options): Promise<Verdict> {
  const witnessed = await notesIn(witness);
  if (file === undefined)
    return withPracticeDatabase(io.env, async (database) => {
      const em = database.em.fork();
      return verifyAudit(em, key ?? (await ownKey(io.env, em)), witnessed);
    });
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  return verifyExport(lines, { key, witnessed }).catch((error: unknown) => {
    if (error instanceof NoExport)
      throw new CommandUsageError(`audit: ${file} cannot be read: ${error.message}`);
    throw error;
  });
}

async function verify(io: CommandIo, options: Options): Promise<number> {
  const verdict = await judge(io, options);
  if (options.json) io.stdout.write(`${JSON.stringify(verdict)}\n`);
  else if (verdict.whole) {
    const { records, head, signed } = verdict;
    io.stdout.write(
      `The audit log is whole: ${counted(records, "record", "records")}, ${signed ?? 0} of them signed, head ${head}.\n`,
    );
  } else io.stdout.write(`The audit log is NOT whole: ${words[verdict.fault](verdict.seq)}.\n`);
  return verdict.whole ? 0 : status[verdict.fault];
}

export const command: Command = {
  name: "audit",
  summary: "verify or export the audit log",
  usage: `npm run -s jamemr -- audit verify [--witness FILE]… [--file EXPORT] [--key KEY] [--json]
npm run -s jamemr -- audit export --out FILE [--fhir | --csv | --ndjson] [--person ID] [--patient ID]
                                  [--action NAME[,NAME…]] [--outcome ok|denied|error] [--from INSTANT] [--to INSTANT]

verify   recomputes every record's hash, the whole chain and the tree under every signed head.
         --witness  a head that somebody outside has kept (GET /api/audit/checkpoint, or the mirror's file
                    "checkpoint"): the log has to begin with it. May be given several times.
         --file     judges an export instead of the practice's database.
         --key      the practice's verifier key, where it is known from elsewhere.
         Exit status: 0 whole, 2 altered, 3 gap or cut off, 4 another history than was signed, 5 bad signature,
         6 not signed in time. The first bad record is named.
export   writes all records and signed heads as JSON Lines to a new file; scripts/audit-verify.py reads it, too.
         --fhir     writes FHIR R4 AuditEvents after IHE BALP instead, one a line.
         --csv      writes a table for a spreadsheet instead, --ndjson the records as JSON, newest first.
         These three can be narrowed: to what a person did or wrote, one patient (with records merged into theirs),
         actions, an outcome, and times (like 2027-01-12T00:00:00Z, both inclusive).
         Every export is itself a record of the log. No name of a patient is in any of them.

The practice is the one in JAMEMR_DATA (default: data) or of DATABASE_URL; it may be running or stopped.`,
  async run(args, io) {
    const { values, positionals } = parse(args);
    const [action] = positionals;
    if (action === "verify" && positionals.length === 1) return verify(io, values);
    if (action === "export" && values.out && positionals.length === 1) {
      const count = await writeExport(io, { ...values, out: values.out });
      io.stderr.write(`${counted(count, "record", "records")} written to ${values.out}.\n`);
      return 0;
    }
    throw new CommandUsageError("audit: say verify, or export --out FILE");
  },
};

const text = Object.fromEntries(filterNames.map((name) => [name, { type: "string" }])) as Record<
  (typeof filterNames)[number],
  { readonly type: "string" }
>;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean" },
        out: { type: "string" },
        file: { type: "string" },
        key: { type: "string" },
        witness: { type: "string", multiple: true },
        fhir: { type: "boolean" },
        csv: { type: "boolean" },
        ndjson: { type: "boolean" },
        ...text,
      },
    });
  } catch (error) {
    throw new CommandUsageError(error instanceof Error ? error.message : "unreadable options");
  }
}
