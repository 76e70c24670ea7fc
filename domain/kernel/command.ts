/** What a command of `npm run jamemr` may use of the world; tests pass their own. */
export interface CommandIo {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  /** Results. With `--json`, nothing else. */
  readonly stdout: { write(text: string): unknown };
  /** Progress and errors. */
  readonly stderr: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One operator command, e.g. `npm run -s jamemr -- audit verify`. Each command's module exports one as `command`. */
export interface Command {
  /** The first word after `jamemr`. */
  readonly name: string;
  /** A few words for the list of commands. */
  readonly summary: string;
  /** What `--help` prints: every sub-command, argument and option. */
  readonly usage: string;
  /**
   * @param args the words after the name
   * @returns the exit status: 0 = done, 1 = failed or something was found to be wrong
   * @throws {CommandUsageError} for words that make no sense; the usage is printed and the status is 2
   */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** The person asked for something that the command does not understand. */
export class CommandUsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CommandUsageError";
  }
}

const systemErrors: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `There is no file or folder ${path}. Check the name.`,
  EACCES: (path) =>
    `This user may not read or write ${path}. Use another place, or the user who starts JamEMR.`,
  EPERM: (path) => `This user may not change ${path}. Use another place, or the user who starts JamEMR.`,
  EROFS: (path) => `${path} is on a disk that cannot be written. Use another place.`,
  ENOSPC: (path) => `The disk that holds ${path} is full. Free some space and run the command again.`,
  EEXIST: (path) => `There is ${path} already, and it is not replaced. Use another name.`,
  EISDIR: (path) => `${path} is a folder; a file is wanted.`,
  ENOTDIR: (path) => `${path} is not in a folder: part of it is a file. Check the name.`,
};

/** What a failure of the file system means to a person at the command line; null for any other error. */
export function explainSystemError(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { code, path } = error as Error & { readonly code?: unknown; readonly path?: unknown };
  const known =
    typeof code === "string" && Object.hasOwn(systemErrors, code) ? systemErrors[code] : undefined;
  return known?.(typeof path === "string" ? path : "what was named") ?? null;
}
