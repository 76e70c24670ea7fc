import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Locator, type Page } from "@playwright/test";
import { synthesizeDialogue } from "../ai-node/testing/speech-synthesis/synthesize-dialogue.ts";
import { type Browser, desktop, openBrowser, tablet } from "./fixtures/browser.ts";
import { TestPractice } from "./fixtures/practice.ts";
import { saved, signIn } from "./pages/door.ts";
import { visitTurns } from "./pages/visit-turns.ts";

/**
 * `npm run shots`: the pictures of docs/pictures, from a running practice, in both sizes and both appearances. Git keeps
 * those that README.md shows (.gitignore).
 */
const pictures = fileURLToPath(new URL("../docs/pictures", import.meta.url));

const sizes = { tablet, desktop };
const schemes = ["light", "dark"] as const;

/** Nothing on its way: no screen that is being opened, no words that are being saved, no picture that still moves. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("status", { name: /being opened/ })).toHaveCount(0);
  await expect(page.getByText("This screen is not on this tablet yet")).toHaveCount(0);
  await expect(page.getByText("Saving", { exact: true })).toHaveCount(0);
  await expect(page.locator("[data-loading=true]")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
}

/** @param shows what has to be on every picture of this name */
async function shoot(page: Page, name: string, shows: Locator): Promise<void> {
  for (const [size, viewport] of Object.entries(sizes))
    for (const colorScheme of schemes) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
      await page.mouse.move(0, 0);
      await expect(shows).toBeVisible();
      await settled(page);
      const file = `${name}-${size}-${colorScheme}.png`;
      await page.screenshot({ path: join(pictures, file), animations: "disabled" });
      process.stdout.write(`docs/pictures/${file}\n`);
    }
  await page.setViewportSize(tablet);
}

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name });

/** Sound that has been taken, in seconds, by the recorder's clock. */
const recorded = (page: Page, seconds: number) =>
  expect
    .poll(async () => secondsOf(await page.getByRole("timer").innerText()), { timeout: 120_000 })
    .toBeGreaterThan(seconds);

/** A visit from the first tap to the signature. */
async function visit({ page, context }: Browser, practice: TestPractice, seconds: number): Promise<void> {
  await page.goto(practice.url);
  await shoot(page, "sign-in", page.getByLabel("User name"));
  await signIn(page, practice.url, "clinician");
  await expect(page.getByText("All saved to the clinic")).toBeVisible();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await shoot(page, "today", heading(page, "Today"));
  await page.getByRole("link", { name: /Ana Trial-Lopez/ }).click();
  const patient = heading(page, "Ana Trial-Lopez");
  await page
    .getByRole("textbox", { name: "Assessment & plan" })
    .fill("Cough since starting the new blood pressure pill.");
  await expect(page.getByText(saved)).toBeVisible();
  await page.getByRole("button", { name: "Record this visit" }).click();
  await shoot(page, "visit-consent", page.getByRole("button", { name: "Patient agrees" }));
  await page.getByRole("button", { name: "Patient agrees" }).click();
  await context.setOffline(true);
  await expect(page.getByText(/Offline since/)).toBeVisible({ timeout: 60_000 });
  await recorded(page, 12);
  await shoot(page, "visit-recording", page.getByRole("timer"));
  await page.getByRole("link", { name: "JamEMR" }).click();
  await shoot(page, "today-recording", page.getByRole("region", { name: "Recording that is being made" }));
  await page.goBack();
  await recorded(page, seconds);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByText("On this tablet", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: /Offline since/ }).click();
  await shoot(page, "waiting", heading(page, "Waiting to be sent"));
  await page.goBack();
  await context.setOffline(false);
  await expect(page.getByText("Transcribed", { exact: true })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText("All saved to the clinic")).toBeVisible();
  const subjective = page.getByRole("textbox", { name: "Subjective" });
  await subjective.locator("[data-evidence]").first().click();
  await page.evaluate(() => scrollTo(0, 0));
  await shoot(page, "visit-draft", page.getByRole("region", { name: "What was said" }));
  const heard = page.getByText(/Heard but not in the note/);
  if ((await heard.count()) > 0) {
    await heard.click();
    await heard.scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await shoot(page, "visit-heard", heard);
  }
  await page.getByRole("button", { name: "Review and sign" }).click();
  const dialog = page.getByRole("dialog");
  await shoot(page, "visit-sign", dialog.getByRole("button", { name: "Sign", exact: true }));
  await dialog.getByRole("button", { name: "Sign", exact: true }).click();
  await expect(page.getByText("Signed and sealed")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("All saved to the clinic")).toBeVisible();
  await page.evaluate(() => scrollTo(0, 0));
  await shoot(page, "visit-signed", patient);
}

async function others(practice: TestPractice, visitAddress: string): Promise<void> {
  const desk = await openBrowser({ viewport: desktop });
  await signIn(desk.page, practice.url, "frontdesk");
  await expect(desk.page.getByText("All saved to the clinic")).toBeVisible();
  await shoot(desk.page, "desk-today", desk.page.getByText("Done").first());
  await desk.page.evaluate((address) => history.pushState(null, "", address), visitAddress);
  await desk.page.evaluate(() => dispatchEvent(new PopStateEvent("popstate")));
  await expect(desk.page.getByRole("alert")).toContainText(/number/);
  await shoot(desk.page, "denied", heading(desk.page, "Your role does not open this"));
  await desk.close();
  const officer = await openBrowser({ viewport: desktop });
  await signIn(officer.page, practice.url, "privacy");
  await shoot(officer.page, "audit", officer.page.getByRole("table"));
  await officer.close();
  const it = await openBrowser({ viewport: desktop });
  await signIn(it.page, practice.url, "it");
  await shoot(it.page, "dashboard", heading(it.page, "Sync dashboard"));
  await it.page.getByRole("link", { name: "Devices" }).click();
  await shoot(it.page, "devices", it.page.getByRole("table"));
  await it.close();
}

const secondsOf = (text: string): number => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

async function main(): Promise<void> {
  await mkdir(pictures, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), "jamemr-shots-"));
  const dialogue = await synthesizeDialogue(visitTurns, { pauseSeconds: 0.7, sampleRate: 48_000 });
  await writeFile(join(folder, "visit.wav"), dialogue.wav);
  const practice = await TestPractice.start({ ai: true });
  const browser = await openBrowser({ microphone: join(folder, "visit.wav") });
  try {
    await visit(browser, practice, dialogue.turns.at(-1)!.end + 1);
    await others(practice, new URL(browser.page.url()).pathname);
  } finally {
    await browser.close();
    await practice.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
