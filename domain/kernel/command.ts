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
