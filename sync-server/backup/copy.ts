import type { Duplex } from "node:stream";
import type pg from "pg";

/** What of the driver's connection a COPY needs. */
interface Wire {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
  readonly stream: Duplex;
}

/** Bytes that may wait to be taken before the database is asked to pause. */
const MOST_WAITING = 4 * 1024 * 1024;

const ignore = () => {};

/** What the driver calls while a statement runs; a COPY has no rows. */
abstract class CopyStatement {
  readonly #sql: string;
  protected wire: Wire | undefined;
  readonly #ended = Promise.withResolvers<void>();
  readonly ended: Promise<void> = this.#ended.promise;
  #failure: Error | undefined;

  constructor(sql: string) {
    this.#sql = sql;
    this.ended.catch(ignore);
  }

  submit(wire: Wire): void {
    this.wire = wire;
    wire.query(this.#sql);
  }
  handleError(error: Error): void {
    this.#failure = error;
    this.#ended.reject(error);
    this.stop();
  }
  handleReadyForQuery(): void {
    if (this.#failure) return;
    this.#ended.resolve();
    this.stop();
  }
  protected abstract stop(): void;
  handleRowDescription = ignore;
  handleDataRow = ignore;
  handleCommandComplete = ignore;
  handleEmptyQuery = ignore;
  handlePortalSuspended = ignore;
  handleCopyData(_message: { readonly chunk: Buffer }): void {}
  handleCopyInResponse(wire: Wire): void {
    wire.sendCopyFail("nothing to send");
  }
}

class CopyOut extends CopyStatement implements AsyncIterable<Buffer> {
  #waiting: Buffer[] = [];
  #size = 0;
  #wake: () => void = ignore;
  #done = false;

  override handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    this.#waiting.push(Buffer.from(chunk)); // the driver uses its buffer again
    this.#size += chunk.length;
    if (this.#size > MOST_WAITING) this.wire?.stream.pause();
    this.#wake();
  }
  protected override stop(): void {
    this.#done = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      if (this.#waiting.length > 0) {
        const ready = Buffer.concat(this.#waiting);
        this.#waiting = [];
        this.#size = 0;
        this.wire?.stream.resume();
        yield ready;
      } else if (this.#done) break;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
    await this.ended;
  }
}

class CopyIn extends CopyStatement {
  readonly #ready = Promise.withResolvers<void>();

  override handleCopyInResponse(): void {
    this.#ready.resolve();
  }
  protected override stop(): void {
    this.#ready.resolve();
  }
  async write(chunk: Buffer): Promise<void> {
    await this.#ready.promise;
    const { wire } = this;
    wire?.sendCopyFromChunk(chunk);
    if (wire?.stream.writableNeedDrain)
      await new Promise<void>((resolve) => {
        wire.stream.once("drain", resolve);
      });
  }
  async end(): Promise<void> {
    await this.#ready.promise;
    this.wire?.endCopyFrom();
    await this.ended;
  }
}

/** The rows of a table or query in PostgreSQL's text format. Read to its end before the client is used again. */
export function copyOut(client: pg.Client, source: string): AsyncIterable<Buffer> {
  const statement = new CopyOut(`copy ${source} to stdout`);
  client.query(statement as never);
  return statement;
}

/** Puts rows in PostgreSQL's text format into a table. */
export async function copyIn(
  client: pg.Client,
  target: string,
  rows: AsyncIterable<Uint8Array>,
): Promise<void> {
  const statement = new CopyIn(`copy ${target} from stdin`);
  client.query(statement as never);
  for await (const chunk of rows) {
    await Promise.race([statement.write(Buffer.from(chunk)), statement.ended]);
  }
  await Promise.race([statement.end(), statement.ended]);
}
