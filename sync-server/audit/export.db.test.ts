import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CommandIo } from "#domain/kernel/command.ts";
import { newId } from "#domain/kernel/id.ts";
import { command } from "../commands/audit.ts";
import { faultsOf } from "../testing/fhir-r4-audit-event.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { people } from "../testing/visit.ts";

let practice: TestPractice;
let privacy: TestSession;
let security: TestSession;
let folder: string;

beforeAll(async () => {
  practice = await openTestPractice();
  folder = await mkdtemp(join(tmpdir(), "jamemr-export-"));
  privacy = await practice.signIn("privacy");
  security = await practice.signIn("security");
  const actor = { type: "user", id: people.nurse, role: "nurse" } as const;
  for (let i = 0; i < 3; i++)
    await practice.practice.ledger.record({
      actor,
      action: "chart.opened",
      outcome: "ok",
      patientId: people.patient(2),
      resource: { type: "patient", id: people.patient(2) },
    });
});
afterAll(async () => {
  await practice.close();
  await rm(folder, { recursive: true });
});

const download = (caller: TestSession, query: string) =>
  practice.request(caller, "GET", `/api/audit/export?${query}`);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
/** After RFC 4180. */
const cellsOf = (csv: string): string[][] =>
  csv
    .replace(/^\uFEFF/, "")
    .split("\r\n")
    .filter((line) => line !== "")
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
      ),
    );

describe("a search as a file", () => {
  it("is a table with every record that matches, newest first, and is itself in the log", async () => {
    const head = await practice.head();
    const answer = await download(privacy, `format=csv&patient=${people.patient(2)}&action=chart.opened`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("text/csv");
    expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="audit-${head}.csv"`);
    const [columns = [], ...rows] = cellsOf(answer.text);
    const all = (await practice.audit()).filter(
      ({ action, patientId }) => action === "chart.opened" && patientId === people.patient(2),
    );
    const cell = (row: readonly string[], name: string) => row[columns.indexOf(name)];
    expect(rows.map((row) => Number(cell(row, "number")))).toEqual(all.map(({ seq }) => seq).reverse());
    expect(cell(rows[0]!, "actor_name")).toBe("Jonas Lindqvist");
    expect(await practice.audit(head)).toMatchObject([
      {
        action: "audit.exported",
        outcome: "ok",
        actor: { id: privacy.user.id },
        patientId: people.patient(2),
        search: { filters: { action: sha256("chart.opened") }, records: all.length, format: "csv" },
      },
    ]);
  });

  it("begins with the mark by which Excel knows UTF-8, and JSON lines do not", async () => {
    const bytes = async (format: string) => {
      const answer = await practice.app.request(
        `http://localhost:8080/api/audit/export?format=${format}&action=chart.opened`,
        { headers: { authorization: `Bearer ${privacy.accessToken}` } },
      );
      return new Uint8Array(await answer.arrayBuffer());
    };
    expect([...(await bytes("csv")).slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect((await bytes("ndjson"))[0]).toBe("{".charCodeAt(0));
  });

  it("computes nothing: a device that is called like a formula stays text", async () => {
    const device = newId();
    await practice.signIn("nurse", { device });
    await practice
      .owner("update device set name = '=HYPERLINK(\"//x\")' where id = $1", [device])
      .catch(async () => {
        await practice.owner("alter table device disable trigger user");
        await practice.owner("update device set name = '=HYPERLINK(\"//x\")' where id = $1", [device]);
        await practice.owner("alter table device enable trigger user");
      });
    const { text } = await download(privacy, "format=csv&action=session.started");
    const [columns = [], ...rows] = cellsOf(text);
    const names = rows.map((row) => row[columns.indexOf("device_name")]);
    expect(names).toContain(`'=HYPERLINK("//x")`);
    for (const row of rows) for (const value of row) expect(value).not.toMatch(/^[=+\-@\t\r]/);
  });

  it("is of one moment and has more pages than one", async () => {
    const actor = { type: "system", id: "test" } as const;
    for (let i = 0; i < 21; i++)
      await practice.practice.ledger.record(
        ...Array.from({ length: 50 }, () => ({ actor, action: "job.progressed", outcome: "ok" }) as const),
      );
    const { text } = await download(privacy, "format=ndjson&action=job.progressed");
    const seqs = text
      .split("\n")
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(seqs.length).toBe(1050);
    expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
    const [exported] = (await practice.audit()).slice(-1);
    expect(exported).toMatchObject({ action: "audit.exported", search: { records: 1050 } });
  });

  it("names nobody's patient to the security officer, and nothing of the search tells whose", async () => {
    for (const format of ["csv", "ndjson"]) {
      const { status, text } = await download(security, `format=${format}`);
      expect(status).toBe(200);
      expect(text).toContain("chart.opened");
      for (const { patientId } of await practice.audit())
        if (patientId) expect(text.includes(patientId), format).toBe(false);
    }
    const head = await practice.head();
    expect((await download(security, `format=csv&patient=${people.patient(2)}`)).status).toBe(403);
    expect(await practice.audit(head)).toMatchObject([{ action: "access.denied", outcome: "denied" }]);
  });

  it.each(["clinician", "nurse", "frontdesk", "admin", "it"])(
    "is denied to %s, with a record",
    async (login) => {
      const other = await practice.signIn(login);
      const head = await practice.head();
      const answer = await download(other, "format=csv");
      expect([answer.status, answer.body.code]).toEqual([403, "forbidden"]);
      expect(await practice.audit(head)).toMatchObject([
        { action: "access.denied", permission: "audit:search", route: "GET /api/audit/export" },
      ]);
    },
  );

  it("of what there is none is a table without lines; a form that there is none of is refused", async () => {
    const { text } = await download(privacy, "format=csv&to=2020-01-01T00:00:00Z");
    expect(cellsOf(text).length).toBe(1);
    expect((await download(privacy, "format=xlsx")).status).toBe(400);
    expect((await download(privacy, "format=csv&action=made.up")).status).toBe(400);
  });
});

describe("the command", () => {
  const run = async (...args: string[]) => {
    const said = { out: "", err: "" };
    const io: CommandIo = {
      stdin: (async function* () {})(),
      stdout: {
        write(text) {
          said.out += text;
        },
      },
      stderr: {
        write(text) {
          said.err += text;
        },
      },
      env: {
        JAMEMR_DATA: practice.folder,
        DATABASE_URL: practice.ownerUrl,
        JAMEMR_DATABASE_APP_URL: practice.appUrl,
      },
    };
    return { status: await command.run(args, io), ...said };
  };
  const linesOf = async (file: string) =>
    (await readFile(file, "utf8"))
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it("writes the whole log as valid FHIR AuditEvents, one for each record, and records that it did", async () => {
    const head = await practice.head();
    const file = join(folder, "log.fhir.ndjson");
    expect((await run("export", "--out", file, "--fhir")).status).toBe(0);
    const events = await linesOf(file);
    for (const event of events) expect(faultsOf(event), JSON.stringify(event)).toEqual([]);
    const stored = await practice.owner<{ id: string }>(
      "select id from audit_log where seq <= $1 order by seq desc",
      [head],
    );
    expect(events.map(({ id }) => id)).toEqual(stored.map(({ id }) => id));
    expect(await practice.audit(head)).toMatchObject([
      { action: "audit.exported", actor: { type: "system" }, search: { records: head, format: "fhir" } },
    ]);
    expect(JSON.stringify(events)).not.toContain("Lindqvist");
  });

  it("leaves a log that is signed to its end, and whole", async () => {
    expect((await run("export", "--out", join(folder, "log.jsonl"))).status).toBe(0);
    const { out } = await run("verify", "--json");
    const head = await practice.head();
    expect(JSON.parse(out)).toMatchObject({ whole: true, records: head, signed: head });
    const judged = await run("verify", "--json", "--file", join(folder, "log.jsonl"));
    expect(JSON.parse(judged.out)).toMatchObject({ whole: true, records: head });
  });

  it("takes a part of it, and not of what is to be verified", async () => {
    const file = join(folder, "part.ndjson");
    expect((await run("export", "--out", file, "--ndjson", "--patient", people.patient(2))).status).toBe(0);
    const part = await linesOf(file);
    expect(part.length).toBeGreaterThan(2);
    for (const { patientId } of part) expect(patientId).toBe(people.patient(2));
    for (const wrong of [
      ["--patient", people.patient(2)],
      ["--fhir", "--csv"],
      ["--csv", "--outcome", "maybe"],
      ["--csv", "--from", "yesterday"],
    ])
      await expect(run("export", "--out", join(folder, "wrong"), ...wrong), wrong.join(" ")).rejects.toThrow(
        /^audit: /,
      );
    expect(await readdir(folder)).not.toContain("wrong");
  });

  it("never writes over a file, and then records nothing", async () => {
    const file = join(folder, "part.ndjson");
    const before = await readFile(file, "utf8");
    const head = await practice.head();
    await expect(run("export", "--out", file, "--csv")).rejects.toThrow("EEXIST");
    expect(await readFile(file, "utf8")).toBe(before);
    expect(await practice.head()).toBe(head);
  });

  it("leaves no part of a file when it cannot go on", async () => {
    const file = join(folder, "broken.csv");
    await practice.owner("alter table staff rename to staff_away");
    await expect(run("export", "--out", file, "--csv")).rejects.toThrow();
    await practice.owner("alter table staff_away rename to staff");
    expect(await readdir(folder)).not.toContain("broken.csv");
  });
});
