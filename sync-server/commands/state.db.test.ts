import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CommandIo } from "#domain/kernel/command.ts";
import { createTestDatabase, type TestDatabase } from "#server/testing/database.ts";
import { command } from "./state.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("the report names every migration, which the server's own login may not read", async () => {
  const stdout = new PassThrough();
  const io: CommandIo = {
    stdin: new PassThrough(),
    stdout,
    stderr: new PassThrough(),
    env: { DATABASE_URL: database.ownerUrl, JAMEMR_DATABASE_APP_URL: database.appUrl },
  };
  expect(await command.run([], io)).toBe(0);
  const report = JSON.parse(String(stdout.read()));
  expect(report.migrations.missing).toEqual([]);
  expect(report.migrations.applied.length).toBeGreaterThan(0);
});
