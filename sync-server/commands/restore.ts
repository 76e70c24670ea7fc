import { parseArgs } from "node:util";
import { type Command, type CommandIo, CommandUsageError } from "#domain/kernel/command.ts";
import { counted } from "#domain/kernel/counted.ts";
import { type Restoring, restorePractice } from "#server/backup/restore-practice.ts";

function report(io: CommandIo, done: Restoring): void {
  const { recovered, moment, standing, visitKeys } = done;
  const say = (line: string) => io.stderr.write(`${line}\n`);
  say(`Restored: the practice as of ${moment.at}, audit head ${moment.auditHead}; epoch ${recovered.epoch}.`);
  say(
    `${counted(recovered.sessionsEnded, "session", "sessions")} ended. ${counted(recovered.tokensWaiting, "service token waits", "service tokens wait")} for the security officer.`,
  );
  if (!standing) {
    say("There was no mirror: who was shut out and what was revoked since the backup is not known. Look at");
    say("people, roles, tokens, tablets and passkeys before anybody works.");
  } else {
    const again = [
      counted(recovered.disabledAgain, "person", "people"),
      counted(recovered.rolesTaken, "role", "roles"),
      counted(recovered.tokensRevokedAgain, "token", "tokens"),
      counted(recovered.devicesRevokedAgain, "tablet", "tablets"),
      counted(recovered.passkeysRemoved, "passkey", "passkeys"),
    ].join(", ");
    say(
      `Revoked again: ${again}. Passwords chosen since the backup that work again: ${recovered.passwordsBrought}; second factors as they stood: ${recovered.factorsBrought}.`,
    );
  }
  if (visitKeys === 0)
    say("No keys of visits were found: recordings and transcripts of the backup stay closed.");
  listLost(io, done);
}

/** What the practice did by itself; what people did on tablets comes back from there. */
function listLost(io: CommandIo, { lost, lostWhole, standing }: Restoring): void {
  if (!standing) {
    io.stderr.write("What the practice did by itself since the backup is lost and cannot be listed.\n");
    return;
  }
  if (lost.length === 0) {
    io.stderr.write(
      `Nothing that the practice did by itself was lost, as far as the mirror of ${standing.at} knows.\n`,
    );
    return;
  }
  const counts = Map.groupBy(lost, ({ action }) => action);
  io.stderr.write(
    `Lost, because no tablet holds it (as of ${standing.at}${lostWhole ? "" : "; there is more"}):\n`,
  );
  for (const [action, records] of counts) io.stderr.write(`  ${records.length} × ${action}\n`);
}

export const command: Command = {
  name: "restore",
  summary: "bring a backup into an empty data folder",
  usage: `npm run -s jamemr -- restore [--from] FILE [--key FILE] [--mirror FOLDER] [--replace] [--json]

FILE       a backup. It is read to its end before anything is changed.
--key      the file with its key. Without it: keys/backup of the data folder, or of the mirror.
--mirror   the newest keys and revocations (default: JAMEMR_MIRROR, or mirror/ of the data folder). Give it whenever there
           is one: it keeps revoked people, tokens and tablets out, and holds the keys of recordings.
--replace  put the records of a stopped practice aside (postgres.before-…) and bring the backup in their place.
--json     prints what was done, with every record that is known to be lost, as one JSON object.

The practice goes to JAMEMR_DATA (default: data), or to the empty database of DATABASE_URL. Every session ends; service
tokens wait for the security officer; tablets send again what the backup does not hold.`,
  async run(args, io) {
    const { values, positionals } = parse(args);
    const file = values.from ?? positionals[0];
    if (file === undefined || positionals.length > (values.from === undefined ? 1 : 0))
      throw new CommandUsageError("restore: say which file");
    const done = await restorePractice(io.env, {
      file,
      replace: values.replace ?? false,
      ...(values.key !== undefined && { key: values.key }),
      ...(values.mirror !== undefined && { mirror: values.mirror }),
    });
    report(io, done);
    if (values.json) {
      const { recovered, moment, lost, lostWhole } = done;
      io.stdout.write(`${JSON.stringify({ ...recovered, backupAt: moment.at, lost, lostWhole })}\n`);
    }
    return 0;
  },
};

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        from: { type: "string" },
        key: { type: "string" },
        mirror: { type: "string" },
        replace: { type: "boolean" },
        json: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new CommandUsageError(error instanceof Error ? error.message : "unreadable options");
  }
}
