import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { instantNow } from "#domain/kernel/clock.ts";
import { type Command, type CommandIo, CommandUsageError } from "#domain/kernel/command.ts";
import { trySignHead } from "#server/audit/sign-head.ts";
import { BackupError } from "#server/backup/backup-error.ts";
import { readBackup } from "#server/backup/backup-file.ts";
import { backupKey, findBackupKey } from "#server/backup/backup-key.ts";
import { filesBeside, type Places } from "#server/backup/folder-files.ts";
import { makeBackup } from "#server/backup/make-backup.ts";
import { createLedger } from "#server/database/ledger.ts";
import { mirrorFolder } from "#server/mirror/mirror.ts";
import { inFolder } from "#server/operations/data-folder.ts";
import { readIfPresent, writePrivateFile } from "#server/operations/private-file.ts";
import { noPractice, using, withPracticeUrl } from "#server/practice/practice-database.ts";

const placesOf = ({ JAMEMR_DATA, JAMEMR_STORE }: CommandIo["env"]): Places => {
  const data = inFolder(JAMEMR_DATA ?? "data");
  return { data, store: JAMEMR_STORE ? resolve(JAMEMR_STORE) : data };
};

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false;

/** A name that sorts by time, inside a folder; a file is taken as it is. */
async function fileAt(path: string): Promise<string> {
  if (!(await isFolder(path))) return resolve(path);
  return resolve(path, `jamemr-${instantNow().slice(0, 19).replaceAll(":", "")}.jamemr-backup`);
}

async function write(io: CommandIo, path: string, recordings: boolean): Promise<number> {
  const places = placesOf(io.env);
  const file = await fileAt(path);
  if (await stat(file).catch(() => undefined)) throw new BackupError("backup_exists", { file });
  if ((await readIfPresent(join(places.data, "config.json"))) === undefined) throw noPractice(places.data);
  const { key } = await backupKey(join(places.store, "keys"));
  const { moment, whole } = await withPracticeUrl(
    io.env,
    async (url) => {
      await sign(io, url);
      const taken = await makeBackup(file, key, url, () => filesBeside(places, recordings));
      const verified = await readBackup(file, key);
      await using(url, (database) =>
        createLedger(database).record({
          actor: { type: "system", id: "jamemr" },
          action: "backup.written",
          outcome: "ok",
          resource: { type: "epoch", id: taken.epoch },
          after: String(taken.auditHead),
        }),
      );
      await sign(io, url);
      return { moment: taken, whole: verified };
    },
    "jamemr_owner",
  );
  const { size } = await stat(file);
  io.stdout.write(`${file}\n`);
  io.stderr.write(
    `Written and verified: the practice as of ${moment.at}, audit head ${moment.auditHead}, ${whole.entries} parts, ${mebibytes(size)} MiB.\n`,
  );
  await remind(io, places);
  return 0;
}

/** A log that cannot be signed is no reason to have no backup. */
async function sign(io: CommandIo, url: string): Promise<void> {
  const refused = await using(url, (database) => trySignHead(io.env, database));
  if (refused !== null) io.stderr.write(`The audit log was not signed: ${refused}\n`);
}

const mebibytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

/** Without its key a backup is worth nothing, and the key must not be lost together with the machine. */
async function remind(io: CommandIo, { data, store }: Places): Promise<void> {
  if ((await readIfPresent(join(store, "keys", "backup-key-shown"))) !== undefined) return;
  const mirror = mirrorFolder(io.env, data);
  io.stderr.write(
    `Its key is in ${join(store, "keys", "backup")} and in ${mirror}. Put it in a safe place outside this machine as well:\nnpm run -s jamemr -- backup key\n`,
  );
}

async function showKey(io: CommandIo): Promise<number> {
  const keys = join(placesOf(io.env).store, "keys");
  if ((await readIfPresent(join(keys, "practice"))) === undefined) throw noPractice(placesOf(io.env).data);
  const { key } = await backupKey(keys);
  io.stdout.write(`${key.toString("base64url")}\n`);
  await writePrivateFile(join(keys, "backup-key-shown"), `${instantNow()}\n`);
  io.stderr.write("Whoever has this line and a backup can read everything in it.\n");
  return 0;
}

async function verify(io: CommandIo, file: string, keyFile: string | undefined): Promise<number> {
  const { store, data } = placesOf(io.env);
  const places = keyFile
    ? [keyFile]
    : [join(store, "keys", "backup"), join(mirrorFolder(io.env, data), "keys", "backup")];
  const key = await findBackupKey(places);
  const { moment, entries } = await readBackup(file, key);
  io.stdout.write(
    `The backup is whole: as of ${moment.at}, audit head ${moment.auditHead}, ${entries} parts.\n`,
  );
  return 0;
}

export const command: Command = {
  name: "backup",
  summary: "write a backup of everything, verify one",
  usage: `npm run -s jamemr -- backup [--out] FILE|FOLDER [--no-recordings]
npm run -s jamemr -- backup verify FILE [--key FILE]
npm run -s jamemr -- backup key

FILE|FOLDER  writes one sealed file with the practice as it is at this moment: every record, the audit log, settings,
             certificates and the sound of visits. The practice may be running. In a folder the file gets a name with the
             time. It is read again and verified before the command ends; its name is printed.
verify       reads a backup from beginning to end and compares every part with its digest.
key          prints the key of this practice's backups, for a safe place outside the machine.

Keys of visits are in no backup: they are in the mirror (JAMEMR_MIRROR), so that what was destroyed stays destroyed.
The practice is the one in JAMEMR_DATA (default: data).`,
  async run(args, io) {
    const { values, positionals } = parse(args);
    const [first, second, ...more] = positionals;
    if (first === "key" && second === undefined) return showKey(io);
    if (first === "verify" && second !== undefined && more.length === 0)
      return verify(io, second, values.key);
    const out = values.out ?? first;
    if (
      out === undefined ||
      (values.out === undefined ? second : first) !== undefined ||
      values.key !== undefined
    )
      throw new CommandUsageError("backup: say where to write it");
    return write(io, out, !values["no-recordings"]);
  },
};

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: "string" }, key: { type: "string" }, "no-recordings": { type: "boolean" } },
    });
  } catch (error) {
    throw new CommandUsageError(error instanceof Error ? error.message : "unreadable options");
  }
}
