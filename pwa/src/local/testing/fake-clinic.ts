import { compactDecrypt, exportJWK, generateKeyPair } from "jose";
import type { PlayedLog } from "#domain/audit/testing/played-log.ts";
import type { Row } from "#domain/collection.ts";
import { fromBase64Url } from "#domain/kernel/bytes.ts";
import { sha256Hex } from "#domain/kernel/canonical.ts";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import { mutations } from "#domain/registry.ts";
import { type Envelope, envelopeAad, envelopeSigningText, UNREADABLE } from "#domain/sync/envelope.ts";
import {
  type MutationResult,
  mutationHash,
  type PulledRow,
  type PullRequest,
  type PushedMutation,
  scopeHash,
  streamDigest,
} from "#domain/sync/protocol.ts";
import type { PublicKey, Session } from "#domain/sync/session.ts";
import { presentArgs } from "#domain/upcast.ts";
import { stampOf } from "../read/view.ts";

interface StoredRow {
  readonly collection: string;
  readonly id: string;
  readonly stream: string;
  readonly version: number;
  readonly seq: number;
  readonly op: "put" | "rm";
  readonly data: Record<string, unknown>;
}

interface StreamState {
  generation: number;
  state: "joining" | "ready";
}

interface Client {
  lastN: number;
  readonly results: Map<number, MutationResult & { hash: string }>;
  readonly signingKey: PublicKey | undefined;
  readonly deviceKey: PublicKey | undefined;
  readonly streams: Map<string, StreamState>;
  /** Two devices were seen to write under it. */
  forked?: boolean;
}

const problem = (status: number, code: string) =>
  new Response(JSON.stringify({ type: "about:blank", status, code }), {
    status,
    headers: { "content-type": "application/problem+json" },
  });
const json = (body: unknown) =>
  new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });

async function audit({ key, note, prove }: PlayedLog, { pathname, searchParams }: URL): Promise<Response> {
  if (pathname === "/api/audit/checkpoint") return json({ checkpoint: await note(), key });
  const [from, to] = [Number(searchParams.get("from")), Number(searchParams.get("to"))];
  const proof = await prove({ epoch: searchParams.get("epoch") ?? "", from, to });
  return proof ? json(proof) : problem(409, "history_shorter");
}

/**
 * The clinic's side of the protocol in memory, for unit tests of the tablet. It checks signatures and hashes for real
 * and applies with the domain's own `apply`; rights, audit and storage are the real server's and tested there.
 */
export class FakeClinic {
  readonly practice = { id: newId(), name: "Trial practice", zone: "America/New_York", trial: true };
  /** Who signs in. */
  user: Session["user"] = {
    id: newId(),
    name: "Ana Trial",
    roles: ["clinician"],
    role: "clinician",
  };
  epoch = newId();
  readonly rows = new Map<string, StoredRow>();
  readonly clients = new Map<string, Client>();
  scope: string[] = ["directory", "schedule", "demographics"];
  /** Charts that are too many for a device. */
  left = 0;
  seq = 1;
  /** The newest version of a mutation that it can read. */
  release = 1;
  /** How the network behaves now. */
  network: "up" | "down" | "captive" = "up";
  /** Lets a request through and loses its answer. */
  loseAnswer: string | null = null;
  /** The work of this client is refused whole. */
  refuseClient: string | null = null;
  refuse: (mutation: PushedMutation) => MutationResult["code"] | null = () => null;
  /** What a refusal says besides its code. */
  refusalDetail: unknown = { nearest: [] };
  sessionEnded = false;
  accessEnded = false;
  /** Streams about which the clinic says something else than what it sends. */
  readonly wrongDigests = new Set<string>();
  offlineHours = 24;
  /** Credential ids it knows; it does not look at signatures. Undefined = a clinic that says nothing of passkeys. */
  passkeys: string[] | undefined;
  readonly requests: { path: string; body: unknown; authorization: string | null }[] = [];
  readonly audio = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Its audit log; a clinic without one has signed nothing yet. */
  log: PlayedLog | null = null;
  #keys: CryptoKeyPair | null = null;
  #sessions = 0;

  async serverKey(): Promise<Session["serverKey"]> {
    this.#keys ??= (await generateKeyPair("ECDH-ES+A256KW", {
      crv: "P-256",
      extractable: true,
    })) as CryptoKeyPair;
    const { x = "", y = "" } = await exportJWK(this.#keys.publicKey);
    return { kty: "EC", crv: "P-256", x, y, kid: "server" };
  }

  async openSealed(jwe: string): Promise<Uint8Array<ArrayBuffer>> {
    await this.serverKey();
    const { plaintext } = await compactDecrypt(jwe, (this.#keys as CryptoKeyPair).privateKey);
    return new Uint8Array(plaintext);
  }

  put(collection: string, stream: string, data: Record<string, unknown> & { id: string }): void {
    const key = `${collection}|${data.id}`;
    const version = (this.rows.get(key)?.version ?? 0) + 1;
    this.rows.set(key, { collection, id: data.id, stream, version, seq: ++this.seq, op: "put", data });
  }

  remove(collection: string, id: string): void {
    const row = this.rows.get(`${collection}|${id}`);
    if (row) this.rows.set(`${collection}|${id}`, { ...row, seq: ++this.seq, op: "rm" });
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input), "https://clinic.test");
    if (this.network === "down") throw new TypeError("network is down");
    if (this.network === "captive")
      return new Response("<html>Welcome to the hotel</html>", { headers: { "content-type": "text/html" } });
    const headers = new Headers(init?.headers);
    const body = typeof init?.body === "string" ? JSON.parse(init.body) : null;
    this.requests.push({ path: url.pathname, body, authorization: headers.get("authorization") });
    const response = await this.#route(
      url,
      init?.method ?? "GET",
      body,
      headers.get("authorization"),
      init?.signal,
    );
    if (this.loseAnswer === url.pathname) {
      this.loseAnswer = null;
      throw new TypeError("connection lost");
    }
    return response;
  };

  async #route(
    url: URL,
    method: string,
    // biome-ignore lint/suspicious/noExplicitAny: a test double reads whatever was sent
    body: any,
    authorization: string | null,
    signal: AbortSignal | null | undefined,
  ): Promise<Response> {
    if (url.pathname === "/api/session" && method === "POST") return this.#signIn(body);
    if (url.pathname === "/api/session/passkey/options")
      return json({ challenge: "cccc", rpId: "clinic.test" });
    if (url.pathname === "/api/session/passkey") return this.#signInByPasskey(body);
    if (url.pathname === "/api/session/refresh" && this.accessEnded) return problem(401, "access_ended");
    if (url.pathname === "/api/session/refresh")
      return this.sessionEnded || this.#sessions === 0
        ? problem(401, "session_ended")
        : json(await this.#session());
    if (url.pathname === "/api/devices/this")
      return json({ clients: [...this.clients].map(([clientId, { lastN }]) => ({ clientId, lastN })) });
    if (url.pathname === "/api/sync/deliver") return this.#deliver(body, authorization);
    if (this.sessionEnded || this.accessEnded || !authorization?.startsWith("Bearer "))
      return problem(401, "session_ended");
    if (url.pathname === "/api/session") return new Response(null, { status: 204 });
    if (url.pathname === "/api/session/role") {
      this.user.role = body.role;
      return json(await this.#session());
    }
    if (url.pathname === "/api/sync/push") return this.#push(body);
    if (url.pathname === "/api/sync/pull" && body.cursor > this.seq) return problem(409, "epoch_mismatch");
    if (url.pathname === "/api/sync/pull")
      return json({ ...this.#pull(body), checkpoint: this.log && (await this.log.note()) });
    if (this.log && url.pathname.startsWith("/api/audit/")) return audit(this.log, url);
    if (url.pathname === "/api/sync/events") return this.#events(signal);
    if (url.pathname.endsWith("/audio")) {
      const bytes = this.audio.get(`${url.pathname.split("/")[3]}.${url.searchParams.get("part")}`);
      return bytes
        ? new Response(bytes, { headers: { "content-type": "audio/webm" } })
        : problem(404, "not_found");
    }
    return problem(404, "not_found");
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test double reads whatever was sent
  async #signIn(body: any): Promise<Response> {
    if (body.password !== "correct horse battery") return problem(401, "wrong_credentials");
    this.#admit(body);
    return json(await this.#session());
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test double reads whatever was sent
  async #signInByPasskey(body: any): Promise<Response> {
    if (!this.passkeys?.includes(body.assertion.id)) return problem(401, "passkey_refused");
    this.#admit(body);
    return json({ ...(await this.#session()), username: "ana" });
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test double reads whatever was sent
  #admit(body: any): void {
    this.sessionEnded = false;
    this.accessEnded = false;
    this.#sessions++;
    const { clientId, signingKey, key, formerClients = [] } = body.device;
    for (const client of [{ clientId, signingKey }, ...formerClients])
      if (!this.clients.has(client.clientId))
        this.clients.set(client.clientId, {
          lastN: 0,
          results: new Map(),
          signingKey: client.signingKey,
          deviceKey: key,
          streams: new Map(),
        });
  }

  async #session(): Promise<Session> {
    return {
      accessToken: "a.b.c",
      expiresIn: 600,
      user: this.user,
      grant: "g.r.t",
      offlineUntil: instant(now() + this.offlineHours * 3_600_000),
      practice: this.practice,
      epoch: this.epoch,
      passkeys: this.passkeys,
      serverKey: await this.serverKey(),
    };
  }

  async #push(body: {
    epoch: string | null;
    clientId: string;
    mutations: PushedMutation[];
  }): Promise<Response> {
    if (body.epoch !== this.epoch) return problem(409, "epoch_mismatch");
    const opened = body.mutations.map(async (mutation) =>
      mutation.name === UNREADABLE
        ? this.openEnvelope(mutation.args.envelope as Envelope).catch(() => mutation)
        : mutation,
    );
    const results = (await Promise.all(opened)).flatMap(
      (mutation) => this.#settle(body.clientId, mutation) ?? [],
    );
    const { lastN } = this.#client(body.clientId);
    const left = body.mutations.find(({ n, v }) => n === lastN + 1 && v > this.release);
    const waits = left && { n: left.n, code: "version_too_new" };
    return json({ epoch: this.epoch, lastN, results, ...(waits && { waits }), checkpoint: null });
  }

  #client(clientId: string): Client {
    const client = this.clients.get(clientId);
    if (!client) throw new Error("unknown client");
    return client;
  }

  #settle(clientId: string, mutation: PushedMutation): MutationResult | null {
    const client = this.#client(clientId);
    const known = client.results.get(mutation.n);
    if (known) {
      if (known.hash === mutation.hash) return known;
      client.forked = true;
      return this.#quarantined(mutation);
    }
    if (mutation.n !== client.lastN + 1 || mutation.v > this.release) return null;
    if (mutationHash(mutation) !== mutation.hash) throw new Error("hash_mismatch");
    const result = client.forked ? this.#quarantined(mutation) : this.#judged(mutation);
    client.lastN = mutation.n;
    client.results.set(mutation.n, { ...result, hash: mutation.hash });
    return result;
  }

  #quarantined({ n }: PushedMutation): MutationResult {
    return { n, status: "quarantined", code: "client_fork", seq: ++this.seq };
  }

  #judged(mutation: PushedMutation): MutationResult {
    const { n } = mutation;
    const code = this.refuse(mutation);
    return code
      ? { n, status: "conflict", code, detail: this.refusalDetail, seq: ++this.seq }
      : { n, status: "applied", seq: this.#apply(mutation) };
  }

  #apply(mutation: PushedMutation): number {
    const found = mutations.get(mutation.name);
    if (!found) throw new Error("unknown mutation");
    const key = `${found.collectionName}|${mutation.args.id}`;
    const before = this.rows.get(key)?.data as Row | undefined;
    const args = found.mutation.args.parse(presentArgs(found.mutation, mutation));
    const data = found.mutation.apply(before, args, stampOf(mutation));
    if (data) this.put(found.collectionName, found.collection.stream(data) ?? "none", { ...data });
    return this.seq;
  }

  /** The paging of the real server: changes first, in commit order; then joining streams by id. */
  #pull(request: PullRequest) {
    const client = this.#client(request.clientId);
    const streams = this.#join(client, request);
    const inScope = [...this.rows.values()].filter(({ stream }) => streams.has(stream));
    const changes = inScope
      .filter(({ seq }) => request.cursor > 0 && seq > request.cursor)
      .sort((a, b) => a.seq - b.seq);
    const cut = changes.length > request.limit;
    const page = changes.slice(0, request.limit);
    const joined = this.#joiningPages(request, cut ? new Map() : streams, inScope);
    return {
      epoch: this.epoch,
      head: this.seq,
      cursor: cut ? (page.at(-1)?.seq ?? 0) : this.seq,
      more: cut || joined.more,
      lastN: client.lastN,
      results: [],
      scope: {
        hash: scopeHash([...streams.keys()]),
        streams: [...streams].map(([stream, { generation, state }]) => [
          stream,
          generation,
          joined.finished.has(stream) ? "ready" : state,
        ]),
        signature: "s",
        ...(this.left > 0 && { left: this.left }),
      },
      rows: [...page, ...joined.rows].map(
        (row): PulledRow => ({ ...row, generation: streams.get(row.stream)?.generation ?? 0 }),
      ),
      digests: cut || joined.more ? {} : this.#digests(request, streams, joined.finished),
    };
  }

  #digests({ verify }: PullRequest, streams: Client["streams"], finished: ReadonlySet<string>) {
    const compared = [...streams].filter(
      ([stream, { state }]) => finished.has(stream) || (verify && state === "ready"),
    );
    return Object.fromEntries(
      compared.map(([stream]) => {
        const rows = [...this.rows.values()].filter((row) => row.stream === stream && row.op === "put");
        const digest = streamDigest(rows, sha256Hex);
        return [stream, this.wrongDigests.has(stream) ? { ...digest, count: digest.count + 1 } : digest];
      }),
    );
  }

  #joiningPages(request: PullRequest, streams: Client["streams"], inScope: readonly StoredRow[]) {
    const rows: StoredRow[] = [];
    const finished = new Set<string>();
    for (const [stream, { state }] of streams) {
      if (state === "ready") continue;
      const after = request.held.find(([name]) => name === stream)?.[2] ?? "";
      const rest = inScope
        .filter((row) => row.stream === stream && row.op === "put" && row.id > after)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const room = request.limit - rows.length;
      rows.push(...rest.slice(0, room));
      if (rest.length > room) return { rows, finished, more: true };
      finished.add(stream);
    }
    return { rows, finished, more: false };
  }

  #join(client: Client, { held, putAway }: PullRequest): Client["streams"] {
    const scope = this.scope.filter((stream) => !putAway.includes(stream));
    for (const stream of client.streams.keys()) if (!scope.includes(stream)) client.streams.delete(stream);
    for (const stream of scope) {
      const known = client.streams.get(stream);
      const [, generation, after] = held.find(([name]) => name === stream) ?? [];
      if (known?.state === "joining" && generation === known.generation && after === null)
        known.state = "ready";
      const lost =
        known?.state === "ready"
          ? generation !== known.generation
          : generation !== undefined && generation !== known?.generation;
      if (!known || lost)
        client.streams.set(stream, {
          generation: 1 + (known?.generation ?? generation ?? 0),
          state: "joining",
        });
    }
    return new Map(scope.map((stream) => [stream, client.streams.get(stream) as StreamState]));
  }

  async #deliver(body: { envelopes: Envelope[] }, authorization: string | null): Promise<Response> {
    if (!authorization?.startsWith("Device ")) return problem(401, "unauthenticated");
    const clientId = body.envelopes[0]?.clientId ?? "";
    if (clientId === this.refuseClient) return problem(401, "invalid_signature");
    const client = this.#client(clientId);
    if (!(await verifyJwt(authorization.slice(7), client.deviceKey)))
      return problem(401, "invalid_signature");
    const results: MutationResult[] = [];
    for (const envelope of body.envelopes) {
      const mutation = await this.openEnvelope(envelope);
      const result = this.#settle(clientId, mutation);
      if (result) results.push(result);
    }
    return json({ epoch: this.epoch, lastN: client.lastN, results, checkpoint: null });
  }

  /** Checks the signature and opens an envelope with nothing but the server's key. */
  async openEnvelope(envelope: Envelope): Promise<PushedMutation> {
    const client = this.#client(envelope.clientId);
    const good = await verify(client.signingKey, envelope.sig, envelopeSigningText(envelope));
    if (!good) throw new Error("invalid_signature");
    const key = await crypto.subtle.importKey(
      "raw",
      await this.openSealed(envelope.keyServer),
      "AES-GCM",
      false,
      ["decrypt"],
    );
    const additionalData = new TextEncoder().encode(envelopeAad(envelope));
    const plain = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: fromBase64Url(envelope.iv), additionalData },
      key,
      fromBase64Url(envelope.ct),
    );
    return JSON.parse(new TextDecoder().decode(plain)) as PushedMutation;
  }

  #events(signal: AbortSignal | null | undefined): Response {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        signal?.addEventListener("abort", () => controller.error(new Error("aborted")));
      },
    });
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  }
}

async function verify(key: PublicKey | undefined, signature: string, text: string): Promise<boolean> {
  if (!key) return false;
  const imported = await crypto.subtle.importKey("jwk", key, { name: "ECDSA", namedCurve: "P-256" }, false, [
    "verify",
  ]);
  return crypto.subtle.verify(
    { name: "ECDSA", hash: "SHA-256" },
    imported,
    fromBase64Url(signature),
    new TextEncoder().encode(text),
  );
}

async function verifyJwt(jwt: string, key: PublicKey | undefined): Promise<boolean> {
  const [head, body, signature = ""] = jwt.split(".");
  return verify(key, signature, `${head}.${body}`);
}
