import { parseArgs } from "node:util";
import { type Command, type CommandIo, CommandUsageError } from "#domain/kernel/command.ts";
import { zoneSchema } from "#domain/kernel/instant.ts";
import { practiceNameSchema } from "#domain/set-up/index.ts";
import { type Founded, foundPractice } from "#server/set-up/found-practice.ts";

function report(io: CommandIo, { code, expiresAt, folder }: Founded): void {
  const { name, timezone } = folder.config;
  io.stderr.write(
    `${name ?? "Practice"}, ${timezone}, in ${folder.path}. The code for its first administrator:\n`,
  );
  io.stdout.write(`${code}\n`);
  io.stderr.write(
    `It works once, until ${expiresAt}, and is not shown again; a code that was printed before works no more.
Start the practice with "npm start -- --data ${folder.path}" and enter the code at the address that it prints.
`,
  );
}

/** @throws {CommandUsageError} when it is not what a practice can have */
function checked<T>(
  schema: { safeParse(value: unknown): { success: boolean; data?: T } },
  value: string | undefined,
  problem: string,
): T | undefined {
  if (value === undefined) return undefined;
  const { success, data } = schema.safeParse(value);
  if (!success) throw new CommandUsageError(`init: ${problem}`);
  return data;
}

export const command: Command = {
  name: "init",
  summary: "make a real practice in an empty data folder",
  usage: `npm run -s jamemr -- init --data DIR [--name NAME] [--zone ZONE]

Makes a practice without trial data: keys, database, records, and prints the one-time code with which its first
administrator enters it. The code works once, for 72 hours, and is stored only as a hash. Run again on a practice that
nobody has entered yet, it prints a new code and ends the one before.

--data  the folder, empty or new (default: JAMEMR_DATA, or data). With DATABASE_URL the records go to that database, which
        has to be empty.
--name  what the practice is called (default: Practice).
--zone  its time zone, as in Europe/Berlin (default: that of this machine). Name and zone stay as they are.`,
  async run(args, io) {
    const { values, positionals } = parse(args);
    if (positionals.length > 0) throw new CommandUsageError(`init: "${positionals[0]}" is not an option`);
    const data = values.data ?? io.env.JAMEMR_DATA ?? "data";
    if (data === "") throw new CommandUsageError("init: say which folder with --data DIR");
    const name = checked(practiceNameSchema, values.name, "a name has 2 to 120 characters");
    const timezone = checked(
      zoneSchema,
      values.zone,
      `"${values.zone}" is not a time zone, such as Europe/Berlin`,
    );
    report(io, await foundPractice(io.env, { data, name, timezone }));
    return 0;
  },
};

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { data: { type: "string" }, name: { type: "string" }, zone: { type: "string" } },
    });
  } catch (error) {
    throw new CommandUsageError(error instanceof Error ? error.message : "unreadable options");
  }
}
