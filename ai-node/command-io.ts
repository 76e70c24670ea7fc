import { Readable, Writable } from "node:stream";
import type { Command, CommandIo as OperatorIo } from "#domain/kernel/command.ts";

/** Where a command reads and writes. Commands return their exit code: 0 fine, 1 something failed, 2 wrong usage. */
export interface CommandIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Writes a line and waits until the reader keeps up. */
export const writeLine = (stream: Writable, line: string): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
  });

/** The operator's command line as streams. */
const streamsOf = ({ stdin, stdout, stderr }: OperatorIo): CommandIo => {
  const writable = (target: OperatorIo["stdout"]) =>
    new Writable({
      decodeStrings: false,
      write(chunk: string | Uint8Array, _encoding, done) {
        target.write(chunk.toString());
        done();
      },
    });
  return { stdin: Readable.from(stdin), stdout: writable(stdout), stderr: writable(stderr) };
};

/** Makes a command of `npm run jamemr` from one that works on streams. */
export const operatorCommand = (
  about: Pick<Command, "name" | "summary" | "usage">,
  run: (args: readonly string[], io: CommandIo) => Promise<number>,
): Command => ({ ...about, run: (args, io) => run(args, streamsOf(io)) });
