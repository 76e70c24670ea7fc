import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import * as z from "zod";

/** What is said to the server. */
export interface Asking {
  readonly method: string;
  /** As it goes over the wire: nothing is tidied up on the way. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string goes as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** What came back. */
export interface Answered {
  readonly method: string;
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** The JSON body, or undefined. */
  readonly body: unknown;
  /** Whether the body is an `application/problem+json`, and what it says. */
  readonly problem: boolean;
  readonly code: string | undefined;
  readonly auditSeq: number | undefined;
  readonly requestId: string | undefined;
}

/** The server could not be reached, or said nothing. */
export class NoAnswer extends Error {
  constructor(address: string, why: string) {
    const advice = /CERT|ISSUER|ALTNAME/.test(why)
      ? "Its certificate is not trusted here: name the authority it comes from, --ca FILE, and one of its own names"
      : "Check the address, and that JamEMR runs there";
    super(`${address} does not answer (${why}). ${advice}.`);
    this.name = "NoAnswer";
  }
}

const TIMEOUT = 20_000;
const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;
const problemSchema = z.object({
  code: z.string(),
  requestId: z.string().optional(),
  auditSeq: z.int().optional(),
});

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const whyOf = (error: unknown): string =>
  error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : "unknown";

/** A running practice as somebody outside sees it: HTTP and nothing else. */
export class Server {
  readonly url: URL;
  readonly #agent: HttpAgent;
  readonly #secure: boolean;

  /** @param ca PEM of the authority that the server's certificate has to come from; else those of this machine */
  constructor(url: URL, ca?: string) {
    this.url = url;
    this.#secure = url.protocol === "https:";
    this.#agent = this.#secure
      ? new HttpsAgent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) })
      : new HttpAgent({ keepAlive: true });
  }

  get isSecure(): boolean {
    return this.#secure;
  }

  get isLoopback(): boolean {
    return loopback.test(this.url.hostname);
  }

  /** @throws {NoAnswer} */
  async ask(asking: Asking): Promise<Answered> {
    const response = await this.#send(asking);
    const events = response.headers["content-type"] === "text/event-stream";
    const text = events ? "" : await this.#textOf(response);
    if (events) response.destroy();
    const isProblem = response.headers["content-type"] === "application/problem+json";
    const body = parsed(text);
    const problem = isProblem ? problemSchema.safeParse(body).data : undefined;
    return {
      method: asking.method,
      status: response.statusCode ?? 0,
      headers: response.headers,
      body,
      problem: problem !== undefined,
      code: problem?.code,
      auditSeq: problem?.auditSeq,
      requestId: problem?.requestId,
    };
  }

  /** Server-sent events: resolves once they flow. @returns their status, and what resolves when the server ends them */
  async listen(asking: Asking): Promise<{ status: number; ended: Promise<void>; stop(): void }> {
    const response = await this.#send(asking);
    const ended = new Promise<void>((resolve) => {
      response.once("end", resolve);
      response.once("close", resolve);
      response.once("error", () => resolve());
    });
    const connected = new Promise<void>((resolve) => response.once("data", () => resolve()));
    response.resume();
    if (response.statusCode === 200) await Promise.race([connected, ended]);
    return { status: response.statusCode ?? 0, ended, stop: () => void response.destroy() };
  }

  close(): void {
    this.#agent.destroy();
  }

  #send({ method, path, headers = {}, body }: Asking): Promise<IncomingMessage> {
    const content = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const request = (this.#secure ? httpsRequest : httpRequest)(
        {
          agent: this.#agent,
          hostname: this.url.hostname.replace(/^\[|\]$/g, ""),
          port: this.url.port || (this.#secure ? 443 : 80),
          method,
          path,
          headers: {
            ...(content === undefined
              ? {}
              : { "content-type": "application/json", "content-length": String(Buffer.byteLength(content)) }),
            ...headers,
          },
          timeout: TIMEOUT,
        },
        resolve,
      );
      request.once("timeout", () => request.destroy(new Error(`nothing in ${TIMEOUT / 1000} seconds`)));
      request.once("error", (error) => reject(new NoAnswer(this.url.origin, whyOf(error))));
      request.end(content);
    });
  }

  async #textOf(response: IncomingMessage): Promise<string> {
    const parts: Buffer[] = [];
    try {
      for await (const part of response) parts.push(part as Buffer);
    } catch (error) {
      throw new NoAnswer(this.url.origin, whyOf(error));
    }
    return Buffer.concat(parts).toString();
  }
}
