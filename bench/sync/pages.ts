import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { build } from "vite";
import type { Contestant, PageSettings } from "./page/contestant.ts";

export const contestants = ["jamemr", "rxdb", "pouchdb"] as const;
export type ContestantName = (typeof contestants)[number];

/** A contestant's page as one script. */
async function bundle(name: ContestantName): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    root: fileURLToPath(new URL("page/", import.meta.url)),
    // Node's own module of that name would be left out of a page.
    resolve: { alias: { events: "events/" } },
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    build: {
      write: false,
      target: "es2022",
      minify: process.env.BENCH_PLAIN !== "1",
      rolldownOptions: {
        input: fileURLToPath(new URL(`page/${name}.ts`, import.meta.url)),
        output: { format: "es", codeSplitting: false },
      },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  for (const one of outputs)
    if ("output" in one) for (const part of one.output) if (part.type === "chunk") return part.code;
  throw new Error(`the page of ${name} came out empty`);
}

const scripts = new Map<ContestantName, Promise<string>>();
const scriptOf = (name: ContestantName): Promise<string> => {
  const known = scripts.get(name) ?? bundle(name);
  scripts.set(name, known);
  return known;
};

/** Opens a contestant's page under an origin, so that its requests need no permission of another one. */
export async function openContestant(
  page: Page,
  name: ContestantName,
  origin: string,
  settings: PageSettings,
): Promise<void> {
  const script = await scriptOf(name);
  const html = '<!doctype html><meta charset="utf-8"><script type="module" src="/bench/page.js"></script>';
  await page.route(`${origin}/bench/page.html`, (route) =>
    route.fulfill({ contentType: "text/html", body: html }),
  );
  await page.route(`${origin}/bench/page.js`, (route) =>
    route.fulfill({ contentType: "text/javascript", body: script }),
  );
  await page.goto(`${origin}/bench/page.html`);
  await page.waitForFunction(() => window.contestant !== undefined);
  await page.evaluate((given) => {
    Object.assign(window, { playing: window.contestant?.(given) });
  }, settings);
}

/** Calls one of the contestant's measurements in the page. */
export const play = <K extends keyof Contestant>(
  page: Page,
  what: K,
  ...args: Parameters<Contestant[K]>
): Promise<Awaited<ReturnType<Contestant[K]>>> =>
  page.evaluate(
    ([name, given]) => {
      const { playing } = window as unknown as {
        playing: Record<string, (...all: unknown[]) => Promise<unknown>>;
      };
      return playing[name as string]!(...(given as unknown[]));
    },
    [what, args] as const,
  ) as Promise<Awaited<ReturnType<Contestant[K]>>>;
