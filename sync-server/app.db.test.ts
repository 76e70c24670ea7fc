import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestPractice, type TestPractice } from "./testing/test-practice.ts";

let practice: TestPractice;
let pages: string;

beforeAll(async () => {
  pages = join(await mkdtemp(join(tmpdir(), "jamemr-pages-")), "pwa");
  await mkdir(join(pages, "assets"), { recursive: true });
  await writeFile(join(pages, "index.html"), "<p>the page");
  await writeFile(join(pages, "assets", "app.js"), "1");
  await writeFile(join(pages, "..", "secret.json"), "SECRET");
  practice = await openTestPractice({ app: { pages } });
});
afterAll(async () => {
  await practice.close();
  await rm(join(pages, ".."), { recursive: true });
});
const get = (path: string) => practice.request(null, "GET", path);

describe("the page", () => {
  it("is served at its own addresses, its files for ever and itself never from a cache", async () => {
    for (const path of ["/", "/today", "/patients/123/notes"]) {
      const { status, text, headers } = await get(path);
      expect([status, text, headers.get("cache-control")], path).toEqual([200, "<p>the page", "no-cache"]);
    }
    const asset = await get("/assets/app.js");
    expect(asset.headers.get("content-type")).toContain("text/javascript");
    expect(asset.headers.get("cache-control")).toContain("immutable");
    expect((await get("/assets/none.js")).status).toBe(404);
    // The page under an address of the assets is still the page: no browser may keep it for a year.
    expect((await get("/assets/none")).headers.get("cache-control")).toBe("no-cache");
  });

  it("leads to no other file, and no address breaks it", async () => {
    for (const path of [
      "/../secret.json",
      "/..%2fsecret.json",
      "/%2e%2e/secret.json",
      "/%252e%252e/secret.json",
      "/assets/..%2f..%2fsecret.json",
      "/..%5csecret.json",
      "/%2e%2e%2fsecret.json",
      "//etc/passwd",
      "/%00",
      "/a%00.js",
      "/%",
      "/%ff.js",
      "/%E0%A4%A.js",
      "/assets",
      "/assets/",
      `/${"x".repeat(5000)}.js`,
    ]) {
      const { status, text } = await get(path);
      expect(status, path).toBeLessThan(500);
      expect(text, path).not.toContain("SECRET");
    }
  });
});

describe("health", () => {
  it("tells a live process, a ready database, metrics without names, and the public key", async () => {
    expect((await get("/healthz")).body).toEqual({ status: "ok" });
    expect((await get("/readyz")).body).toEqual({ status: "ready" });
    const it = await practice.signIn("it");
    const metrics = await practice.request(it, "GET", "/metrics");
    expect(metrics.text).toContain('jamemr_http_requests_total{route="/healthz",status="200"} 1');
    expect(metrics.text).toContain("jamemr_audit_head ");
    expect(metrics.text).toContain('jamemr_ai_jobs{state="waiting"} 0');
    expect(metrics.text).not.toMatch(/Trial-|clinician|Okafor/);
    const { body } = await practice.request<{ keys: object[] }>(null, "GET", "/.well-known/jwks.json");
    expect(body.keys).toHaveLength(1);
    expect(Object.keys(body.keys[0]!).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x"]);
  });
});

describe("a trial practice", () => {
  it("is the same for the same seed, and today is never empty", async () => {
    const { trialPatients } = await import("./practice/trial/trial-patients.ts");
    expect(trialPatients(1, "2027-01-12", 20)).toEqual(trialPatients(1, "2027-01-12", 20));
    expect(trialPatients(1, "2027-01-12", 20)).not.toEqual(trialPatients(2, "2027-01-12", 20));
    const rows = await practice.owner("select record_number from patient order by record_number");
    expect(rows[0]).toEqual({ record_number: "TRIAL-000001" });
    expect(await practice.owner("select 1 from appointment")).toHaveLength(5);
  });
});
