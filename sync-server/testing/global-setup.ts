import type { TestProject } from "vitest/node";
import { startTestPostgres, type TestServer } from "./test-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

let stop: (() => Promise<void>) | undefined;

/** Vitest's global set-up: one PostgreSQL for the whole run. */
export async function setup(project: TestProject): Promise<void> {
  const started = await startTestPostgres();
  stop = started.stop;
  project.provide("testServer", started.server);
}

export async function teardown(): Promise<void> {
  await stop?.();
}
