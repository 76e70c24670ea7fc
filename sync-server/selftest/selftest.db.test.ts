import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CommandIo } from "#domain/kernel/command.ts";
import { createApp } from "../app.ts";
import { keepCheckpoints } from "../audit/keep-checkpoints.ts";
import { command } from "../commands/selftest.ts";
import type { Principal } from "../identity/principal.ts";
import type { OpenPractice } from "../practice/open-practice.ts";
import { trialId } from "../practice/trial/trial-patients.ts";
import { type Answering, listening } from "../testing/listening.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { people } from "../testing/visit.ts";
import type { SelfTestReport } from "./report.ts";
import { claimsOf } from "./service-token.ts";

let practice: TestPractice;
let clinician: TestSession;
let stopSigning: () => void;
let folder: string;

beforeAll(async () => {
  practice = await openTestPractice();
  folder = await mkdtemp(join(tmpdir(), "jamemr-selftest-"));
  stopSigning = keepCheckpoints(practice.practice);
  await practice.practice.checkpoints.make();
  clinician = await practice.signIn("clinician");
});
afterAll(async () => {
  stopSigning();
  await practice.close();
  await rm(folder, { recursive: true, force: true });
});

/** Milliseconds, for whole runs. */
const PATIENT = 120_000;

/** The command as somebody types it. */
async function type(args: readonly string[], env: CommandIo["env"] = {}) {
  const said = { out: "", err: "" };
  const status = await command.run(args, {
    stdin: (async function* () {})(),
    stdout: { write: (text) => (said.out += text) },
    stderr: { write: (text) => (said.err += text) },
    env,
  });
  return { status, ...said };
}

/** Against a server that listens as long as it takes. */
async function selftest(answering: Answering, args: readonly string[] = [], env: CommandIo["env"] = {}) {
  const server = await listening(answering);
  try {
    const run = await type(
      ["--url", server.url, "--out", await mkdtemp(join(folder, "run-")), "--json", ...args],
      env,
    );
    return { status: run.status, report: JSON.parse(run.out) as SelfTestReport };
  } finally {
    await server.close();
  }
}

const idsOf = ({ expectations }: SelfTestReport, outcome: string) =>
  expectations.filter((one) => one.outcome === outcome).map(({ id }) => id);

/** What stands in every table, by its name. */
async function tableDigests(): Promise<Record<string, string>> {
  const tables = await practice.owner<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  const digests = tables.map(async ({ name }) => {
    const [row] = await practice.owner<{ digest: string }>(
      `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from "${name}" t`,
    );
    return [name, row!.digest] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}

/** The log and its tree, and entries that are closed afterwards. */
const mayChange = [
  ...["audit_checkpoint", "audit_log", "audit_tile", "sync_row"],
  ...["approval", "device", "refresh_token", "session", "slot_lease", "token"],
];

describe("the self-test of a trial practice", () => {
  it(
    "finds every boundary as it should be, and leaves records and closed entries alone",
    async () => {
      const [before, head] = [await tableDigests(), await practice.head()];
      const { status, report } = await selftest(practice.app.fetch);
      expect(report.expectations.filter(({ outcome }) => outcome === "failed")).toEqual([]);
      expect(status).toBe(0);
      expect(report).toMatchObject({ passed: true, practice: { trial: true }, counts: { failed: 0 } });
      expect(idsOf(report, "not applicable").filter((id) => !id.startsWith("transport/"))).toEqual([
        "role/clinician/post /api/recordings",
        "role/clinician/patch /api/recordings/{upload}",
        "role/nurse/post /api/recordings",
        "role/nurse/patch /api/recordings/{upload}",
        "token/expired",
      ]);
      const records = new Map((await practice.audit(head)).map((record) => [record.seq, record]));
      const refusals = report.expectations.filter(
        ({ id, expected }) =>
          id.startsWith("role/") && expected.startsWith("refused with 403") && !id.includes("/head "),
      );
      expect(refusals.length).toBeGreaterThan(150);
      for (const { id, auditRecords } of refusals) {
        const [, role, method, path] = /^role\/([^/]+)\/(\w+) (.*)$/.exec(id)!;
        const record = records.get(auditRecords[0]!);
        expect(record, id).toMatchObject({
          outcome: "denied",
          route: `${method!.toUpperCase()} ${path}`,
          actor: { role },
        });
      }

      const after = await tableDigests();
      expect(
        Object.keys(after).filter((name) => before[name] !== after[name] && !mayChange.includes(name)),
      ).toEqual([]);
      const [left] = await practice.owner(
        `select (select count(*) from session where ended_at is null) as sessions,
         (select count(*) from device where name = 'Self-test' and status <> 'revoked') as devices,
         (select count(*) from approval where status in ('requested', 'approved')) as requests,
         (select count(*) from token where purpose like 'Self-test%' and revoked_at is null) as tokens,
         (select count(*) from slot_lease where status = 'held') as times`,
      );
      // The clinician who signed in before is still there.
      expect(left).toEqual({ sessions: "1", devices: "0", requests: "0", tokens: "0", times: "0" });
      expect((await practice.request(clinician, "GET", "/api/session")).status).toBe(200);
    },
    PATIENT,
  );
});

/** A control that does not hold: parts of the practice replaced, or something between the network and the app. */
interface Break {
  parts?(): Partial<OpenPractice>;
  between?(next: Answering): Answering;
  readonly red: readonly string[];
}

function broken(breaks: readonly Break[]): Answering {
  const parts = breaks.map((one) => one.parts?.() ?? {});
  const app = createApp(Object.assign(Object.create(practice.practice) as OpenPractice, ...parts), {
    addresses: () => ({ httpPort: 8080, httpsPort: 8443, names: ["practice.local"] }),
  });
  return breaks.reduce<Answering>((next, { between }) => between?.(next) ?? next, app.fetch);
}

/** Who asks, as the token says. */
function subjectOf(request: Request): unknown {
  const token = request.headers.get("authorization")?.replace("Bearer ", "");
  try {
    return token && claimsOf(token).sub;
  } catch {
    return undefined;
  }
}

/** Lets in whom the authenticator refuses with one of these codes, as who came with that token's id before. */
function forgiving(...codes: string[]): Pick<OpenPractice, "authenticator"> {
  const known = new Map<unknown, Principal>();
  const { authenticator } = practice.practice;
  const bearer: typeof authenticator.bearer = async (authorization) => {
    const [, token = ""] = (authorization ?? "").split(" ");
    try {
      const principal = await authenticator.bearer(authorization);
      known.set(claimsOf(token).jti, principal);
      return principal;
    } catch (error) {
      const before =
        codes.includes(String(Reflect.get(error as object, "code"))) && known.get(claimsOf(token).jti);
      if (before) return before;
      throw error;
    }
  };
  return { authenticator: { ...authenticator, bearer } };
}

const forgetfulLedger = (): Pick<OpenPractice, "ledger"> => {
  const { ledger } = practice.practice;
  const isDenial = ({ action }: { action: string }) => action === "access.denied";
  const record: typeof ledger.record = async (...entries) =>
    entries.some(isDenial) ? practice.head() : ledger.record(...entries);
  return { ledger: { ...ledger, record } };
};

const roleNotAsked: Break = {
  between: (next) => (request) => {
    const isSound = /^\/api\/recordings\/[^/]+\/audio$/.test(new URL(request.url).pathname);
    if (!isSound || subjectOf(request) !== people.frontdesk) return next(request);
    const authorization = `Bearer ${clinician.accessToken}`;
    return next(new Request(request, { headers: { authorization } }));
  },
  red: ["role/front-desk/get /api/recordings/{id}/audio", "desk/get /api/recordings/{id}/audio"],
};

const ownApproval: Break = {
  between: (next) => async (request) => {
    const answer = await next(request);
    const decides = /^\/api\/approvals\/[^/]+\/decision$/.test(new URL(request.url).pathname);
    const own = decides && answer.status === 403 && subjectOf(request) === trialId("staff", "admin");
    return own ? Response.json({}) : answer;
  },
  red: ["approval/own-request"],
};

const revocationIgnored: Break = { parts: () => forgiving("token_revoked"), red: ["token/revoked"] };

const signaturesAndEndsIgnored: Break = {
  parts: () => forgiving("invalid_token", "session_ended"),
  red: [
    ...["alg-none", "alg-hs256", "tampered-content", "tampered-time", "tampered-signature"],
    ...["stranger", "own-key", "forged-expired"],
  ]
    .map((id) => `token/${id}`)
    .concat("session/signed-out", "session/ended-elsewhere", "closing/sessions"),
};

const denialsNotRecorded: Break = { parts: forgetfulLedger, red: ["audit/every-denial-is-there"] };

const logRewritten: Break = {
  between: (next) => async (request) => {
    const answer = await next(request);
    if (new URL(request.url).pathname !== "/api/audit/proof" || answer.status !== 200) return answer;
    const proof = (await answer.json()) as { consistency: string[] };
    return Response.json({ ...proof, consistency: proof.consistency.map(() => "0".repeat(64)) });
  },
  red: ["audit/only-grows"],
};

const permissionHidden: Break = {
  between: (next) => async (request) => {
    const answer = await next(request);
    if (new URL(request.url).pathname !== "/api/openapi.json" || answer.status !== 200) return answer;
    const text = await answer.text();
    return new Response(text.replace('"x-permission":"user:read"', '"x-permission":"public"'), answer);
  },
  red: ["interface/same-operations"],
};

// Some at once: each has expectations of its own, and a run asks some three thousand times.
describe("the self-test goes red, there and nowhere else, when", () => {
  it.each<[string, Break[]]>([
    [
      "a role is not looked at on one operation, a revoked token goes on working, and who asked may approve",
      [roleNotAsked, revocationIgnored, ownApproval],
    ],
    [
      "signatures and ended sessions are not looked at, denials leave no record, the log is rewritten and a permission is gone",
      [signaturesAndEndsIgnored, denialsNotRecorded, logRewritten, permissionHidden],
    ],
  ])(
    "%s",
    async (_name, breaks) => {
      const { status, report } = await selftest(broken(breaks));
      expect(idsOf(report, "failed").sort()).toEqual(breaks.flatMap(({ red }) => red).sort());
      expect([status, report.passed]).toEqual([1, false]);
    },
    PATIENT,
  );
});
