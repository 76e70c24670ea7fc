import { execFile } from "node:child_process";
import { hash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRandom, type Random } from "../testing/simulation/random.ts";
import { openTestPractice, type TestPractice } from "../testing/test-practice.ts";
import { exportLog } from "./export-log.ts";
import { NoExport, verifyExport } from "./verify-export.ts";
import type { Verdict } from "./verify-log.ts";

/** How many logs are tampered with. */
const TAMPERINGS = 1000;
const verifier = join(import.meta.dirname, "../../scripts/audit-verify.py");
const run = promisify(execFile);

let practice: TestPractice;
let folder: string;
/** A true export, line by line, and the head that a witness kept. */
let whole: readonly Line[];
let witness: string;
let python = true;

interface Line {
  seq?: number;
  salt?: string;
  body?: string;
  leaf?: string;
  hash?: string;
  checkpoint?: { size: number; note: string };
  log?: { key: string; at: string };
  end?: { records: number };
}

beforeAll(async () => {
  python = await run("python3", ["--version"]).then(
    () => true,
    () => false,
  );
  practice = await openTestPractice();
  folder = await mkdtemp(join(tmpdir(), "jamemr-tampered-"));
  const { ledger, checkpoints, database } = practice.practice;
  const actor = { type: "system", id: "test" } as const;
  for (let round = 0; round < 6; round++) {
    for (let i = 0; i < 9; i++) await ledger.record({ actor, action: "audit.verified", outcome: "ok" });
    witness = (await checkpoints.make())!;
  }
  const lines: Line[] = [];
  for await (const line of exportLog(database.em.fork(), checkpoints.key))
    lines.push(JSON.parse(line) as Line);
  whole = lines;
});
afterAll(async () => {
  await practice.close();
  await rm(folder, { recursive: true });
});

const sha256 = (...parts: Buffer[]): Buffer => hash("sha256", Buffer.concat(parts), "buffer");
const isRecord = (line: Line) => line.seq !== undefined;

/** Numbers every record anew and computes leaf and chain: what somebody does who has the whole database. */
function rewritten(lines: Line[]): void {
  let previous: Buffer = Buffer.alloc(32);
  let seq = 0;
  for (const line of lines.filter(isRecord)) {
    seq++;
    const number = Buffer.alloc(8);
    number.writeBigInt64BE(BigInt(seq));
    const leaf = sha256(Buffer.of(0), Buffer.from(line.salt!, "hex"), Buffer.from(line.body!));
    previous = sha256(Buffer.of(2), previous, number, leaf);
    Object.assign(line, { seq, leaf: leaf.toString("hex"), hash: previous.toString("hex") });
  }
  for (const { end } of lines) if (end) end.records = seq;
}

const between = (random: Random, least: number, most: number): number =>
  least + random.below(most - least + 1);
const otherDigit = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === "0" ? "1" : "0") + text.slice(at + 1);
const alterBody = (line: Line, random: Random): void => {
  const body = JSON.parse(line.body!) as Record<string, unknown>;
  body.reason = `r${between(random, 0, 1e6)}`;
  line.body = JSON.stringify(body);
};

/**
 * Each changes a copy of the export. Those named `unseen` leave a log that nobody can tell from a true one without a
 * witness, `harmless` one whose records are all there.
 */
const tamperings: Record<string, (lines: Line[], records: Line[], random: Random) => void> = {
  body: (_, records, random) => alterBody(random.pick(records), random),
  "one character of a body": (_, records, random) => {
    const record = random.pick(records);
    record.body = otherDigit(record.body!, between(random, 0, record.body!.length - 1));
  },
  salt: (_, records, random) => {
    const record = random.pick(records);
    record.salt = otherDigit(record.salt!, between(random, 0, 31));
  },
  leaf: (_, records, random) => {
    const record = random.pick(records);
    record.leaf = otherDigit(record.leaf!, between(random, 0, 63));
  },
  chain: (_, records, random) => {
    const record = random.pick(records);
    record.hash = otherDigit(record.hash!, between(random, 0, 63));
  },
  "body, all hashes computed anew": (lines, records, random) => {
    alterBody(random.pick(records), random);
    rewritten(lines);
  },
  "a record taken out": (lines, records, random) => {
    lines.splice(lines.indexOf(random.pick(records)), 1);
  },
  "a record taken out, all hashes computed anew": (lines, records, random) => {
    lines.splice(lines.indexOf(random.pick(records)), 1);
    rewritten(lines);
  },
  "two records exchanged, all hashes computed anew": (lines, records, random) => {
    const at = lines.indexOf(random.pick(records.slice(0, -1)));
    lines.splice(at, 2, lines[at + 1]!, lines[at]!);
    rewritten(lines);
  },
  "a record put in, all hashes computed anew": (lines, records, random) => {
    const copy = structuredClone(random.pick(records));
    alterBody(copy, random);
    lines.splice(lines.indexOf(random.pick(records)), 0, copy);
    rewritten(lines);
  },
  "the end cut off": (lines, _, random) => {
    lines.splice(lines.length - 1 - between(random, 1, 20), 20);
  },
  "records cut off, their number with them": (lines, records, random) => {
    const gone = between(random, 1, 20);
    lines.splice(lines.length - 1 - gone, gone);
    lines.at(-1)!.end!.records = records.length - gone;
  },
  "unseen: records cut off, with every head over them": (lines, records, random) => {
    const gone = between(random, 1, 20);
    lines.splice(lines.length - 1 - gone, gone);
    lines.at(-1)!.end!.records = records.length - gone;
    const left = lines.filter(({ checkpoint }) => !checkpoint || checkpoint.size <= records.length - gone);
    lines.splice(0, lines.length, ...left);
  },
  "unseen: body after the last head that is left, all hashes computed anew": (lines, records, random) => {
    const heads = lines.filter(({ checkpoint }) => checkpoint);
    const kept = between(random, 1, heads.length - 1);
    const from = heads[kept - 1]!.checkpoint!.size;
    alterBody(random.pick(records.slice(from)), random);
    rewritten(lines);
    const left = lines.filter(({ checkpoint }) => !checkpoint || checkpoint.size <= from);
    lines.splice(0, lines.length, ...left);
  },
  "harmless: young heads taken away": (lines) => {
    lines.splice(0, lines.length, ...lines.filter(({ checkpoint }) => !checkpoint));
  },
  "size of a head": (lines, _, random) => {
    const { checkpoint } = random.pick(lines.filter((line) => line.checkpoint));
    checkpoint!.size += random.pick([-1, 1]);
  },
  "text of a head": (lines, _, random) => {
    const { checkpoint } = random.pick(lines.filter((line) => line.checkpoint));
    const end = checkpoint!.note.indexOf("\n\n");
    checkpoint!.note = otherDigit(checkpoint!.note, between(random, 0, end));
  },
  "signature of a head": (lines, _, random) => {
    const { checkpoint } = random.pick(lines.filter((line) => line.checkpoint));
    checkpoint!.note = otherDigit(checkpoint!.note, checkpoint!.note.length - between(random, 5, 88));
  },
  "a restore that was none": (lines, records, random) => {
    const body = { action: "restore.executed", after: "9", before: "99", outcome: "ok" };
    const resource = { type: "epoch", id: "00000000-0000-7000-8000-00000000000a" };
    const [record] = records.slice(between(random, 10, 50));
    record!.body = JSON.stringify({ ...JSON.parse(record!.body!), ...body, resource });
    rewritten(lines);
  },
  "a line of something else": (lines, _, random) => {
    lines.splice(between(random, 0, lines.length - 1), 0, {
      log: { key: randomBytes(4).toString("hex"), at: "" },
    });
  },
  "its last line": (lines) => void lines.pop(),
};

type Said = Verdict | { readonly unreadable: string };

const judged = (lines: readonly string[], witnessed: readonly string[]): Promise<Said> =>
  verifyExport(lines, { witnessed }).catch((error: unknown) => {
    if (error instanceof NoExport) return { unreadable: error.message };
    throw error;
  });

describe("a log that was tampered with", () => {
  it.each([
    ["alone", false],
    ["with a witness", true],
  ])(
    "is judged alike by both verifiers %s, and found",
    async (_, withWitness) => {
      const names = Object.keys(tamperings);
      const witnessed = withWitness ? [witness] : [];
      const files: string[] = [];
      const said: Said[] = [];
      for (let i = 0; i < TAMPERINGS / 2; i++) {
        const name = names[i % names.length]!;
        const lines = structuredClone(whole) as Line[];
        tamperings[name]!(lines, lines.filter(isRecord), createRandom("tamper", i, Number(withWitness)));
        const text = lines.map((line) => `${JSON.stringify(line)}\n`);
        const verdict = await judged(text, witnessed);
        const passes = name.startsWith("harmless") || (name.startsWith("unseen") && !withWitness);
        expect("whole" in verdict && verdict.whole, `${name} (${i}): ${JSON.stringify(verdict)}`).toBe(
          passes,
        );
        const file = join(folder, `${Number(withWitness)}-${i}.jsonl`);
        await writeFile(file, text.join(""));
        files.push(file);
        said.push(verdict);
      }
      expect(
        await judged(
          whole.map((line) => JSON.stringify(line)),
          witnessed,
        ),
      ).toMatchObject({ whole: true });
      if (!python) return console.warn("python3 is not installed: the second verifier was not asked");
      const seen = join(folder, "witness");
      await writeFile(seen, witness);
      const asked = await run(
        "python3",
        [verifier, "--json", ...(withWitness ? ["--witness", seen] : []), ...files],
        {
          maxBuffer: 1e7,
        },
      ).catch((error: { code: number; stdout: string; stderr: string }) => error);
      expect(asked.stderr).toBe("");
      const answers = asked.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Said);
      expect(answers).toEqual(said);
    },
    120_000,
  );
});
