import { connect, type SecureVersion } from "node:tls";
import { type Expectation, NotApplicable, seen } from "./expectation.ts";
import { NoAnswer, Server } from "./server.ts";
import type { Tester } from "./tester.ts";

const onHttps = ({ server }: Tester): void => {
  if (!server.isSecure) throw new NotApplicable("the address is plain HTTP");
};

/** @returns the version that was agreed on, or why none was */
const handshake = (
  { server }: Tester,
  version: SecureVersion,
): Promise<{ agreed?: string; refused?: string }> =>
  new Promise((resolve) => {
    const socket = connect({
      host: server.url.hostname.replace(/^\[|\]$/g, ""),
      port: Number(server.url.port || 443),
      ...(/^[\d.[\]:]+$/.test(server.url.hostname) ? {} : { servername: server.url.hostname }),
      minVersion: version,
      maxVersion: version,
      // Else this machine itself would not try the old versions.
      ciphers: "DEFAULT:@SECLEVEL=0",
      // What is asked here is the version; the certificate is an expectation of its own.
      rejectUnauthorized: false,
      timeout: 10_000,
    });
    const finish = (result: { agreed?: string; refused?: string }) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("secureConnect", () => finish({ agreed: socket.getProtocol() ?? "unknown" }));
    socket.once("timeout", () => finish({ refused: "no answer in 10 seconds" }));
    socket.once("error", (error: NodeJS.ErrnoException) => finish({ refused: error.code ?? error.message }));
  });

const versions: readonly { version: SecureVersion; spoken: boolean }[] = [
  { version: "TLSv1", spoken: false },
  { version: "TLSv1.1", spoken: false },
  { version: "TLSv1.2", spoken: true },
  { version: "TLSv1.3", spoken: true },
];

const versionExpectations = versions.map(
  ({ version, spoken }): Expectation => ({
    id: `transport/${version}`,
    area: "transport",
    expected: spoken ? `${version} is spoken` : `${version} is refused`,
    async play(tester) {
      onHttps(tester);
      const { agreed, refused = "" } = await handshake(tester, version);
      if (refused.includes("NO_PROTOCOLS_AVAILABLE"))
        throw new NotApplicable(`this machine cannot speak ${version} to try it`);
      return seen((agreed !== undefined) === spoken, agreed ? `agreed on ${agreed}` : `refused (${refused})`);
    },
  }),
);

const certificate: Expectation = {
  id: "transport/certificate",
  area: "transport",
  expected:
    "the certificate names this address, is in date, and comes from an authority that is trusted here",
  async play(tester) {
    onHttps(tester);
    // A connection with any other certificate is not made at all.
    const { status } = await tester.ask(null, "GET", "/healthz");
    return seen(status === 200, `answered ${status}`);
  },
};

const strictTransport: Expectation = {
  id: "transport/strict-transport-security",
  area: "transport",
  expected: "browsers are told to use HTTPS alone, for half a year at least",
  async play(tester) {
    onHttps(tester);
    if (tester.server.isLoopback) throw new NotApplicable("it is not said to this machine itself");
    const { headers } = await tester.ask(null, "GET", "/healthz");
    const said = headers["strict-transport-security"];
    const seconds = Number(/max-age=(\d+)/.exec(String(said))?.[1] ?? 0);
    return seen(seconds >= 180 * 86_400, said === undefined ? "nothing is said" : String(said));
  },
};

/** Where plain HTTP might be: the port of this machine's own address, the usual one, and the one of HTTPS. */
const plainPorts = (url: URL): number[] => [...new Set([8080, 80, Number(url.port || 443)])];

async function speaksPlain(url: URL, port: number): Promise<boolean> {
  const plain = new Server(new URL(`http://${url.hostname}:${port}`));
  try {
    const { status } = await plain.ask({ method: "GET", path: "/api/openapi.json" });
    return status === 200;
  } catch (error) {
    if (error instanceof NoAnswer) return false;
    throw error;
  } finally {
    plain.close();
  }
}

const plainOnlyHere: Expectation = {
  id: "transport/plain-http-on-loopback-only",
  area: "transport",
  expected: "no plain HTTP is spoken to other machines",
  async play({ server }) {
    if (server.isLoopback) throw new NotApplicable("the address is this machine's own");
    if (!server.isSecure) return seen(false, `${server.url.origin} is plain HTTP and answers`);
    const open: number[] = [];
    for (const port of plainPorts(server.url)) if (await speaksPlain(server.url, port)) open.push(port);
    return seen(
      open.length === 0,
      open.length === 0 ? "none of the usual ports" : `on port ${open.join(", ")}`,
    );
  },
};

export const transportExpectations = (): Expectation[] => [
  ...versionExpectations,
  certificate,
  strictTransport,
  plainOnlyHere,
];
