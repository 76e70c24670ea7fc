import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkArchitecture, describeReport } from "./architecture.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "jamemr-architecture-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Puts one file beside two slices and returns what is broken, as `rule path:line`. */
function broken(path: string, text: string): string[] {
  const tree = {
    "domain/patient/index.ts": 'export * from "./patient.schema.ts";',
    "domain/patient/patient.schema.ts": "export const patient = 1;",
    "domain/appointment/index.ts": "export const appointment = 1;",
    [path]: text,
  };
  for (const [name, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return checkArchitecture(root).results.flatMap(({ rule, violations }) =>
    violations.map(({ file, line }) => `${rule.name} ${file}:${line}`),
  );
}

/** [path, text, the rule that is broken, or undefined when the file is fine] */
const cases: [string, string, string | undefined][] = [
  // tiers
  ["domain/access/can.ts", 'import { x } from "#server/app.ts";', "tiers"],
  ["domain/access/can.test.ts", 'import { x } from "../../sync-server/app.ts";', "tiers"],
  ["pwa/src/app/app.tsx", 'import type { X } from "../../../sync-server/app.ts";', "tiers"],
  ["pwa/src/app/app.tsx", 'export { x } from "#ai/main.ts";', "tiers"],
  ["sync-server/app.ts", 'const x = await import("#pwa/app/app.ts");', "tiers"],
  ["sync-server/app.ts", "const x = await import(`../ai-node/main.ts`);", "tiers"],
  ["ai-node/main.ts", 'import "#server/app.ts";', "tiers"],
  ["sync-server/app.ts", 'import { start } from "../scripts/start.mjs";', "tiers"],
  ["sync-server/app.ts", 'import { x } from "#domain/patient/index.ts"; // "#pwa/app.ts"', undefined],
  ["sync-server/testing/simulation/tablet.ts", 'import { x } from "#pwa/local/store.ts";', undefined],
  [
    "bench/sync/index.ts",
    'import { x } from "#pwa/local/store.ts"; import { y } from "#server/app.ts";',
    undefined,
  ],
  // pure-domain
  ["domain/access/can.ts", 'import { readFile } from "node:fs";', "pure-domain"],
  ["domain/access/can.ts", 'import { readFile } from "fs";', "pure-domain"],
  ["domain/access/can.ts", 'import pg from "pg";', "pure-domain"],
  [
    "domain/access/can.ts",
    'import * as z from "zod"; import { sha256 } from "@noble/hashes/sha2.js";',
    undefined,
  ],
  [
    "domain/access/can.test.ts",
    'import { it } from "vitest"; import { readFile } from "node:fs";',
    undefined,
  ],
  ["domain/access/can.test.ts", 'import pg from "pg";', "pure-domain"],
  // slices
  ["domain/appointment/appointment.rules.ts", 'import { x } from "../patient/patient.schema.ts";', "slices"],
  ["sync-server/appointment/x.ts", 'import { x } from "#domain/patient/patient.schema.ts";', "slices"],
  ["pwa/src/appointment/x.ts", 'import type { X } from "../patient/patient.page.tsx";', "slices"],
  ["domain/appointment/appointment.rules.ts", 'import { x } from "../patient/index.ts";', undefined],
  [
    "sync-server/patient/patient.service.ts",
    'import { x } from "#domain/patient/patient.schema.ts";',
    undefined,
  ],
  // no-test-code
  ["sync-server/app.ts", 'import { x } from "./testing/database.ts";', "no-test-code"],
  ["sync-server/app.test.ts", 'import { x } from "./testing/database.ts";', undefined],
  // named-exports
  ["sync-server/app.ts", "export default 1;", "named-exports"],
  ["sync-server/app.ts", "const x = 1;\nexport { x as default };", "named-exports"],
  ["vite.config.ts", "export default {};", undefined],
  // clock
  ["sync-server/app.ts", "export const a = Date.now();", "clock"],
  ["pwa/src/app/app.tsx", "export const a = new Date();", "clock"],
  ["ai-node/main.ts", "export const a = Date();", "clock"],
  ["domain/access/can.ts", "export const a = Math.random();", "clock"],
  ["sync-server/app.ts", "setTimeout(() => {}, 1);", "clock"],
  ["sync-server/app.ts", "globalThis.setInterval(() => {}, 1);", "clock"],
  ["sync-server/app.ts", 'import { setTimeout } from "node:timers/promises";', "clock"],
  ["scripts/tool.ts", "export const a = Date.now();", "clock"],
  [
    "sync-server/app.ts",
    'export const a = new Date(0); // Date.now()\nexport const b = "new Date()";',
    undefined,
  ],
  ["domain/kernel/clock.ts", "export const a = Date.now(); setTimeout(() => {}, 1);", undefined],
  ["pwa/src/app/app.tsx", "setTimeout(() => {}, 1);", undefined],
  ["pwa/src/outbox/outbox.ts", "setTimeout(() => {}, 1);", "clock"],
  ["sync-server/app.test.ts", "setTimeout(() => {}, 1);", undefined],
  ["sync-server/app.test.ts", "export const a = Date.now();", "clock"],
  ["pwa/src/local/testing/tablet.ts", "setTimeout(() => {}, 1);", undefined],
  ["scripts/tool.mjs", "setTimeout(() => {}, 1);", undefined],
  // one-token-verifier
  ["sync-server/http/guard.ts", 'import { jwtVerify } from "jose";', "one-token-verifier"],
  ["sync-server/http/guard.ts", 'import { jwtVerify as check } from "jose";', "one-token-verifier"],
  ["ai-node/main.ts", 'import * as jose from "jose"; jose.jwtVerify(a, b);', "one-token-verifier"],
  ["ai-node/main.ts", 'const { jwtVerify } = await import("jose");', "one-token-verifier"],
  ["ai-node/main.ts", 'export { jwtVerify } from "jose";', "one-token-verifier"],
  ["pwa/src/outbox/key.ts", 'export const load = () => import("jose"); // "jwtVerify"', undefined],
  ["sync-server/keys/key-store.ts", 'import { CompactEncrypt, importJWK } from "jose";', undefined],
  ["sync-server/identity/token.ts", 'import { jwtVerify } from "jose";', undefined],
  ["sync-server/identity/token.test.ts", 'import { SignJWT } from "jose";', undefined],
  // silent-runtime
  ["ai-node/speech/vad.ts", 'import { Tensor } from "onnxruntime-node";', "silent-runtime"],
  ["ai-node/speech/vad.ts", 'const ort = await import("onnxruntime-node");', "silent-runtime"],
  [
    "ai-node/speech/vad.ts",
    'import "./no-telemetry.ts"; import { Tensor } from "onnxruntime-node";',
    "silent-runtime",
  ],
  ["ai-node/notes/llm.ts", 'import { pipeline } from "@huggingface/transformers";', "silent-runtime"],
  ["ai-node/speech/vad.test.ts", 'import { Tensor } from "onnxruntime-node";', "silent-runtime"],
  ["bench/speech/index.ts", 'import { pipeline } from "@huggingface/transformers";', "silent-runtime"],
  [
    "bench/speech/index.ts",
    'import { pipeline } from "@huggingface/transformers"; import "#ai/speech/no-telemetry.ts";',
    "silent-runtime",
  ],
  [
    "bench/speech/index.ts",
    'import "#ai/speech/no-telemetry.ts"; import { pipeline } from "@huggingface/transformers";',
    undefined,
  ],
  ["ai-node/speech/onnx-runtime.ts", 'export { Tensor } from "onnxruntime-node";', "silent-runtime"],
  [
    "ai-node/speech/onnx-runtime.ts",
    'import "./no-telemetry.ts"; export { Tensor } from "onnxruntime-node";',
    undefined,
  ],
  ["ai-node/speech/vad.ts", 'import { Tensor } from "./onnx-runtime.ts";', undefined],
  // clinic-words, kebab-case
  ["sync-server/utils/text.ts", "export const a = 1;", "clinic-words"],
  ["pwa/src/shared/text.ts", "export const a = 1;", "clinic-words"],
  ["sync-server/controllers/text.ts", "export const a = 1;", "clinic-words"],
  ["sync-server/services/text.ts", "export const a = 1;", "clinic-words"],
  ["pwa/src/app/AppShell.tsx", "export const a = 1;", "kebab-case"],
  ["sync-server/someFolder/text.ts", "export const a = 1;", "kebab-case"],
  ["migrations/Migration20270101.ts", "export const a = 1;", undefined],
];

describe("the architecture rules", () => {
  it.each(cases)("%s: %s → %s", (path, text, rule) => {
    const found = broken(path, text).map((line) => line.replace(/:\d+$/, ""));
    expect(found).toEqual(rule === undefined ? [] : [`${rule} ${path}`]);
  });

  it("name the line", () => {
    expect(broken("sync-server/app.ts", "export const a = 1;\n\nexport const b =\n  Date.now();")).toEqual([
      "clock sync-server/app.ts:4",
    ]);
  });

  it("warn about long files without failing", () => {
    expect(broken("sync-server/app.ts", "export {};\n".repeat(401))).toEqual([]);
    expect([...describeReport(checkArchitecture(root))].join("\n")).toContain(
      "over 400 lines: sync-server/app.ts (402)",
    );
  });

  it("say which file cannot be parsed", () => {
    expect(() => broken("sync-server/app.ts", "export const = 1;")).toThrow(/sync-server\/app\.ts/);
  });

  it("hold in this repository", () => {
    const report = checkArchitecture(fileURLToPath(new URL("..", import.meta.url)));
    expect([...describeReport({ ...report, longFiles: [] })].slice(0, -1)).toEqual([]);
    expect(report.fileCount).toBeGreaterThan(20);
  });
});
