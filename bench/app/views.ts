import { expect, type Page } from "@playwright/test";
import { desktop, openBrowser } from "../../e2e/fixtures/browser.ts";
import { storedRecords } from "../../e2e/fixtures/disk.ts";
import { TestPractice } from "../../e2e/fixtures/practice.ts";
import { Board, daniel, maya } from "../../e2e/pages/board.ts";
import { signIn } from "../../e2e/pages/door.ts";
import { median } from "../median.ts";
import { percentile95 } from "../percentile.ts";
import { registerPatients } from "./push.ts";

/** Patients besides the trial's own: each is a row of demographics and a safety card. */
const MORE_PATIENTS = 4_500;
/** How much slower than this machine's processor a tablet's is taken to be. */
const SLOWER = 4;

/** Each figure is the median of so many rounds: what else the machine does meanwhile spoils some of them. */
const ROUNDS = 5;
/** Of one round: charts that are opened, names that are typed into the finder, ways of a card there and back. */
const CHARTS = 10;
const NAMES = 2;
const PASSES = 2;

export interface Views {
  /** Rows on the device. */
  readonly rows: number;
  /** Milliseconds from a tap (or a letter) to the frame that shows the answer; 95th percentile of a round. */
  readonly p95: number;
  /** Share of the frames during a drag that came within a sixtieth of a second and a half. */
  readonly frames: number;
  /** Milliseconds between two frames of the drag, median. */
  readonly frame: number;
}

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
    await charts(page, 2); // the code of a screen is fetched once; what is measured is the view
    const rounds: Omit<Views, "rows">[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const samples = [...(await charts(page, CHARTS)), ...(await finder(page))];
      rounds.push({ p95: percentile95(samples), ...(await drag(page)) });
      await page.locator('nav a[href="/"]').click();
    }
    const middle = (name: keyof (typeof rounds)[number]) => median(rounds.map((round) => round[name]));
    return { rows, p95: middle("p95"), frames: middle("frames"), frame: middle("frame") };
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
        rows = await storedRecords(page, "rows");
        return rows > MORE_PATIENTS && rows === before;
      },
      { timeout: 180_000, intervals: [3_000] },
    )
    .toBe(true);
  return rows;
}

/**
 * Taps the `index`-th of what matches `act`, round and round, and waits for the frame in which `shown` is there.
 */
const timed = (page: Page, act: string, shown: string, index = 0): Promise<number> =>
  page.evaluate(
    ([what, selector, which]) =>
      new Promise<number>((resolve, reject) => {
        const targets = document.querySelectorAll<HTMLElement>(what);
        const target = targets[which % targets.length];
        if (!target) return reject(new Error(`nothing matches ${what}`));
        const begin = performance.now();
        const look = () => {
          if (performance.now() - begin > 20_000) return reject(new Error(`${selector} never came`));
          if (!document.querySelector(selector)) return requestAnimationFrame(look);
          requestAnimationFrame(() => resolve(performance.now() - begin));
        };
        target.click();
        requestAnimationFrame(look);
      }),
    [act, shown, index] as const,
  );

/** Opening Today and the chart of one patient after the other. */
async function charts(page: Page, turns: number): Promise<number[]> {
  const samples: number[] = [];
  const chart = 'main a[href*="/chart"]';
  for (let turn = 0; turn < turns; turn++) {
    await page.waitForSelector(chart);
    samples.push(await timed(page, chart, '[role="tablist"]', turn));
    samples.push(await timed(page, 'nav a[href="/"]', chart));
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
  for (let turn = 0; turn < NAMES; turn++) {
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
  for (let pass = 0; pass < PASSES; pass++) {
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
