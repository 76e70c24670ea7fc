import { permissions } from "#domain/access/permissions.ts";
import { digest } from "#domain/kernel/canonical.ts";
import type { Command } from "#domain/kernel/command.ts";
import { migrationNames } from "#server/database/migrate.ts";
import { withPracticeDatabase } from "#server/practice/practice-database.ts";
import packageJson from "../../package.json" with { type: "json" };

export const command: Command = {
  name: "state",
  summary: "what this practice is, runs and holds",
  usage: `npm run -s jamemr -- state

Prints one JSON report: version, practice, migrations applied and missing, digest of the permission matrix,
head of the audit log. Holds no clinical data. Exit status 1 when migrations are missing.`,
  async run(_args, io) {
    const known = await migrationNames();
    const report = await withPracticeDatabase(
      io.env,
      async (database) => {
        const em = database.em.fork();
        const [practice] = await em.execute("select id, name, zone, trial from practice");
        const applied: { name: string }[] = await em.execute("select name from schema_migration order by id");
        const [head]: { seq: string; hash: string }[] = await em.execute(
          "select seq, encode(hash, 'hex') as hash from audit_log order by seq desc limit 1",
        );
        const names = applied.map((row) => row.name.replace(/\.ts$/, ""));
        return {
          version: packageJson.version,
          practice,
          migrations: { applied: names, missing: known.filter((name) => !names.includes(name)) },
          permissionMatrix: digest(permissions),
          auditHead: head ? { seq: Number(head.seq), hash: head.hash } : null,
        };
      },
      "jamemr_owner",
    );
    io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return report.migrations.missing.length === 0 ? 0 : 1;
  },
};
