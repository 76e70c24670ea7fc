import { expect, test, vi } from "vitest";
import type { Access } from "../../session/access.ts";
import type { Api } from "../../session/api.ts";
import { createValue } from "../value.ts";
import type { Workspace } from "../workspace.ts";
import { SyncEngine } from "./engine.ts";

/** A clinic that says nothing but this on the live stream. */
const saying = (text: string) =>
  ({
    open: async (_path: string, { signal }: { readonly signal: AbortSignal }) =>
      new Response(
        new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(new TextEncoder().encode(text));
            signal.addEventListener("abort", () => controller.close());
          },
        }),
      ),
  }) as unknown as Api;

/** An engine with nothing to push and nothing to show: only its cycles are of interest. */
function idleEngine(onCycle: () => Promise<void>, api = {} as Api) {
  const workspace = {
    entries: createValue([]),
    replica: createValue(null),
    reviewNews: createValue(0),
    dropOldSent: async () => {},
  };
  const witness = async () => ({ admit: async () => {}, check: async () => {}, checkAnew: async () => {} });
  const events = {
    onReauth: () => {},
    onAccessEnded: () => {},
    onWipe: () => {},
    onCycle,
    onRestored: () => {},
    witness,
  };
  const access = { authorization: async () => "", ask: async () => ({}) } as unknown as Access;
  const engine = new SyncEngine(workspace as unknown as Workspace, access, api, events);
  return { engine, reviewNews: workspace.reviewNews };
}

test("what is written while a cycle ends gets a cycle of its own, not the next poll", async () => {
  let cycles = 0;
  const { engine }: { engine: SyncEngine } = idleEngine(async () => {
    cycles++;
    if (cycles === 1) void engine.sync();
  });
  await engine.sync();
  await engine.stop();
  expect(cycles).toBe(2);
});

test("what waits for review is told at once and without another cycle, and asked again whenever listening begins", async () => {
  let cycles = 0;
  const { engine, reviewNews } = idleEngine(async () => void cycles++, saying('data: {"type":"review"}\n\n'));
  const told: [news: number, cycles: number][] = [];
  reviewNews.subscribe(() => told.push([reviewNews.get(), cycles]));
  engine.start();
  await vi.waitFor(() => expect(told.map(([news]) => news)).toEqual([1, 2])); // the stream began; then the event
  await engine.stop();
  expect(cycles).toBeLessThanOrEqual(2); // at the start, and because the stream began
});
