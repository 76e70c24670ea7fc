import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatRows, runBench } from "./bench.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "jamemr-bench-"));
  for (const [name, text] of [
    ["sync", 'export const rows = async () => [{ row: "first sync", value: 2 }];'],
    ["broken", 'export const rows = async () => { throw new Error("no peer"); };'],
  ] as const) {
    mkdirSync(join(root, "bench", name), { recursive: true });
    writeFileSync(join(root, "bench", name, "index.ts"), text);
  }
  mkdirSync(join(root, "bench", "fixtures"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const written = { out: "", err: "" };
  const output = {
    out(text: string) {
      written.out += text;
    },
    err(text: string) {
      written.err += text;
    },
  };
  return { status: await runBench(args, output, root), ...written };
}

describe("bench", () => {
  it("prints nothing but JSON with --json", async () => {
    const { status, out } = await run("sync", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual([{ row: "first sync", value: 2 }]);
  });

  it("lists the valid names for an unknown one", async () => {
    const { status, out, err } = await run("synk");
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toContain("NAME is one of: broken, sync\n");
    expect((await run()).status).toBe(2);
    expect(await run("--help")).toMatchObject({ status: 0, err: "" });
  });

  it("fails when the measurement does", async () => {
    expect(await run("broken")).toMatchObject({
      status: 1,
      out: "",
      err: expect.stringContaining("no peer"),
    });
  });

  it("aligns names left and numbers right", () => {
    const rows = [
      {
        row: "initial sync",
        value: 1234.5,
        unit: "ms",
        peer: "RxDB",
        peerValue: 3000,
        ratio: 0.4115,
        goal: "≤ 0.5",
        met: true,
      },
      {
        row: "p95",
        value: 0.12345,
        unit: "ms",
        peer: null,
        peerValue: null,
        ratio: null,
        goal: null,
        met: null,
      },
      {
        row: "push",
        value: 12,
        unit: "/s",
        peer: "RxDB",
        peerValue: 24,
        ratio: 0.5,
        goal: "≥ 1",
        met: false,
      },
    ];
    expect(formatRows(rows)).toBe(
      [
        "              JamEMR  unit  ratio  peer  peer's  goal   met",
        "initial sync    1235  ms     0.41  RxDB    3000  ≤ 0.5  yes",
        "p95            0.123  ms",
        "push              12  /s     0.50  RxDB      24  ≥ 1    NO",
        "",
      ].join("\n"),
    );
  });
});
