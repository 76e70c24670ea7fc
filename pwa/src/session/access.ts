import type { ZodType } from "zod";
import type { Role } from "#domain/access/roles.ts";
import { now } from "#domain/kernel/clock.ts";
import { type Session, type SignIn, sessionSchema } from "#domain/sync/session.ts";
import { LocalError } from "../local/local-error.ts";
import type { Api, ApiRequest } from "./api.ts";
import { ApiError } from "./api-error.ts";

/** Runs `work` while no other tab does (Web Lock `name`). */
export type RunAlone = <T>(name: string, work: () => Promise<T>) => Promise<T>;

export const runAloneInBrowser: RunAlone = (name, work) =>
  navigator.locks.request(name, () => work()) as ReturnType<typeof work>;

/** Milliseconds before its end at which a token is no longer used. */
const MARGIN = 30_000;

/** The codes after which a session cannot go on without the person's password. */
const ended = new Set<string>([
  "session_ended",
  "access_ended",
  "unauthenticated",
  "invalid_token",
  "refresh_reused",
  "role_not_held",
  // Signing in introduces this client to the clinic again.
  "client_unknown",
  "device_revoked",
]);
export const endsSession = (error: unknown): boolean => error instanceof ApiError && ended.has(error.code);

/**
 * The access token and how it is kept fresh. The token lives in this object only; the refresh token in a cookie that
 * no script can read.
 */
export class Access {
  readonly #api: Api;
  readonly #alone: RunAlone;
  readonly #onSession: (session: Session) => void | Promise<void>;
  #token: { readonly text: string; readonly until: number } | null = null;
  #deviceId: string | null = null;
  #userId: string | null = null;

  constructor(api: Api, alone: RunAlone, onSession: (session: Session) => void | Promise<void>) {
    this.#api = api;
    this.#alone = alone;
    this.#onSession = onSession;
  }

  get present(): boolean {
    return this.#token !== null && this.#token.until > now();
  }

  setDevice(deviceId: string): void {
    this.#deviceId = deviceId;
  }

  /** Whose session is expected: the cookie may still be that of the person who used the tablet before. */
  setUser(userId: string | null): void {
    if (userId !== this.#userId) this.#token = null;
    this.#userId = userId;
  }

  drop(): void {
    this.#token = null;
  }

  /** @throws {LocalError} offline · {ApiError} wrong_credentials, too_many_requests, device_not_enrolled … */
  async signIn(body: SignIn): Promise<Session> {
    const session = await this.post("/api/session", body, sessionSchema);
    this.adopt(session);
    return session;
  }

  /** On the way in, before there is a token. @throws {LocalError} offline · {ApiError} the clinic refused */
  post<T>(path: string, body: unknown, answer: ZodType<T> | null): Promise<T> {
    return this.#api.request(path, { method: "POST", body, answer });
  }

  /** What the clinic tells everybody. @throws {LocalError} offline · {ApiError} the clinic refused */
  look<T>(path: string, answer: ZodType<T> | null): Promise<T> {
    return this.#api.request(path, { answer });
  }

  /** Before the first sign-in. @throws {LocalError} offline · {ApiError} wrong_credentials, weak_password */
  choosePassword(body: {
    username: string;
    password: string;
    newPassword: string;
    deviceId?: string;
  }): Promise<void> {
    return this.post("/api/session/password", body, null);
  }

  /** Takes over a session that another step obtained. */
  adopt(session: Session): void {
    this.#userId = session.user.id;
    this.#keep(session);
  }

  async signOut(): Promise<void> {
    const authorization = this.#token ? `Bearer ${this.#token.text}` : null;
    this.#token = null;
    if (!authorization) return;
    await this.#api.request("/api/session", { method: "DELETE", authorization, answer: null });
  }

  async switchRole(role: Role): Promise<Session> {
    try {
      const session = await this.request("/api/session/role", {
        method: "POST",
        body: { role },
        answer: sessionSchema,
      });
      this.#keep(session);
      return session;
    } catch (error) {
      // The answer may be all that got lost: the next request first asks which role the session is in now.
      if (!(error instanceof ApiError)) this.drop();
      throw error;
    }
  }

  /** Several tabs share the cookie, which changes with each use: one at a time. */
  async refresh(): Promise<void> {
    await this.#alone("jamemr-refresh", async () => {
      if (this.#token && this.#token.until - MARGIN > now()) return; // somebody else just did
      const session = await this.#api.request("/api/session/refresh", {
        method: "POST",
        body: { deviceId: this.#deviceId },
        answer: sessionSchema,
      });
      if (session.user.id !== this.#userId) throw new ApiError("session_ended");
      this.#keep(session);
      await this.#onSession(session);
    });
  }

  /** `Bearer …` with some life left. @throws like {@link Access.refresh} */
  async authorization(): Promise<string> {
    if (!this.#token || this.#token.until - MARGIN < now()) await this.refresh();
    if (!this.#token) throw new LocalError("session_ended");
    return `Bearer ${this.#token.text}`;
  }

  /** A request in the person's name, never in the next one's. */
  request<T>(path: string, request: Omit<ApiRequest<T>, "authorization">): Promise<T> {
    return this.#named((authorization) => this.#api.request(path, { ...request, authorization }));
  }

  /** The same for a file, however long the clinic takes for it. `type` is the start of the expected content type. */
  open(path: string, type: string): Promise<Response> {
    return this.#named((authorization) =>
      this.#api.open(path, { authorization, type, patience: Number.POSITIVE_INFINITY }),
    );
  }

  /** A token that ended early is refreshed once. */
  async #named<T>(send: (authorization: string) => Promise<T>): Promise<T> {
    const user = this.#userId;
    const attempt = async () => {
      const authorization = await this.authorization();
      if (this.#userId !== user) throw new LocalError("session_ended");
      return send(authorization);
    };
    try {
      return await attempt();
    } catch (error) {
      if (!endsSession(error) || this.#userId !== user) throw error;
      this.#token = null;
      return attempt();
    }
  }

  #keep(session: Session): void {
    this.#token = { text: session.accessToken, until: now() + session.expiresIn * 1000 };
  }
}
