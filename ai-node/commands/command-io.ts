import type { Readable, Writable } from "node:stream";

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
