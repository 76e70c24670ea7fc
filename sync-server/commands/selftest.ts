import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Command, type CommandIo, CommandUsageError } from "#domain/kernel/command.ts";
import { counted } from "#domain/kernel/counted.ts";
import { namedPeople, openNamed, openTrial } from "#server/selftest/people.ts";
import { plan } from "#server/selftest/plan.ts";
import { playAll } from "#server/selftest/play.ts";
import type { SelfTestReport } from "#server/selftest/report.ts";
import { reportPage } from "#server/selftest/report-page.ts";
import { Server } from "#server/selftest/server.ts";
import type { Tester } from "#server/selftest/tester.ts";

function list(io: CommandIo, json: boolean): number {
  const listed = plan().map(({ id, area, expected }) => ({ id, area, expected }));
  if (json) io.stdout.write(`${JSON.stringify(listed)}\n`);
  else for (const { id, expected } of listed) io.stdout.write(`${id}: ${expected}\n`);
  return 0;
}

/** @throws {CommandUsageError} */
function addressOf(io: CommandIo, given: string | undefined): URL {
  const address = given ?? `http://localhost:${io.env.JAMEMR_HTTP_PORT ?? 8080}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !["http:", "https:"].includes(url.protocol) || url.username || url.pathname !== "/")
    throw new CommandUsageError(`selftest: "${address}" is not an address like https://practice.local:8443`);
  return url;
}

async function open(io: CommandIo, values: Values): Promise<Tester> {
  const { user = [], device, wait, ca } = values;
  const people = user.length > 0 ? namedPeople(user, io.env) : null;
  const server = new Server(addressOf(io, values.url), ca && (await readFile(ca, "utf8")));
  const healthy = await server.ask({ method: "GET", path: "/healthz" });
  if (healthy.status !== 200) throw new Error(`${server.url.origin}/healthz answers ${healthy.status}.`);
  const options = { server, ...(device === undefined ? {} : { device }), waits: wait ?? false };
  return people ? openNamed({ ...options, people }) : openTrial(options, io.env);
}

/** Ctrl+C stops it after the expectation that is being played. */
async function play(io: CommandIo, tester: Tester): Promise<SelfTestReport> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once("SIGINT", stop);
  try {
    return await playAll(tester, (line) => io.stderr.write(`${line}\n`), stopping.signal);
  } finally {
    process.off("SIGINT", stop);
  }
}

/** @returns where the pages went */
async function write(report: SelfTestReport, folder: string | undefined): Promise<string> {
  const into = folder ?? `selftest-${report.startedAt.slice(0, 10)}`;
  await mkdir(into, { recursive: true });
  const name = join(into, `selftest-${report.startedAt.slice(0, 19).replaceAll(":", "-")}Z`);
  await writeFile(`${name}.json`, `${JSON.stringify(report, null, 2)}\n`, { flag: "wx" });
  await writeFile(`${name}.html`, reportPage(report), { flag: "wx" });
  return name;
}

function tell(io: CommandIo, { counts, expectations }: SelfTestReport, name: string): void {
  for (const { id, expected, happened } of expectations.filter(({ outcome }) => outcome === "failed"))
    io.stdout.write(`FAILED ${id}\n  expected: ${expected}\n  happened: ${happened}\n`);
  io.stdout.write(
    `${counted(counts.passed, "expectation", "expectations")} passed, ${counts.failed} failed, ` +
      `${counts["not applicable"]} not applicable.\n${name}.html\n${name}.json\n`,
  );
}

export const command: Command = {
  name: "selftest",
  summary: "check a running deployment from outside",
  usage: `npm run -s jamemr -- selftest [--url URL] [--out DIR] [--json] [--wait] [--ca FILE]
                              [--user ROLE=NAME]… [--device ID]
npm run -s jamemr -- selftest --list [--json]

Plays every boundary against a running practice, over HTTP alone as somebody outside would: each role against each
operation and permission, the front desk against everything clinical, forged, revoked and ended tokens, approvals by the
wrong person, changes to the audit log, TLS. Writes a dated report, HTML and JSON.

--url     where the practice runs (default: http://localhost:8080, or the port in JAMEMR_HTTP_PORT).
--out     folder for the report (default: selftest-YYYY-MM-DD).
--json    prints the report as JSON, or with --list the expectations.
--wait    also waits ten minutes for a token to expire.
--ca      PEM of the authority behind the server's certificate: tls/ca.crt of the practice's data folder.
--user    somebody who exists for tests, instead of the trial logins; once for each role. What needs a role that
          nobody was named for is not applicable. Passwords: JAMEMR_SELFTEST_PASSWORD for all, or
          JAMEMR_SELFTEST_PASSWORD_FRONT_DESK and so on for one role.
--device  a device that the practice has enrolled, to sign in on.
--list    names every expectation, without a server.

Without --user it plays in a trial practice only, with the trial's logins (JAMEMR_SELFTEST_PASSWORD when their password
was changed). Exit status: 0 nothing failed, 1 something failed or it could not begin, 2 not understood.`,
  async run(args, io) {
    const values = parse(args);
    if (values.list) return list(io, values.json ?? false);
    const report = await play(io, await open(io, values));
    const name = await write(report, values.out);
    if (values.json) io.stdout.write(`${JSON.stringify(report)}\n`);
    else tell(io, report, name);
    return report.passed ? 0 : 1;
  },
};

type Values = ReturnType<typeof parse>;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: "string" },
        out: { type: "string" },
        ca: { type: "string" },
        device: { type: "string" },
        user: { type: "string", multiple: true },
        json: { type: "boolean" },
        list: { type: "boolean" },
        wait: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new CommandUsageError(error instanceof Error ? error.message : "unreadable options");
  }
}
