import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { pino } from "pino";
import type { Role } from "#domain/access/roles.ts";
import type { AuditBody } from "#domain/audit/record.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { ArgsOf, MutationName } from "#domain/registry.ts";
import { type GivenBack, mutationHash, type PushedMutation, type PushResult } from "#domain/sync/protocol.ts";
import type { Session, SignIn } from "#domain/sync/session.ts";
import { type App, type AppOptions, createApp } from "../app.ts";
import { readConfig } from "../config.ts";
import type { EntityManager } from "../database/database.ts";
import { hashPassword } from "../identity/password.ts";
import type { QueueTimes } from "../jobs/job-queue.ts";
import { type OpenPractice, openPractice } from "../practice/open-practice.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { StaffEntity } from "../staff/staff.entity.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

/** A signed-in person on a device, as a test holds it. */
export interface TestSession {
  readonly accessToken: string;
  readonly user: Session["user"];
  readonly deviceId: string;
  readonly clientId: string;
  readonly epoch: string;
  /** The refresh cookie as it would be sent: `name=value`. */
  readonly cookie: string;
  readonly session: Session;
}

/** Who a test request comes from: a session, a bare `Authorization` value, or nobody. */
export type Caller = TestSession | string | null;

export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON body, or undefined when the answer is not JSON. */
  readonly body: T;
}

export interface AuditRow extends AuditBody {
  readonly seq: number;
}

export interface TestPracticeOptions {
  /** Default true: with trial logins and patients. False: a real practice with nobody in it. */
  readonly trial?: boolean;
  /** A real practice that has not opened; else it has, with nobody in it. */
  readonly inSetUp?: boolean;
  /** 200 patients with charts instead of 20 without. */
  readonly full?: boolean;
  /** How many records a tablet keeps. */
  readonly deviceRows?: number;
  readonly queueTimes?: QueueTimes;
  readonly app?: Partial<AppOptions>;
  /** A practice that is there already, whose database was brought back. */
  readonly on?: { readonly database: TestDatabase; readonly folder: string; readonly practiceId: string };
}

export interface TestPractice {
  readonly practice: OpenPractice;
  readonly app: App;
  readonly folder: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** SQL as the owner of the schema: planting rows, looking behind the scenes. */
  owner<T = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<T[]>;
  request<T = { code: string; detail?: string; auditSeq?: number }>(
    caller: Caller,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>;
  signIn(username: string, options?: SignInOptions): Promise<TestSession>;
  /** Adds a person with a login (trial password) and these roles. */
  addPerson(username: string, roles: readonly Role[]): Promise<string>;
  push(
    session: TestSession,
    mutations: readonly PushedMutation[],
    options?: { clientId?: string; epoch?: string | null; givenBack?: GivenBack },
  ): Promise<PushResult>;
  /** Audit records after `after`, oldest first. */
  audit(after?: number): Promise<AuditRow[]>;
  head(): Promise<number>;
  close(): Promise<void>;
}

export interface SignInOptions {
  readonly device?: string;
  readonly clientId?: string;
  readonly role?: Role;
  readonly key?: SignIn["device"]["key"];
  readonly signingKey?: SignIn["device"]["signingKey"];
}

/** A mutation as a tablet pushes it, with its right hash. `change` replaces members before the hash is taken. */
export function mutation<K extends MutationName>(
  session: Pick<TestSession, "user">,
  n: number,
  name: K,
  args: ArgsOf<K>,
  change: Partial<PushedMutation> = {},
): PushedMutation {
  const rest = {
    n,
    id: newId(),
    name,
    v: 1,
    args: args as unknown as PushedMutation["args"],
    base: null,
    at: instantNow(),
    tz: "America/New_York",
    actor: session.user.id,
    role: session.user.role,
    ...change,
  };
  return { ...rest, hash: change.hash ?? mutationHash(rest) };
}

const authorization = (caller: Caller): Record<string, string> =>
  caller === null
    ? {}
    : { authorization: typeof caller === "string" ? caller : `Bearer ${caller.accessToken}` };

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A whole practice on a database and data folder of its own, spoken to without a network. */
export async function openTestPractice(options: TestPracticeOptions = {}): Promise<TestPractice> {
  const database = options.on?.database ?? (await createTestDatabase());
  const folder = options.on?.folder ?? (await mkdtemp(join(tmpdir(), "jamemr-practice-")));
  for (const name of ["uploads", "recordings", "ai-node"])
    await mkdir(join(folder, name), { mode: 0o700, recursive: true });
  const config = readConfig({
    JAMEMR_DATA: folder,
    DATABASE_URL: database.ownerUrl,
    JAMEMR_DATABASE_APP_URL: database.appUrl,
    JAMEMR_ARGON2_MEMORY_KIB: "8",
    JAMEMR_TRIAL: options.full ? "full" : "small",
    ...(options.deviceRows === undefined ? {} : { JAMEMR_DEVICE_ROWS: String(options.deviceRows) }),
  });
  const isReal = options.inSetUp === true || options.trial === false;
  const practice = await openPractice({
    config,
    folder: {
      practiceId: options.on?.practiceId ?? newId(),
      kind: isReal ? "real" : "trial",
      timezone: "America/New_York",
    },
    log: pino({ level: process.env.JAMEMR_TEST_LOG ?? "silent" }),
    ...(options.queueTimes ? { queueTimes: options.queueTimes } : {}),
  });
  const app = createApp(practice, {
    addresses: () => ({ httpPort: 8080, httpsPort: 8443, names: ["practice.local"] }),
    ...options.app,
  });
  const pool = new pg.Pool({ connectionString: database.ownerUrl, max: 3 });
  pool.on("error", () => {});
  const owner: TestPractice["owner"] = async (sql, params = []) =>
    (await pool.query(sql, params)).rows as never;

  if (isReal && !options.inSetUp)
    await owner("update practice set opened_at = now() where opened_at is null");

  const request: TestPractice["request"] = async (caller, method, path, body, headers = {}) => {
    const raw = body instanceof Uint8Array || typeof body === "string" || body instanceof ReadableStream;
    const response = await app.request(`http://localhost:8080${path}`, {
      method,
      headers: {
        ...authorization(caller),
        ...(body !== undefined && !raw ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as BodyInit) : JSON.stringify(body) }),
      ...(body instanceof ReadableStream ? ({ duplex: "half" } as object) : {}),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parseJson(text) as never };
  };

  return {
    practice,
    app,
    folder,
    ownerUrl: database.ownerUrl,
    appUrl: database.appUrl,
    owner,
    request,

    async signIn(username, { device = newId(), clientId = newId(), role, key, signingKey } = {}) {
      const answer = await request<Session>(null, "POST", "/api/session", {
        username,
        password: trialPassword,
        ...(role ? { role } : {}),
        device: {
          id: device,
          name: "test tablet",
          clientId,
          ...(key ? { key } : {}),
          ...(signingKey ? { signingKey } : {}),
        },
      });
      if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${answer.text}`);
      const session = answer.body;
      const cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0]!;
      return {
        session,
        accessToken: session.accessToken,
        user: session.user,
        deviceId: device,
        clientId,
        epoch: session.epoch,
        cookie,
      };
    },

    async addPerson(username, roles) {
      const id = newId();
      await practice.ledger.transact(async ({ em, audit }) => {
        (em as EntityManager).create(StaffEntity, {
          id,
          name: username,
          suffix: "",
          roles: [...roles],
          active: true,
        } as never);
        await em.flush();
        await em.execute("insert into app_user(id, username, password_hash) values (?, ?, ?)", [
          id,
          username,
          await hashPassword(trialPassword, 8),
        ]);
        audit({
          actor: { type: "system", id: "test" },
          action: "staff.created",
          outcome: "ok",
          resource: { type: "staff", id },
        });
      });
      return id;
    },

    async push(session, mutations, { clientId = session.clientId, epoch = session.epoch, givenBack } = {}) {
      const answer = await request<PushResult>(session, "POST", "/api/sync/push", {
        epoch,
        clientId,
        mutations,
        ...(givenBack && { givenBack }),
      });
      if (answer.status !== 200) throw new Error(`push: ${answer.status} ${answer.text}`);
      return answer.body;
    },

    async audit(after = 0) {
      const rows = await owner<{ seq: string; body: string }>(
        "select seq, body from audit_log where seq > $1 order by seq",
        [after],
      );
      return rows.map(({ seq, body }) => ({ seq: Number(seq), ...(JSON.parse(body) as AuditBody) }));
    },

    async head() {
      const [row] = await owner<{ head: string }>("select coalesce(max(seq), 0) as head from audit_log");
      return Number(row!.head);
    },

    async close() {
      await practice.close();
      await pool.end();
      await database.drop();
      if (!options.on) await rm(folder, { recursive: true, force: true });
    },
  };
}
