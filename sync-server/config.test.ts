import { describe, expect, it } from "vitest";
import { configSchema, readConfig } from "./config.ts";

const needed = {
  DATABASE_URL: "postgres://owner@localhost/jamemr",
  JAMEMR_DATABASE_APP_URL: "postgresql://app@localhost/jamemr",
};

describe("the configuration", () => {
  it("has a default for everything but the database, and a description for everything", () => {
    const config = readConfig(needed);
    expect(config).toMatchObject({
      JAMEMR_DATA: "data",
      JAMEMR_PORT: 8443,
      JAMEMR_HTTP_PORT: 8080,
      JAMEMR_EMPTY: "0",
    });
    for (const [name, option] of Object.entries(configSchema.shape)) {
      expect(name).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(option.description?.length, name).toBeGreaterThan(10);
    }
  });

  it("takes an empty variable for one that is not set, and numbers as text", () => {
    const config = readConfig({
      ...needed,
      JAMEMR_PORT: "",
      JAMEMR_HTTP_PORT: "0",
      JAMEMR_ARGON2_MEMORY_KIB: "64",
    });
    expect(config).toMatchObject({ JAMEMR_PORT: 8443, JAMEMR_HTTP_PORT: 0, JAMEMR_ARGON2_MEMORY_KIB: 64 });
  });

  it.each([
    ["JAMEMR_PORT", "65536"],
    ["JAMEMR_PORT", "-1"],
    ["JAMEMR_PORT", "8443.5"],
    ["JAMEMR_HTTP_PORT", "http"],
    ["JAMEMR_EMPTY", "yes"],
    ["JAMEMR_LOG_LEVEL", "everything"],
    ["JAMEMR_ARGON2_MEMORY_KIB", "1"],
    ["JAMEMR_OFFLINE_HOURS_CLINICAL", "73"],
    ["JAMEMR_OFFLINE_HOURS_DESK", "0"],
    ["DATABASE_URL", "mysql://localhost/x"],
    ["DATABASE_URL", "localhost"],
    ["JAMEMR_DATABASE_APP_URL", ""],
    ["JAMEMR_TRIAL_SEED", "1.5"],
  ])("refuses %s=%s and names it", (name, value) => {
    expect(() => readConfig({ ...needed, [name]: value })).toThrow(name);
  });
});
