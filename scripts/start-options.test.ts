import { describe, expect, it } from "vitest";
import { explainStartError, StartError, startErrors } from "./start-errors.mjs";
import { parseStartOptions } from "./start-options.mjs";

const parse = (args: string[], env: Record<string, string> = {}) => parseStartOptions(args, env, "/repo");

describe("the options of npm start", () => {
  it("have defaults", () => {
    expect(parse([])).toEqual({
      data: "/repo/data",
      port: 8443,
      httpPort: 8080,
      databaseUrl: undefined,
      noAi: false,
      empty: false,
      help: false,
    });
  });

  it("come from the environment, and flags win", () => {
    const env = { JAMEMR_DATA: "/a", JAMEMR_PORT: "1", JAMEMR_HTTP_PORT: "2", DATABASE_URL: "postgres://x" };
    expect(parse([], env)).toMatchObject({ data: "/a", port: 1, httpPort: 2, databaseUrl: "postgres://x" });
    const args = ["--data", "/b", "--port=3", "--http-port", "0", "--no-ai", "--empty"];
    expect(parse(args, env)).toMatchObject({ data: "/b", port: 3, httpPort: 0, noAi: true, empty: true });
    expect(parse([], { JAMEMR_PORT: "", JAMEMR_DATA: "" })).toMatchObject({ port: 8443, data: "/repo/data" });
  });

  it.each([
    ["--prot", "1"],
    ["--port"],
    ["--port", "--no-ai"],
    ["--port", "x"],
    ["--port", "65536"],
    ["--port", "-1"],
    ["--no-ai=1"],
    ["data"],
  ])("refuse %s %s", (...args) => {
    expect(() => parse(args)).toThrow(expect.objectContaining({ code: "usage" }));
  });
});

describe("the reasons for not starting", () => {
  it.each(Object.keys(startErrors))("%s is one paragraph with its code, also without facts", (code) => {
    const text = explainStartError(new StartError(code));
    expect(text.startsWith(`JamEMR did not start (${code}). `)).toBe(true);
    expect(text).not.toContain("\n");
    expect(text).toMatch(/[.)]$|undefined/);
  });

  it("include those that nobody foresaw, and a full disk from anywhere", () => {
    expect(explainStartError(new Error("what?"))).toMatch(/\(unexpected\).*what\?/);
    expect(explainStartError(Object.assign(new Error("write"), { code: "ENOSPC" }))).toContain("(disk_full)");
    expect(explainStartError("text")).toContain("text");
  });
});
