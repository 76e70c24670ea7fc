/** What a person who makes or brings back a backup has to know; `docs/operate/backup.md` says what to do. */
const sentences = {
  backup_unreadable: "This is not a backup of JamEMR, or its beginning is damaged. Name another file.",
  backup_newer: "This backup was written by a newer version. Install that version and try again.",
  backup_key_missing:
    "The key of this backup is not here. Give it with --key FILE, or the mirror with --mirror FOLDER.",
  backup_key_wrong:
    "This key belongs to another backup. The first line of the backup names the key it needs.",
  backup_damaged: "The backup is damaged or was changed: it is not brought back. Use another one.",
  backup_incomplete:
    "The backup does not hold everything that it lists: it is not brought back. Use another one.",
  backup_exists: "There is a file of that name already. Name another one; a backup never replaces one.",
  restore_practice_there:
    "There is a practice in this folder. Choose an empty one with JAMEMR_DATA, or say --replace: the present records are then put aside.",
  restore_database_used: "The database of DATABASE_URL is not empty. Make a new, empty one and name that.",
  restore_other_practice:
    "The folder belongs to another practice than this backup. Nothing was changed. Choose an empty folder with JAMEMR_DATA, or the backup of this practice.",
  restore_mirror_other:
    "The mirror belongs to another practice than this backup. Nothing was changed. Name this practice's mirror with --mirror FOLDER.",
  restore_running:
    'The practice in this folder is running, or another command works on it. Nothing was changed. Stop it first (Ctrl-C in its window, or "kill" with the number of the process), then run this again.',
} as const;
export type BackupErrorCode = keyof typeof sentences;

export class BackupError extends Error {
  readonly code: BackupErrorCode;

  constructor(code: BackupErrorCode, facts: Readonly<Record<string, string | number>> = {}, cause?: unknown) {
    const details = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
    super(`${code}: ${sentences[code]}${details.length > 0 ? ` (${details.join(", ")})` : ""}`, { cause });
    this.name = "BackupError";
    this.code = code;
  }
}
