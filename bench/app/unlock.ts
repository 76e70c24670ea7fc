import { gzipSync } from "node:zlib";
import { expect, type Page } from "@playwright/test";
import { type Browser, openBrowser } from "../../e2e/fixtures/browser.ts";
import { TestPractice } from "../../e2e/fixtures/practice.ts";
import { pin, signIn } from "../../e2e/pages/door.ts";
import { visitOf } from "../../e2e/pages/today.ts";
import { median } from "../median.ts";

async function withTablet<T>(work: (browser: Browser, practice: TestPractice) => Promise<T>): Promise<T> {
  const practice = await TestPractice.start();
  const browser = await openBrowser();
  try {
    return await work(browser, practice);
  } finally {
    await browser.close();
    await practice.remove();
  }
}

/** Seconds from the PIN's submission (key derivation included) to the frame that shows the first row of Today. */
export const measureUnlock = (samples: number): Promise<number> =>
  withTablet(async ({ page }, practice) => {
    await signIn(page, practice.url, "clinician");
    await expect(page.getByRole("listitem").first()).toBeVisible();
    const seconds: number[] = [];
    for (let i = 0; i < samples; i++) {
      await page.reload();
      await page.getByLabel("PIN").fill(pin);
      seconds.push((await submitUntilRow(page)) / 1000);
    }
    return median(seconds);
  });

/** Sends the form that opens the tablet. @returns milliseconds until the frame that shows the first row */
export const submitUntilRow = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const begin = performance.now();
        const look = () => {
          if (!document.querySelector("main li")) return requestAnimationFrame(look);
          requestAnimationFrame(() => resolve(performance.now() - begin));
        };
        document.querySelector<HTMLFormElement>("form")?.requestSubmit();
        requestAnimationFrame(look);
      }),
  );

/**
 * Kilobytes (1000 bytes) of gzipped JavaScript that the page and its workers fetch with an empty cache, from the first
 * byte over sign-in and PIN until a row of Today can be tapped.
 */
export const measureWeight = (): Promise<number> =>
  withTablet(async ({ page, context }, practice) => {
    const scripts = new Set<string>();
    context.on("response", (response) => {
      if (/javascript/.test(response.headers()["content-type"] ?? "")) scripts.add(response.url());
    });
    await signIn(page, practice.url, "clinician");
    await expect(visitOf(page, "Ana Trial-Lopez")).toBeEnabled();
    const fetched = [...scripts];
    let bytes = 0;
    for (const url of fetched) {
      const script = await fetch(url).then((answer) => answer.arrayBuffer());
      bytes += gzipSync(new Uint8Array(script), { level: 9 }).length;
    }
    return bytes / 1000;
  });
