import type { Role } from "#domain/access/roles.ts";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { type Session, sessionSchema } from "#domain/sync/session.ts";
import { declaredRoutes } from "#server/http/declared-routes.ts";
import type { Route } from "#server/http/route.ts";
import { guardedRoutes, nonsense, routeName, unknownAddress } from "#server/http/verdict.ts";
import type { ShownHead } from "./audit-expectations.ts";
import { NotApplicable, statusOf } from "./expectation.ts";
import type { Answered, Server } from "./server.ts";
import { ServiceTokens } from "./service-token.ts";

/** Somebody in whose name the self-test may ask. */
export interface TestPerson {
  readonly username: string;
  readonly password: string;
}

export interface TesterOptions {
  readonly server: Server;
  readonly people: ReadonlyMap<Role, TestPerson>;
  /** A device that the practice has enrolled; without it the self-test brings one of its own. */
  readonly device?: string;
  /** Waits ten minutes for a token to expire. */
  readonly waits?: boolean;
}

/** A session that the self-test has opened. */
export interface OpenSession {
  readonly role: Role;
  readonly session: Session;
  readonly authorization: string;
  /** `name=value` as a browser would send it, and its attributes. */
  readonly cookie: string;
  readonly setCookie: string;
  readonly openedAt: number;
}

export type Caller = OpenSession | string | null;

/** An access token lives ten minutes. */
const RENEWED_AFTER = 8 * 60_000;

/** Plays the expectations in the name of several people, and closes behind itself whatever it opened. */
export class Tester {
  readonly server: Server;
  readonly waits: boolean;
  readonly deviceId: string;
  readonly ownsDevice: boolean;
  readonly routes: readonly Route[] = declaredRoutes;
  readonly guarded: readonly Route[] = guardedRoutes(declaredRoutes);
  /** Audit records that denials named, with the request that each belongs to. */
  readonly told = new Map<number, string>();
  /** Every session that was opened, open or not. */
  readonly opened: OpenSession[] = [];
  /** Requests for approval that are open, with the role that filed them. */
  readonly requests = new Map<string, Role>();
  readonly serviceTokens = new ServiceTokens();
  /** The signed head of the audit log when the self-test began. */
  firstHead: ShownHead | null = null;
  /** Nothing is open any more. */
  isClosed = false;
  readonly #people: TesterOptions["people"];
  readonly #present = new Map<Role, OpenSession>();

  constructor({ server, people, device, waits }: TesterOptions) {
    this.server = server;
    this.#people = people;
    this.waits = waits ?? false;
    this.ownsDevice = device === undefined;
    this.deviceId = device ?? newId();
  }

  get roles(): Role[] {
    return [...this.#people.keys()];
  }

  /** Passwords leave this machine only sealed. */
  get maySignIn(): boolean {
    return this.server.isSecure || this.server.isLoopback;
  }

  /** Of the person who worked in a role; null when nobody did. */
  idOf(role: Role): string | null {
    return this.opened.find((open) => open.role === role)?.session.user.id ?? null;
  }

  /** Asks as somebody; a denial's record is remembered, to be looked up later. */
  async ask(
    caller: Caller,
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered> {
    const authorization = typeof caller === "string" ? caller : caller?.authorization;
    const answer = await this.server.ask({
      method: method.toUpperCase(),
      path,
      body,
      headers: { ...(authorization === undefined ? {} : { authorization }), ...headers },
    });
    if (answer.auditSeq !== undefined) this.told.set(answer.auditSeq, answer.requestId ?? "");
    return answer;
  }

  /** Asks a declared operation with nothing that it could carry out. */
  async askRoute(caller: Caller, route: Route): Promise<Answered & { readonly call: string }> {
    const withBody = route.method === "post" || route.method === "patch";
    const answer = await this.ask(
      caller,
      route.method,
      unknownAddress(route),
      withBody ? nonsense : undefined,
    );
    return { ...answer, call: routeName(route) };
  }

  /** Asks every operation that is not public. */
  async askAll(caller: Caller, routes: readonly Route[] = this.guarded) {
    const answers: (Answered & { readonly call: string })[] = [];
    for (const route of routes) answers.push(await this.askRoute(caller, route));
    return answers;
  }

  person(role: Role): TestPerson {
    if (!this.maySignIn) throw new NotApplicable("nobody is signed in over plain HTTP");
    const person = this.#people.get(role);
    if (!person) throw new NotApplicable(`nobody was named who works as ${role}`);
    return person;
  }

  /** The session in which a role asks. */
  async session(role: Role): Promise<OpenSession> {
    const present = this.#present.get(role);
    if (present && now() - present.openedAt < RENEWED_AFTER) return present;
    const next = await this.signIn(role);
    this.#present.set(role, next);
    return next;
  }

  /** For what is the same for everybody. */
  anyone(): Promise<OpenSession> {
    return this.session(this.roles[0]!);
  }

  /** A session of its own, to be ended. @throws {Error} saying what the server answered */
  async signIn(role: Role): Promise<OpenSession> {
    const { username, password } = this.person(role);
    const answer = await this.ask(null, "POST", "/api/session", {
      username,
      password,
      role,
      device: { id: this.deviceId, name: "Self-test" },
    });
    if (answer.status !== 200) throw new SignInRefused(username, answer);
    return this.#keep(role, answer);
  }

  /** That something is refused afterwards says nothing unless it worked before. @throws {Error} */
  async assertWorks(caller: Caller): Promise<void> {
    const answer = await this.ask(caller, "GET", "/api/session");
    if (answer.status !== 200) throw new Error(`it did not work before either: ${statusOf(answer)}`);
  }

  /** Continues a session by its cookie. */
  refresh({ cookie }: Pick<OpenSession, "cookie">, deviceId = this.deviceId): Promise<Answered> {
    return this.ask(null, "POST", "/api/session/refresh", { deviceId }, { cookie });
  }

  /** The session that an answer to a sign-in or refresh opened. */
  opens(role: Role, answer: Answered): OpenSession {
    return this.#keep(role, answer);
  }

  forget(session: OpenSession): void {
    if (this.#present.get(session.role) === session) this.#present.delete(session.role);
  }

  #keep(role: Role, answer: Answered): OpenSession {
    const session = sessionSchema.parse(answer.body);
    const setCookie = answer.headers["set-cookie"]?.[0] ?? "";
    const open: OpenSession = {
      role,
      session,
      authorization: `Bearer ${session.accessToken}`,
      cookie: setCookie.split(";")[0]!,
      setCookie,
      openedAt: now(),
    };
    this.opened.push(open);
    return open;
  }
}

/** A person whom the self-test was told of could not sign in. */
export class SignInRefused extends Error {
  readonly code: string | undefined;
  constructor(username: string, answer: Answered) {
    super(`"${username}" could not sign in: the server answered ${statusOf(answer)}`);
    this.name = "SignInRefused";
    this.code = answer.code;
  }
}
