import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer as createHttpsServer } from "node:https";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { monotonic, now, useClock } from "#domain/kernel/clock.ts";
import { type CommandIo, CommandUsageError } from "#domain/kernel/command.ts";
import { newId } from "#domain/kernel/id.ts";
import { keepCheckpoints } from "../audit/keep-checkpoints.ts";
import { command } from "../commands/selftest.ts";
import { declaredRoutes } from "../http/declared-routes.ts";
import { guardedRoutes, routeName } from "../http/verdict.ts";
import { ensureCertificates } from "../operations/tls.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { type Listening, listening } from "../testing/listening.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { closeAll } from "./closing-expectations.ts";
import type { Expectation } from "./expectation.ts";
import { openTrial } from "./people.ts";
import { plan } from "./plan.ts";
import { playAll } from "./play.ts";
import type { SelfTestReport } from "./report.ts";
import { Server } from "./server.ts";
import { Tester } from "./tester.ts";
import { transportExpectations } from "./transport-expectations.ts";

let practice: TestPractice;
let real: TestPractice;
let folder: string;
const listeners: Listening[] = [];

beforeAll(async () => {
  [practice, real] = [await openTestPractice(), await openTestPractice({ trial: false })];
  folder = await mkdtemp(join(tmpdir(), "jamemr-selftest-"));
});
afterAll(async () => {
  for (const listener of listeners) await listener.close();
  await practice.close();
  await real.close();
  await rm(folder, { recursive: true, force: true });
});

const listen: typeof listening = async (...args) => {
  const listener = await listening(...args);
  listeners.push(listener);
  return listener;
};

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

describe("what the self-test says", () => {
  it("is listed without a server: every operation for every role, each expectation once", async () => {
    const { status, out } = await type(["--list", "--json"]);
    expect(status).toBe(0);
    const listed = JSON.parse(out) as { id: string }[];
    const ids = listed.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const route of guardedRoutes(declaredRoutes))
      expect(ids).toContain(`role/nurse/${routeName(route)}`);
    expect((await type(["--list"])).out).toMatch(
      /^role\/front-desk\/post \/api\/ai\/jobs\/claim: refused with 403/m,
    );
  });

  it("of options that make no sense is what would", async () => {
    for (const args of [
      ["--url", "practice.local"],
      ["--url", "ftp://practice.local"],
      ["--nonsense"],
      ["--user", "doctor=maya"],
      ["--user", "clinician"],
      ["--user", "clinician=maya"],
    ])
      await expect(type(args), args.join(" ")).rejects.toThrow(CommandUsageError);
    await expect(type(["--user", "clinician=maya"])).rejects.toThrow("JAMEMR_SELFTEST_PASSWORD_CLINICIAN");
  });

  it("of a server that is not there is where it looked", async () => {
    const { url, close } = await listening(practice.app.fetch);
    await close();
    await expect(type(["--url", url])).rejects.toThrow(`${url} does not answer (ECONNREFUSED)`);
  });
});

const enrolDevice = async ({ practice: { ledger } }: TestPractice): Promise<string> => {
  const id = newId();
  await ledger.transact(async ({ em, audit }) => {
    await em.execute(
      "insert into device(id, name, status, enrolled_at) values (?, 'Cart', 'enrolled', now())",
      [id],
    );
    const actor = { type: "system", id: "test" } as const;
    audit({ actor, action: "device.enrolled", outcome: "ok", resource: { type: "device", id } });
  });
  return id;
};

describe("a practice that is not a trial", () => {
  it("is left alone: the self-test says what it needs", async () => {
    const { url } = await listen(real.app.fetch);
    await expect(type(["--url", url])).rejects.toThrow("This is not a trial practice");
    // A login of a trial that somebody made there does not make it one.
    await real.addPerson("clinician", ["clinician"]);
    await enrolDevice(real);
    await expect(type(["--url", url])).rejects.toThrow("--user ROLE=NAME");
    expect(await real.owner("select 1 from session where ended_at is null")).toEqual([]);
  });

  it("is tested with the people it names, on a device it has enrolled; what they cannot show is not applicable", async () => {
    const { url } = await listen(real.app.fetch);
    await real.addPerson("tess", ["front-desk"]);
    const args = ["--url", url, "--user", "front-desk=tess", "--json", "--out", folder];
    const env = { JAMEMR_SELFTEST_PASSWORD_FRONT_DESK: trialPassword };
    await expect(type(args, env)).rejects.toThrow("name a device that the practice has enrolled");
    const device = await enrolDevice(real);
    const wrong = { ...env, JAMEMR_SELFTEST_PASSWORD: "not the password" };
    await expect(type([...args, "--device", device, "--user", "nurse=tess"], wrong)).rejects.toThrow(
      "check the password",
    );
    expect(await real.owner("select 1 from session where ended_at is null")).toEqual([]);
    await real.practice.checkpoints.make();
    const stopSigning = keepCheckpoints(real.practice);
    const { status, out } = await type([...args, "--device", device], env);
    stopSigning();
    const { expectations } = JSON.parse(out) as SelfTestReport;
    expect(expectations.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    expect(status).toBe(0);
    const outcomes = (start: string) =>
      new Set(expectations.filter(({ id }) => id.startsWith(start)).map(({ outcome }) => outcome));
    expect(outcomes("role/front-desk/")).toEqual(new Set(["passed"]));
    expect(outcomes("desk/")).toEqual(new Set(["passed"]));
    expect(outcomes("role/nurse/")).toEqual(new Set(["not applicable"]));
    expect(outcomes("approval/")).toEqual(new Set(["not applicable"]));
    expect(await real.owner("select 1 from session where ended_at is null")).toEqual([]);
    expect(await real.owner("select status from device where id = $1", [device])).toEqual([
      { status: "enrolled" },
    ]);

    const [page, json] = (await readdir(folder)).filter((name) => name.startsWith("selftest-")).sort();
    expect([page, json]).toEqual([
      expect.stringMatching(/^selftest-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.html$/),
      page!.replace("html", "json"),
    ]);
    expect(await readFile(join(folder, json!), "utf8")).toBe(`${JSON.stringify(JSON.parse(out), null, 2)}\n`);
    const html = await readFile(join(folder, page!), "utf8");
    expect(html).toContain("Every boundary that was tried holds.");
    expect(html).toContain("role/front-desk/get /api/audit");
    expect(html).not.toMatch(/<script|<link|https?:\/\/(?!localhost)/);
  }, 120_000);
});

/** Another machine would come by this address. */
const address = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === "IPv4" && !one.internal)?.address;

async function play(tester: Tester, expectations: readonly Expectation[]) {
  const judged: Record<string, string> = {};
  for (const { id, play } of expectations)
    judged[id] = await play(tester).then(
      ({ holds }) => (holds ? "passed" : "failed"),
      (error: Error) => error.name,
    );
  return judged;
}

describe("TLS", () => {
  let ca: string;
  const secure = async (serverOptions: object, hostname = "127.0.0.1") => {
    const {
      cert,
      key,
      ca: authority,
    } = await ensureCertificates(join(folder, "tls"), ["localhost", ...(address ? [address] : [])]);
    ca = authority;
    return listen(practice.app.fetch, {
      hostname,
      createServer: createHttpsServer,
      serverOptions: { cert, key, minVersion: "TLSv1.2", ...serverOptions },
    } as never);
  };
  const tester = (url: string) => new Tester({ server: new Server(new URL(url), ca), people: new Map() });

  it("is judged over HTTPS on this machine, except for what is only said to others", async () => {
    const { url } = await secure({});
    expect(await play(tester(url), transportExpectations())).toEqual({
      "transport/TLSv1": "passed",
      "transport/TLSv1.1": "passed",
      "transport/TLSv1.2": "passed",
      "transport/TLSv1.3": "passed",
      "transport/certificate": "passed",
      "transport/strict-transport-security": "NotApplicable",
      "transport/plain-http-on-loopback-only": "NotApplicable",
    });
  });

  it("is red where an old version is spoken, or the certificate is nobody's that is trusted", async () => {
    const { url } = await secure({ minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" });
    expect(await play(tester(url), transportExpectations())).toMatchObject({
      "transport/TLSv1": "failed",
      "transport/TLSv1.1": "failed",
      "transport/TLSv1.2": "passed",
      "transport/certificate": "passed",
    });
    await expect(type(["--url", url])).rejects.toThrow("name the authority it comes from, --ca FILE");
  });

  it.skipIf(!address)("is told to browsers on other machines, to whom no plain HTTP is spoken", async () => {
    const { url } = await secure({}, "0.0.0.0");
    const outside = url.replace("localhost", address!);
    const ids = ["transport/strict-transport-security", "transport/plain-http-on-loopback-only"];
    const those = transportExpectations().filter(({ id }) => ids.includes(id));
    expect(await play(tester(outside), those)).toEqual({ [ids[0]!]: "passed", [ids[1]!]: "passed" });
  });

  it.skipIf(!address)("is what passwords need: over plain HTTP nobody is signed in", async () => {
    const { url } = await listen(practice.app.fetch, { hostname: "0.0.0.0" });
    const head = await practice.head();
    const { status, out } = await type([
      "--url",
      url.replace("localhost", address!),
      "--json",
      "--out",
      join(folder, "plain"),
    ]);
    const { expectations, practice: named } = JSON.parse(out) as SelfTestReport;
    expect([status, named]).toEqual([1, null]);
    expect(expectations.filter(({ outcome }) => outcome === "failed").map(({ id }) => id)).toEqual([
      "transport/plain-http-on-loopback-only",
    ]);
    expect(await practice.head()).toBe(head);
  });
});

describe("a self-test that is stopped", () => {
  it("closes what it had opened, and reports nothing", async () => {
    const { url } = await listen(practice.app.fetch);
    const tester = await openTrial({ server: new Server(new URL(url)) }, {});
    const stopping = new AbortController();
    const tell = (line: string) => void (line.startsWith("Each role") && stopping.abort());
    await expect(playAll(tester, tell, stopping.signal)).rejects.toThrow("what it had opened is closed");
    expect(await practice.owner("select 1 from session where ended_at is null")).toEqual([]);
    expect(await practice.owner("select 1 from device where status <> 'revoked'")).toEqual([]);
  });
});

describe("a token whose time is over", () => {
  it("is waited for, refused, and its session ended all the same", async () => {
    const { url } = await listen(practice.app.fetch);
    const tester = await openTrial({ server: new Server(new URL(url)), waits: true }, {});
    const [began, since] = [now(), monotonic()];
    let later = 0;
    const restore = useClock({
      now: () => began + monotonic() - since + later,
      after(milliseconds, task) {
        const jumps = milliseconds > 500_000;
        if (jumps) later += milliseconds;
        const timer = setTimeout(task, jumps ? 0 : milliseconds);
        return () => clearTimeout(timer);
      },
    });
    try {
      const those = plan().filter(({ id }) =>
        ["token/expired", "closing/sessions", "closing/device"].includes(id),
      );
      expect(await play(tester, those)).toEqual({
        "token/expired": "passed",
        "closing/sessions": "passed",
        "closing/device": "passed",
      });
      expect(later).toBeGreaterThan(600_000);
      expect(await practice.owner("select 1 from session where ended_at is null")).toEqual([]);
    } finally {
      await closeAll(tester);
      restore();
    }
  });
});
