import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { parseArgs } from "node:util";
import { type Command, type CommandIo, CommandUsageError } from "#domain/kernel/command.ts";
import { verifyAudit } from "#server/audit/audit-log.ts";
import type { Database } from "#server/database/database.ts";
import { withPracticeDatabase } from "#server/practice/practice-database.ts";

/** Exit status of `audit verify` by what was found. */
const status = { whole: 0, altered: 2, gap: 3 } as const;

async function verify(io: CommandIo, json: boolean): Promise<number> {
  const verdict = await withPracticeDatabase(io.env, (database) => verifyAudit(database.em.fork()));
  if (json) io.stdout.write(`${JSON.stringify(verdict)}\n`);
  else if (verdict.whole)
    io.stdout.write(`The audit log is whole: ${verdict.records} records, head ${verdict.head}.\n`);
  else io.stdout.write(`The audit log is NOT whole: ${verdict.fault} at record ${verdict.seq}.\n`);
  return verdict.whole ? status.whole : status[verdict.fault];
}

const PAGE = 1000;

/** One JSON object a line, with everything a verifier needs: number, salt, body, leaf and chain hash. */
async function writeExport(database: Database, file: string): Promise<number> {
  const out = createWriteStream(file, { mode: 0o600, flags: "wx" });
  await once(out, "open");
  let seq = 0;
  for (;;) {
    const rows: { seq: string }[] = await database.em.fork().execute(
      `select seq, id, encode(salt, 'hex') as salt, body, encode(leaf, 'hex') as leaf, encode(hash, 'hex') as hash
         from audit_log where seq > ? order by seq limit ?`,
      [seq, PAGE],
    );
    for (const row of rows)
      if (!out.write(`${JSON.stringify({ ...row, seq: Number(row.seq) })}\n`)) await once(out, "drain");
    seq += rows.length;
    if (rows.length < PAGE) break;
  }
  out.end();
  await once(out, "close");
  return seq;
}

export const command: Command = {
  name: "audit",
  summary: "verify or export the audit log",
  usage: `npm run -s jamemr -- audit verify [--json]
npm run -s jamemr -- audit export --out FILE

verify   recomputes every record's hash and the whole chain.
         Exit status: 0 whole, 2 altered, 3 gap. The first bad record is named.
export   writes all records as JSON Lines {seq, id, salt, body, leaf, hash} to a new file.

The practice is the one in JAMEMR_DATA (default: data) or of DATABASE_URL; it may be running or stopped.`,
  async run(args, io) {
    const { values, positionals } = parse(args);
    const [action] = positionals;
    if (action === "verify" && positionals.length === 1) return verify(io, values.json ?? false);
    if (action === "export" && values.out) {
      const file = values.out;
      const count = await withPracticeDatabase(io.env, (database) => writeExport(database, file));
      io.stderr.write(`${count} records written to ${file}.\n`);
      return 0;
    }
    throw new CommandUsageError("audit: say verify, or export --out FILE");
  },
};

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: "boolean" }, out: { type: "string" } },
    });
  } catch (error) {
    throw new CommandUsageError(error instanceof Error ? error.message : "unreadable options");
  }
}
