import { expect, test } from "vitest";
import type { Access } from "../../session/access.ts";
import type { Api } from "../../session/api.ts";
import { createValue } from "../value.ts";
import type { Workspace } from "../workspace.ts";
import { SyncEngine } from "./engine.ts";

/** An engine with nothing to push and nothing to show: only its cycles are of interest. */
function idleEngine(onCycle: () => Promise<void>) {
  const workspace = { entries: createValue([]), replica: createValue(null), dropOldSent: async () => {} };
  const events = { onReauth: () => {}, onWipe: () => {}, onCycle, onRestored: () => {} };
  return new SyncEngine(workspace as unknown as Workspace, {} as Access, {} as Api, events);
}

test("what is written while a cycle ends gets a cycle of its own, not the next poll", async () => {
  let cycles = 0;
  const engine: SyncEngine = idleEngine(async () => {
    cycles++;
    if (cycles === 1) void engine.sync();
  });
  await engine.sync();
  await engine.stop();
  expect(cycles).toBe(2);
});
