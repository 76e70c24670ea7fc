import { parseArgs } from "node:util";
import { instantNow } from "#domain/kernel/clock.ts";
import { type Command, type CommandIo, CommandUsageError } from "#domain/kernel/command.ts";
import { counted } from "#domain/kernel/counted.ts";
import { trySignHead } from "#server/audit/sign-head.ts";
import type { Database } from "#server/database/database.ts";
import { createLedger } from "#server/database/ledger.ts";
import { withPracticeDatabase } from "#server/practice/practice-database.ts";

interface UserRow {
  id: string;
  username: string;
  name: string;
  roles: string[];
  disabled: boolean;
}

const list = (database: Database): Promise<UserRow[]> =>
  database.em.fork().execute(
    `select u.id, u.username, f.name, f.roles, u.disabled_at is not null as disabled
     from app_user u join staff f on f.id = u.id order by u.username`,
  );

/** Ends every session of a person at once; safe, so it needs nobody's approval, and recorded like everything else. */
async function endSessions(database: Database, username: string): Promise<number> {
  const user = (await list(database)).find((row) => row.username === username.toLowerCase());
  if (!user) throw new Error(`There is no user "${username}". "jamemr user list" names them.`);
  const { result } = await createLedger(database).transact(async ({ em, audit }) => {
    const ended: { id: string }[] = await em.execute(
      "update session set ended_at = ?, end_reason = 'operator' where user_id = ? and ended_at is null returning id",
      [instantNow(), user.id],
    );
    audit({
      actor: { type: "system", id: "jamemr" },
      action: "session.ended",
      outcome: "ok",
      resource: { type: "user", id: user.id },
      reason: "operator",
    });
    return ended.length;
  });
  return result;
}

async function print(io: CommandIo, json: boolean): Promise<number> {
  const users = await withPracticeDatabase(io.env, list);
  if (json) io.stdout.write(`${JSON.stringify(users)}\n`);
  else
    for (const { username, name, roles, disabled } of users)
      io.stdout.write(`${username.padEnd(14)} ${name} (${roles.join(", ")})${disabled ? " disabled" : ""}\n`);
  return 0;
}

export const command: Command = {
  name: "user",
  summary: "list people, end their sessions",
  usage: `npm run -s jamemr -- user list [--json]
npm run -s jamemr -- user end-sessions NAME

list           everybody who can sign in, with their roles.
end-sessions   signs a person out everywhere at once. What waits on their tablets is kept and still delivered.`,
  async run(args, io) {
    const { values, positionals } = parse(args);
    const [action, name] = positionals;
    if (action === "list" && positionals.length === 1) return print(io, values.json ?? false);
    if (action === "end-sessions" && name && positionals.length === 2) {
      const [count, refused] = await withPracticeDatabase(io.env, async (database) => {
        const ended = await endSessions(database, name);
        return [ended, await trySignHead(io.env, database)] as const;
      });
      if (refused !== null) io.stderr.write(`The audit log was not signed: ${refused}\n`);
      io.stderr.write(`${counted(count, "session", "sessions")} ended.\n`);
      return 0;
    }
    throw new CommandUsageError("user: say list, or end-sessions NAME");
  },
};

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { json: { type: "boolean" } } });
  } catch (error) {
    throw new CommandUsageError(error instanceof Error ? error.message : "unreadable options");
  }
}
