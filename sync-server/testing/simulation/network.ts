import type { PulledRow, PullResult, PushResult } from "#domain/sync/protocol.ts";
import type { FaultCounts, NetFault } from "./faults.ts";
import type { Random } from "./random.ts";
import { realWait } from "./real-wait.ts";
import { ConnectionLost, type PlayedServer } from "./server.ts";

const never = new Promise<never>(() => {});

/** One answer as it left the server, whether or not it arrived. */
export interface Crossing {
  readonly path: string;
  readonly status: number;
  readonly request: string;
  readonly answer: string;
  /**
   * The session's role when the request reached the server and when its answer left, as far as the network has seen it.
   * Where they differ, the role was switched meanwhile, and the request was judged by either. A request that comes late may
   * be one of a session from before.
   */
  readonly roles: readonly (string | null)[];
}

interface Held {
  readonly send: () => Promise<unknown>;
  readonly fault: "F03" | "F04";
  readonly when: "beside" | "after";
}

interface Sent {
  readonly path: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
}

/** What the hotel's network says to every request until somebody agrees to its terms. */
const portal = "<!doctype html><title>Welcome</title><p>Please accept our terms to go online.</p>";

const EVENTS = "/api/sync/events";
const isPush = (path: string) => path === "/api/sync/push" || path === "/api/sync/deliver";

const bodyOf = (body: RequestInit["body"]): Sent["body"] => {
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return typeof body === "string" ? body : null;
};

/** What lies between one tablet and the clinic: loses, repeats, delays and reorders as its script says. */
export class PlayedNetwork {
  readonly #server: PlayedServer;
  readonly #counts: FaultCounts;
  readonly #onCrossing: (crossing: Crossing) => void;
  #random: Random;
  #script: NetFault[] = [];
  #online = false;
  #cookie: string | null = null;
  /** Role by session. Copies of a profile share their sign-ins: any of them may switch. */
  #sessions = new Map<string, string>();
  #held: Held[] = [];
  #listens = false;
  readonly #streams = new Set<() => void>();
  /** Requests that have not been answered. */
  inflight = 0;

  constructor(
    server: PlayedServer,
    counts: FaultCounts,
    random: Random,
    onCrossing: (crossing: Crossing) => void,
  ) {
    this.#server = server;
    this.#counts = counts;
    this.#random = random;
    this.#onCrossing = onCrossing;
  }

  /** The cookies of a copied browser profile. */
  takeCookiesOf(other: PlayedNetwork): void {
    this.#cookie = other.#cookie;
    this.#sessions = other.#sessions;
  }

  #roleOf(headers: Headers): string | null {
    const token = headers.get("authorization")?.replace(/^Bearer /, "");
    return token ? (this.#sessions.get(sessionOf(token)) ?? null) : null;
  }

  up(script: readonly NetFault[], random: Random): void {
    this.#online = true;
    this.#script = [...script];
    this.#random = random;
  }

  down(): void {
    this.#online = false;
    this.#script = [];
  }

  /** Live streams that are open. */
  get streams(): number {
    return this.#streams.size;
  }

  /**
   * Whether live streams are carried. Where they are not, the tablet polls: events come when the database tells of a
   * commit, in an order that no seed decides.
   */
  listens(carried: boolean): void {
    this.#listens = carried;
    if (!carried) this.breakStreams();
  }

  breakStreams(): void {
    for (const end of [...this.#streams]) end();
  }

  /** Everything that the network still keeps arrives now. */
  async flush(): Promise<void> {
    for (const held of this.#held.splice(0)) await this.#release(held);
  }

  /** The `fetch` of one tab; it never answers again once the tab is dead. */
  fetchFor(isDead: () => boolean): typeof fetch {
    return async (input, init) => {
      if (isDead()) return never;
      this.inflight++;
      try {
        const response = await this.#carry(String(input), init ?? {});
        return isDead() ? never : response;
      } catch (error) {
        if (isDead()) return never;
        throw error;
      } finally {
        this.inflight--;
      }
    };
  }

  async #carry(url: string, init: RequestInit): Promise<Response> {
    const { pathname } = new URL(url);
    if (!this.#online) throw new ConnectionLost();
    const { signal } = init;
    signal?.throwIfAborted();
    const sent: Sent = {
      path: url,
      method: init.method ?? "GET",
      headers: new Headers(init.headers),
      body: bodyOf(init.body),
    };
    if (this.#cookie) sent.headers.set("cookie", this.#cookie);
    if (pathname === EVENTS) return this.#listen(sent, signal);
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    aborted.catch(() => {});
    const response = await Promise.race([this.#suffer(sent, pathname), aborted]);
    // The browser keeps the cookie of an answer that arrives, and only of that one.
    const [cookie] = response.headers.getSetCookie();
    if (cookie) this.#cookie = cookie.split(";")[0] ?? null;
    return response;
  }

  async #listen({ path, headers }: Sent, signal: RequestInit["signal"]): Promise<Response> {
    if (!this.#listens) throw new ConnectionLost();
    const response = await this.#server.fetch(new Request(path, { headers }));
    if (!response.ok || !response.body) return response;
    const reader = response.body.getReader();
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => {});
    const end = () => {
      this.#streams.delete(end);
      broken.reject(new ConnectionLost());
      void reader.cancel().catch(() => {});
    };
    this.#streams.add(end);
    signal?.addEventListener("abort", end, { once: true });
    const decoder = new TextDecoder();
    const note = (answer: string) =>
      this.#onCrossing({ path: EVENTS, status: 200, request: "", answer, roles: [this.#roleOf(headers)] });
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await Promise.race([reader.read(), broken.promise]);
        if (value) note(decoder.decode(value, { stream: true }));
        if (!done) return controller.enqueue(value);
        end();
        controller.close();
      },
      cancel: end,
    });
    return new Response(body, response);
  }

  async #suffer(sent: Sent, path: string): Promise<Response> {
    const fault = this.#script.shift() ?? "none";
    const beside = isPush(path) ? this.#takeHeld("beside") : [];
    const released = beside.map((held) => this.#release(held));
    try {
      return await this.#withFault(fault, sent, path);
    } finally {
      await Promise.all(released);
      if (isPush(path)) for (const held of this.#takeHeld("after")) await this.#release(held);
    }
  }

  async #withFault(fault: NetFault, sent: Sent, path: string): Promise<Response> {
    switch (fault) {
      case "request-dropped":
        this.#counts.F02++;
        throw new ConnectionLost();
      case "reply-dropped": {
        const response = await this.#deliver(sent, path);
        if (response.ok) this.#counts.F01++;
        throw new ConnectionLost();
      }
      case "twice-now": {
        this.#counts.F03++;
        const together = this.#random.chance(0.5);
        const first = this.#deliver(sent, path);
        if (!together) await first;
        const second = this.#deliver(sent, path).catch(() => {});
        const response = await first;
        await second;
        return response;
      }
      case "twice-late":
        this.#hold(sent, path, "F03");
        return this.#deliver(sent, path);
      case "delayed":
        if (!isPush(path)) return this.#late(sent, path);
        this.#hold(sent, path, "F04");
        throw new ConnectionLost();
      case "late":
        return this.#late(sent, path);
      case "truncated":
        if (sent.body instanceof Uint8Array) return this.#cutOff(sent, sent.body, path);
        return this.#cut(await this.#deliver(sent, path));
      case "captive-portal":
        this.#counts.F06++;
        return new Response(portal, { status: 200, headers: { "content-type": "text/html; charset=utf-8" } });
      default:
        return this.#deliver(sent, path);
    }
  }

  /** On the way there or back, for longer than most requests take. */
  async #late(sent: Sent, path: string): Promise<Response> {
    const [there, back] = this.#random.shuffle([2 + this.#random.below(12), 0]);
    this.#counts.F07++;
    if (there) await realWait(there);
    const response = await this.#deliver(sent, path);
    if (back) await realWait(back);
    return response;
  }

  /** The head and a part of the body, as a connection leaves it that breaks meanwhile. */
  async #cut(whole: Response): Promise<Response> {
    const { status, headers } = whole;
    const body = new Uint8Array(await whole.arrayBuffer());
    if (body.length === 0) throw new ConnectionLost();
    this.#counts.F05++;
    const part = body.slice(0, this.#random.below(body.length));
    // Proxies end such an answer as if it were whole; a browser that counts the bytes says that the connection broke.
    if (this.#random.chance(0.5)) return new Response(part, { status, headers });
    const broken = new ReadableStream({
      pull(controller) {
        controller.enqueue(part);
        controller.error(new ConnectionLost());
      },
    });
    return new Response(broken, { status, headers });
  }

  /** The connection breaks while the sound is on its way. */
  async #cutOff(sent: Sent, body: Uint8Array<ArrayBuffer>, path: string): Promise<Response> {
    this.#counts.F24++;
    await this.#deliver({ ...sent, body: body.subarray(0, this.#random.below(body.length)) }, path);
    throw new ConnectionLost();
  }

  #hold(sent: Sent, path: string, fault: Held["fault"]): void {
    // A used sign-in or refresh that comes again is another attack than a repeated packet on one connection.
    if (!path.startsWith("/api/sync/")) return;
    const when = this.#random.chance(0.6) ? "beside" : "after";
    this.#held.push({ fault, when, send: () => this.#deliver(sent, path) });
  }

  #takeHeld(when: Held["when"]): Held[] {
    const taken = this.#held.filter((held) => held.when === when);
    this.#held = this.#held.filter((held) => held.when !== when);
    return taken;
  }

  async #release({ send, fault }: Held): Promise<void> {
    this.#counts[fault]++;
    await send().catch(() => {});
  }

  async #deliver(sent: Sent, path: string): Promise<Response> {
    const request = new Request(sent.path, { method: sent.method, headers: sent.headers, body: sent.body });
    const before = this.#roleOf(sent.headers);
    const response = await this.#server.fetch(request);
    const answer = await response.text();
    this.#noteSession(path, response, answer);
    this.#onCrossing({
      path,
      status: response.status,
      request: typeof sent.body === "string" ? sent.body : "",
      answer,
      roles: [before, this.#roleOf(sent.headers)],
    });
    return new Response(response.status === 204 ? null : answer, {
      status: response.status,
      headers: response.headers,
    });
  }

  #noteSession(path: string, response: Response, answer: string): void {
    if (!response.ok || !path.startsWith("/api/session") || answer === "") return;
    const { accessToken, user } = JSON.parse(answer) as { accessToken: string; user: { role: string } };
    this.#sessions.set(sessionOf(accessToken), user.role);
  }
}

/** The session that an access token is for; "" where it is none. */
const sessionOf = (token: string): string =>
  /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)
    ? (JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as { jti: string }).jti
    : "";

export const rowsOf = (crossing: Crossing): readonly PulledRow[] =>
  crossing.path === "/api/sync/pull" && crossing.status === 200
    ? (JSON.parse(crossing.answer) as PullResult).rows
    : [];

export const resultsOf = (crossing: Crossing): PushResult["results"] =>
  crossing.path.startsWith("/api/sync/") && crossing.path !== EVENTS && crossing.status === 200
    ? (JSON.parse(crossing.answer) as PushResult).results
    : [];
