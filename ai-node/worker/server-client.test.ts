import "reflect-metadata";
import { createServer as createHttp, type RequestListener } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo, Server } from "node:net";
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { afterEach, describe, expect, test } from "vitest";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { createServerClient, ServerRefusal, ServerUnreachable } from "./server-client.ts";

let server: Server | undefined;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

async function listen(made: Server, scheme: "http" | "https"): Promise<URL> {
  server = made;
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  return new URL(`${scheme}://127.0.0.1:${(made.address() as AddressInfo).port}`);
}
const serve = (listener: RequestListener) => listen(createHttp(listener), "http");
const token = async () => "secret";
const claim = { nodeId: newId(), kinds: ["transcribe" as const], waitSeconds: 0 };
const outcome = (work: Promise<unknown>) =>
  work.then(
    (value) => value,
    (error: unknown) => error,
  );

describe("talking to the server", () => {
  test("sends the token, and never to where a redirect points", async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(`${request.url} ${request.headers.authorization}`);
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    const refused = await outcome(createServerClient({ url, token }).claim(claim));
    expect(refused).toBeInstanceOf(ServerRefusal);
    expect(seen).toEqual(["/api/ai/jobs/claim Bearer secret"]);
  });

  test.each<[string, string]>([
    ["a captive portal", "<html>Welcome</html>"],
    ["another shape", '{"id": 1}'],
    ["half a body", '{"id": "'],
  ])("takes %s for no answer", async (_, body) => {
    const url = await serve((_request, response) => response.writeHead(200).end(body));
    expect(await outcome(createServerClient({ url, token }).claim(claim))).toBeInstanceOf(ServerUnreachable);
  });

  test("tells refusals by their code", async () => {
    const url = await serve((_request, response) => response.writeHead(409).end('{"code":"job_not_held"}'));
    const refused = await outcome(createServerClient({ url, token }).heartbeat(newId()));
    expect(refused).toMatchObject({ status: 409, code: "job_not_held" });
  });

  test("does not take an endless answer into memory", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 20))) {}
      };
      response.on("drain", more);
      more();
    });
    const failed = await outcome(createServerClient({ url, token }).claim(claim));
    expect(failed).toMatchObject({ message: expect.stringContaining("too large") });
  });

  test("ends a call when it is told to", async () => {
    const url = await serve(() => {});
    const stop = new AbortController();
    const waiting = outcome(createServerClient({ url, token }).claim(claim, stop.signal));
    stop.abort();
    expect(await waiting).toBeInstanceOf(ServerUnreachable);
    (server as unknown as { closeAllConnections(): void }).closeAllConnections();
  });
});

describe("HTTPS", () => {
  /** A certificate for 127.0.0.1 that vouches for itself, as PEM. */
  async function certificate() {
    const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const day = 86_400_000;
    const made = await X509CertificateGenerator.createSelfSigned({
      name: "CN=Practice",
      notBefore: new Date(now() - day),
      notAfter: new Date(now() + day),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(true),
        new SubjectAlternativeNameExtension([{ type: "ip", value: "127.0.0.1" }]),
      ],
    });
    const key = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
    return {
      cert: made.toString("pem"),
      key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----`,
    };
  }

  test("trusts the practice's own authority and nobody else's", async () => {
    const { cert, key } = await certificate();
    const url = await listen(
      createHttps({ cert, key }, (_request, response) => response.writeHead(204).end()),
      "https",
    );
    expect(await createServerClient({ url, token, ca: cert }).claim(claim)).toBeNull();
    expect(await outcome(createServerClient({ url, token }).claim(claim))).toBeInstanceOf(ServerUnreachable);
    (server as unknown as { closeAllConnections(): void }).closeAllConnections();
  });
});
