import {
  createCipheriv,
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
  sign,
} from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";

/**
 * Another client, written from docs/reference/protocol.md alone: whatever it needs to know has to stand there. So it uses
 * nothing of this project but a clinic to speak to, and the time.
 */

type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };

/** RFC 8785, for the values that are sent here. */
function canonical(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const base64url = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64url");

interface Pair {
  readonly privateKey: KeyObject;
  readonly public: { kty: "EC"; crv: "P-256"; x: string; y: string };
}

function newPair(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x, y } = publicKey.export({ format: "jwk" });
  return { privateKey, public: { kty: "EC", crv: "P-256", x: x!, y: y! } };
}

const signature = ({ privateKey }: Pair, text: string): string =>
  base64url(sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" }));

function gcm(key: Uint8Array, iv: Uint8Array, text: Uint8Array, additional: string) {
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(additional));
  return { text: Buffer.concat([cipher.update(text), cipher.final()]), tag: cipher.getAuthTag() };
}

/** RFC 7516 and 7518: ECDH-ES+A256KW with A256GCM. */
function jwe(plain: Uint8Array, recipient: Record<string, string>): string {
  const { kid, ...key } = recipient;
  const own = newPair();
  const header = base64url(
    JSON.stringify({ alg: "ECDH-ES+A256KW", enc: "A256GCM", kid: kid!, epk: own.public }),
  );
  const publicKey = createPublicKey({ key: key as never, format: "jwk" });
  const shared = diffieHellman({ privateKey: own.privateKey, publicKey });
  const number = (value: number) => Buffer.from([0, 0, value >> 8, value & 255]);
  const alg = Buffer.from("ECDH-ES+A256KW");
  const derived = [number(1), shared, number(alg.length), alg, number(0), number(0), number(256)];
  const wrapping = createHash("sha256").update(Buffer.concat(derived)).digest();
  const [content, iv] = [randomBytes(32), randomBytes(12)];
  const wrap = createCipheriv("id-aes256-wrap", wrapping, Buffer.alloc(8, 0xa6));
  const sealed = gcm(content, iv, plain, header);
  const wrapped = Buffer.concat([wrap.update(content), wrap.final()]);
  return [header, ...[wrapped, iv, sealed.text, sealed.tag].map(base64url)].join(".");
}

interface Row {
  readonly stream: string;
  readonly collection: string;
  readonly id: string;
  readonly op: "put" | "rm";
  readonly version?: number;
  readonly data?: Record<string, unknown>;
}
interface Answer {
  readonly code?: string;
  readonly [member: string]: unknown;
}
interface Result {
  readonly n: number;
  readonly status: string;
  readonly code?: string;
  readonly seq?: number;
}

let clinic: TestPractice;
beforeAll(async () => {
  clinic = await openTestPractice();
});
afterAll(() => clinic.close());

async function ask(method: string, path: string, authorization: string | null, body?: unknown) {
  const response = await clinic.app.request(`http://localhost:8080${path}`, {
    method,
    headers: {
      ...(authorization ? { authorization } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text ? JSON.parse(text) : {}) as Answer };
}

class Client {
  readonly deviceId = randomUUID();
  readonly clientId = randomUUID();
  readonly deviceKey = newPair();
  readonly signingKey = newPair();
  readonly rows = new Map<string, Row>();
  session: Record<string, never> & Answer = {} as never;
  bearer = "";
  #cursor = 0;
  /** Stream to its generation and the last row that is here; null: all of it. */
  #held = new Map<string, [number, string | null]>();
  #n = 0;
  #prevHash = "0".repeat(64);

  async signIn(username: string): Promise<void> {
    const { body } = await ask("POST", "/api/session", null, {
      username,
      password: "jamemr-trial-practice",
      device: {
        id: this.deviceId,
        name: "Another client",
        key: this.deviceKey.public,
        clientId: this.clientId,
        signingKey: this.signingKey.public,
      },
    });
    this.session = body as never;
    this.bearer = `Bearer ${String(body.accessToken)}`;
  }

  member<T>(name: string): T {
    return this.session[name] as T;
  }

  /** Pulls until there is no more. @returns the results that came with it, and how many pages */
  async pull(limit = 7): Promise<{ results: Result[]; pages: number }> {
    const results: Result[] = [];
    for (let pages = 1; ; pages++) {
      const { body } = await ask("POST", "/api/sync/pull", this.bearer, {
        epoch: this.session.epoch,
        clientId: this.clientId,
        cursor: this.#cursor,
        held: [...this.#held].map(([stream, [generation, after]]) => [stream, generation, after]),
        want: [],
        limit,
      });
      results.push(...(body.results as Result[]));
      this.#store(body);
      if (body.more) continue;
      this.#compare(body.digests as Record<string, { count: number; xor: string }>);
      return { results, pages };
    }
  }

  #store(page: Answer): void {
    const { streams } = page.scope as { streams: [string, number, string][] };
    const listed = new Map(streams.map(([stream, generation]) => [stream, generation]));
    for (const [stream, [generation]] of this.#held) {
      if (listed.get(stream) === generation) continue;
      this.#held.delete(stream);
      for (const [key, row] of this.rows) if (row.stream === stream) this.rows.delete(key);
    }
    const rows = page.rows as Row[];
    for (const row of rows) {
      const key = `${row.stream}/${row.id}`;
      if (row.op === "rm") this.rows.delete(key);
      else if ((row.version ?? 0) >= (this.rows.get(key)?.version ?? 0)) this.rows.set(key, row);
    }
    for (const [stream, generation, state] of streams)
      if (state === "ready") this.#held.set(stream, [generation, null]);
    const last = rows.at(-1);
    const cut = streams.find(([stream, , state]) => stream === last?.stream && state === "joining");
    if (page.more && page.cursor === page.head && cut) this.#held.set(cut[0], [cut[1], last!.id]);
    this.#cursor = page.cursor as number;
  }

  #compare(digests: Record<string, { count: number; xor: string }>): void {
    for (const [stream, { count, xor }] of Object.entries(digests)) {
      const own = [...this.rows.values()].filter((row) => row.stream === stream);
      const sum = own.reduce(
        (all, { id, version }) => all ^ BigInt(`0x${sha256(`${id}:${version}`).slice(0, 16)}`),
        0n,
      );
      expect([own.length, sum.toString(16).padStart(16, "0")], stream).toEqual([count, xor]);
    }
  }

  all(collection: string): Row[] {
    return [...this.rows.values()].filter((row) => row.collection === collection);
  }

  /** A mutation under the next number, with its hash. */
  change(
    name: string,
    args: Json,
  ): { n: number; id: string; hash: string; at: string; [member: string]: Json } {
    const { id: actor, role } = this.member<{ id: string; role: string }>("user");
    const at = instantNow();
    const tz = "America/New_York";
    const rest = { n: ++this.#n, id: randomUUID(), name, v: 1, args, base: null, at, tz, actor, role };
    return { ...rest, hash: sha256(canonical(rest)) };
  }

  seal(mutation: ReturnType<Client["change"]>): { [member: string]: Json } {
    const { n, id, at } = mutation;
    const [key, iv] = [randomBytes(32), randomBytes(12)];
    const text = canonical(mutation);
    const sealed = gcm(key, iv, Buffer.from(text), canonical(["outbox", 1, this.clientId, n, id]));
    const unsigned = {
      v: 1,
      clientId: this.clientId,
      epoch: this.member<string>("epoch"),
      n,
      id,
      user: this.member<{ id: string }>("user").id,
      device: this.deviceId,
      at,
      prevHash: this.#prevHash,
      iv: base64url(iv),
      ct: base64url(Buffer.concat([sealed.text, sealed.tag])),
      keyLocal: base64url(randomBytes(60)),
      keyServer: jwe(key, this.member("serverKey")),
    };
    this.#prevHash = sha256(text);
    return { ...unsigned, sig: signature(this.signingKey, canonical(unsigned)) };
  }

  proof(method: string, path: string): string {
    const body = {
      iss: this.deviceId,
      aud: this.member<{ id: string }>("practice").id,
      iat: Math.floor(now() / 1000),
      jti: randomUUID(),
      htm: method,
      htu: path,
    };
    const text = [{ alg: "ES256", typ: "JWT" }, body]
      .map((part) => base64url(JSON.stringify(part)))
      .join(".");
    return `Device ${text}.${signature(this.deviceKey, text)}`;
  }

  asDevice(method: string, path: string, body?: unknown) {
    return ask(method, path, this.proof(method, path), body);
  }

  deliver(envelopes: readonly Json[], more: object = {}) {
    return this.asDevice("POST", "/api/sync/deliver", { envelopes, ...more });
  }

  /** A booking of somebody it knows, in a week that nobody has planned. */
  booking(day: number): Json {
    const start = new Date(now() + day * 86_400_000);
    start.setUTCHours(15, 0, 0, 0);
    const clinician = this.all("staff").find(({ data }) => (data!.roles as string[]).includes("clinician"))!;
    return {
      id: randomUUID(),
      patientId: this.all("patient")[0]!.id,
      clinicianId: clinician.id,
      visitTypeId: this.all("visit-type")[0]!.id,
      start: start.toISOString(),
      minutes: 15,
    };
  }
}

/** What a colleague at the desk finds waiting for review that was written at that moment, with its words. */
async function waiting({ at, actor }: ReturnType<Client["change"]>): Promise<Answer[]> {
  const colleague = new Client();
  await colleague.signIn("frontdesk2");
  const { body } = await ask("GET", "/api/quarantine", colleague.bearer);
  const items = body.items as { id: string; authorId: string; writtenAt: string }[];
  const own = items.filter(({ authorId, writtenAt }) => authorId === actor && writtenAt === at);
  const open = ({ id }: { id: string }) => ask("GET", `/api/quarantine/${id}`, colleague.bearer);
  return (await Promise.all(own.map(open))).map((answer) => answer.body);
}

it("makes the text and the hash of the page's example", () => {
  const page = readFileSync(new URL("../../docs/reference/protocol.md", import.meta.url), "utf8");
  const [plain, whole] = [...page.matchAll(/```json\n(\{"actor".*)\n```/g)].map(([, text]) => text!);
  const { hash, ...rest } = JSON.parse(whole!) as { hash: string } & Record<string, Json>;
  expect(canonical(rest)).toBe(plain);
  expect(sha256(plain!)).toBe(hash);
});

it("registers a device, makes its first sync in pages, pushes, and sees its work come back", async () => {
  const client = new Client();
  await client.signIn("frontdesk");
  expect((await client.pull()).pages).toBeGreaterThan(3);
  expect(client.all("patient").length).toBeGreaterThan(5);
  const change = client.change("appointment.book", client.booking(100));
  const push = () =>
    ask("POST", "/api/sync/push", client.bearer, {
      epoch: client.session.epoch,
      clientId: client.clientId,
      mutations: [change],
    });
  const { body } = await push();
  expect(body).toMatchObject({ lastN: 1, results: [{ n: 1, status: "applied" }] });
  expect((await push()).body.results).toEqual(body.results); // the answer was lost
  const { results } = await client.pull();
  expect(results).toMatchObject([{ n: 1, status: "applied", hash: change.hash }]);
  const { id } = change.args as { id: string };
  expect(client.rows.get(`schedule/${id}`)).toMatchObject({ version: 1, data: { status: "booked" } });
});

it("delivers what it sealed after its person has signed out, and no proof works twice", async () => {
  const client = new Client();
  await client.signIn("frontdesk");
  await client.pull();
  const sealed = [1, 2].map((day) =>
    client.seal(client.change("appointment.book", client.booking(200 + day))),
  );
  await ask("DELETE", "/api/session", client.bearer);
  const proof = client.proof("POST", "/api/sync/deliver");
  const { body } = await ask("POST", "/api/sync/deliver", proof, { envelopes: sealed });
  expect(body.results).toMatchObject([
    { n: 1, status: "applied" },
    { n: 2, status: "applied" },
  ]);
  const again = await ask("POST", "/api/sync/deliver", proof, { envelopes: sealed });
  expect([again.status, again.body.code]).toEqual([401, "invalid_token"]);
  expect((await client.deliver(sealed)).body.results).toEqual(body.results);
});

it("delivers from a device that was removed, and a colleague finds it waiting for review", async () => {
  const client = new Client();
  await client.signIn("frontdesk");
  await client.pull();
  const change = client.change("appointment.book", client.booking(210));
  const sealed = client.seal(change);
  const engineer = new Client();
  await engineer.signIn("it");
  await ask("POST", `/api/devices/${client.deviceId}/revoke`, engineer.bearer, {});
  expect((await client.asDevice("GET", "/api/devices/this")).body.code).toBe("device_revoked");
  expect((await client.deliver([sealed])).body.results).toMatchObject([
    { n: 1, status: "quarantined", code: "revoked_before_arrival" },
  ]);
  expect(await waiting(change)).toMatchObject([{ decision: null, args: change.args }]);
});

it("wipes itself when it is told to, and delivers after that what nobody can open any more", async () => {
  const client = new Client();
  await client.signIn("frontdesk");
  await client.pull();
  const change = client.change("appointment.book", client.booking(220));
  const sealed = client.seal(change);
  const engineer = new Client();
  await engineer.signIn("it");
  await ask("POST", `/api/devices/${client.deviceId}/wipe`, engineer.bearer, {});
  expect((await client.asDevice("GET", "/api/devices/this")).body.code).toBe("device_wiped");
  expect((await client.deliver([sealed])).body.code).toBe("device_wiped");
  expect((await client.asDevice("POST", "/api/devices/wiped", { left: 1 })).body).toEqual({ clients: [] });
  expect((await client.deliver([sealed], { keysGone: true })).body.results).toMatchObject([
    { n: 1, status: "quarantined", code: "revoked_before_arrival" },
  ]);
  expect((await client.asDevice("POST", "/api/devices/wiped", { left: 0 })).status).toBe(200);
  expect(await waiting(change)).toMatchObject([{ decision: null, args: change.args }]);
});
