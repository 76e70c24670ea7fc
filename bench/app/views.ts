import { expect, type Page } from "@playwright/test";
import { desktop, openBrowser } from "../../e2e/fixtures/browser.ts";
import { TestPractice } from "../../e2e/fixtures/practice.ts";
import { Board, daniel, maya } from "../../e2e/pages/board.ts";
import { signIn } from "../../e2e/pages/door.ts";
import { registerPatients } from "./push.ts";

/** Patients besides the trial's own: each is a row of demographics and a safety card. */
const MORE_PATIENTS = 4_500;
/** How much slower than this machine's processor a tablet's is taken to be. */
const SLOWER = 4;

export interface Views {
  /** Rows on the device. */
  readonly rows: number;
  /** Milliseconds from a tap (or a letter) to the frame that shows the answer; 95th percentile over all samples. */
  readonly p95: number;
  /** Share of the frames during a drag that came within a sixtieth of a second and a half. */
  readonly frames: number;
  /** Milliseconds between two frames of the drag, median. */
  readonly frame: number;
}

/** The value below which 95 of 100 samples lie. */
const percentile95 = (samples: readonly number[]): number => {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.95) - 1)]!;
};

/** Local views with 10,000 rows on the device, and the day board while a card is dragged; processor slowed four times. */
export async function measureViews(): Promise<Views> {
  const practice = await TestPractice.start();
  const browser = await openBrowser({ viewport: desktop });
  try {
    await registerPatients(practice.url, MORE_PATIENTS);
    const { page, context } = browser;
    await signIn(page, practice.url, "clinician");
    await expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 120_000 });
    const rows = await allRows(page);
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    const samples = [...(await charts(page)), ...(await finder(page))];
    const { frames, frame } = await drag(page);
    return { rows, p95: percentile95(samples), frames, frame };
  } finally {
    await browser.close();
    await practice.remove();
  }
}

/** Waits until the first sync has brought everything and the reactive layer has taken over; answers how many rows came. */
async function allRows(page: Page): Promise<number> {
  let rows = 0;
  await expect
    .poll(
      async () => {
        const before = rows;
        rows = await storedRows(page);
        return rows > MORE_PATIENTS && rows === before;
      },
      { timeout: 180_000, intervals: [3_000] },
    )
    .toBe(true);
  return rows;
}

/** Sealed rows in the device's store. */
const storedRows = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const [{ name }] = (await indexedDB.databases()) as [{ name: string }];
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const count = await new Promise<number>((resolve) => {
      const request = database.transaction("rows").objectStore("rows").count();
      request.onsuccess = () => resolve(request.result);
    });
    database.close();
    return count;
  });

/** Does something in the page and waits for the frame in which `shown` is there. */
const timed = (page: Page, act: string, shown: string): Promise<number> =>
  page.evaluate(
    ([what, selector]) =>
      new Promise<number>((resolve, reject) => {
        const target = document.querySelector<HTMLElement>(what!);
        if (!target) return reject(new Error(`nothing matches ${what}`));
        const begin = performance.now();
        const look = () => {
          if (performance.now() - begin > 20_000) return reject(new Error(`${selector} never came`));
          if (!document.querySelector(selector!)) return requestAnimationFrame(look);
          requestAnimationFrame(() => resolve(performance.now() - begin));
        };
        target.click();
        requestAnimationFrame(look);
      }),
    [act, shown] as const,
  );

/** Opening Today and a patient's chart, in turn. */
async function charts(page: Page): Promise<number[]> {
  const samples: number[] = [];
  const chart = 'main a[href*="/chart"]';
  for (let turn = 0; turn < 12; turn++) {
    await page.waitForSelector(chart);
    const opened = await timed(page, chart, '[role="tablist"]');
    const back = await timed(page, 'nav a[href="/"]', chart);
    // The code of a screen is fetched once; what is measured is the view.
    if (turn > 1) samples.push(opened, back);
  }
  return samples;
}

/** Each letter of a name in the finder over all patients. */
async function finder(page: Page): Promise<number[]> {
  await page.locator('nav a[href="/patients"]').click();
  const field = page.getByRole("main").getByRole("combobox");
  await field.fill("warm");
  await page.waitForTimeout(3_000); // the index is built in idle slices
  const samples: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    await field.fill("");
    for (const letter of "trial-9") {
      const begin = await page.evaluate(() => performance.now());
      await page.keyboard.type(letter);
      samples.push(
        await page.evaluate(
          (since) =>
            new Promise<number>((resolve) =>
              requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - since))),
            ),
          begin,
        ),
      );
    }
  }
  return samples;
}

/** The board's frames while a card moves from one column to the other. */
async function drag(page: Page): Promise<Pick<Views, "frames" | "frame">> {
  const board = new Board(page);
  await page.getByRole("link", { name: "Board" }).first().click();
  await expect(page.getByRole("grid")).toBeVisible();
  const face = board.spoken("Ana Trial-Lopez");
  await face.scrollIntoViewIfNeeded();
  const [start, end] = [await face.boundingBox(), await board.cell("3:30 PM", daniel).boundingBox()];
  if (!start || !end) throw new Error(`nothing to drag for ${maya}`);
  const { mouse } = page;
  await mouse.move(start.x + 60, start.y + 8);
  await mouse.down();
  await page.evaluate(() => {
    const deltas: number[] = [];
    let last = performance.now();
    let on = true;
    const look = (now: number) => {
      deltas.push(now - last);
      last = now;
      if (on) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    Object.assign(window, {
      endFrames: () => {
        on = false;
        return deltas.slice(2);
      },
    });
  });
  for (let pass = 0; pass < 3; pass++) {
    await mouse.move(end.x + 40, end.y + 8, { steps: 60 });
    await mouse.move(start.x + 60, start.y + 8, { steps: 60 });
  }
  const deltas = await page.evaluate(() => (window as unknown as { endFrames(): number[] }).endFrames());
  await page.keyboard.press("Escape");
  await mouse.up();
  const sorted = deltas.toSorted((a, b) => a - b);
  const inTime = deltas.filter((delta) => delta <= 25).length;
  return { frames: inTime / deltas.length, frame: sorted[Math.floor(sorted.length / 2)]! };
}
