import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Page } from "@playwright/test";
import { synthesizeDialogue } from "../ai-node/testing/speech-synthesis/synthesize-dialogue.ts";
import { type Browser, desktop, openBrowser, tablet } from "./fixtures/browser.ts";
import { TestPractice } from "./fixtures/practice.ts";
import { signIn } from "./pages/door.ts";
import { visitTurns } from "./pages/visit-turns.ts";

/** `npm run shots`: the pictures of docs/pictures, from a running practice, in both sizes and both appearances. */
const pictures = fileURLToPath(new URL("../docs/pictures", import.meta.url));

const sizes = { tablet, desktop };
const schemes = ["light", "dark"] as const;

async function shoot(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(sizes))
    for (const colorScheme of schemes) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({
        path: join(pictures, `${name}-${size}-${colorScheme}.png`),
        animations: "disabled",
      });
    }
  await page.setViewportSize(tablet);
}

/** A visit from the first tap to the signature. */
async function visit({ page, context }: Browser, practice: TestPractice, seconds: number): Promise<void> {
  await page.goto(practice.url);
  await expect(page.getByLabel("User name")).toBeVisible();
  await shoot(page, "sign-in");
  await signIn(page, practice.url, "clinician");
  await expect(page.getByText("All saved to the clinic")).toBeVisible();
  await shoot(page, "today");
  await page.getByRole("link", { name: /Ana Trial-Lopez/ }).click();
  await page
    .getByRole("textbox", { name: "Assessment & plan" })
    .fill("Cough since starting the new blood pressure pill.");
  await page.getByRole("button", { name: "Record this visit" }).click();
  await shoot(page, "visit-consent");
  await page.getByRole("button", { name: "Patient agrees" }).click();
  await expect(page.getByRole("timer")).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText(/Offline since/)).toBeVisible({ timeout: 60_000 });
  await shoot(page, "visit-recording");
  await expect
    .poll(async () => secondsOf(await page.getByRole("timer").innerText()), { timeout: 120_000 })
    .toBeGreaterThan(seconds);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("link", { name: /Offline since/ }).click();
  await shoot(page, "waiting");
  await page.goBack();
  await context.setOffline(false);
  await expect(page.getByText("Transcribed", { exact: true })).toBeVisible({ timeout: 120_000 });
  await page.getByRole("textbox", { name: "Subjective" }).locator("[data-evidence]").first().click();
  await shoot(page, "visit-draft");
  await page.getByRole("button", { name: "Review and sign" }).click();
  await shoot(page, "visit-sign");
  await page.getByRole("dialog").getByRole("button", { name: "Sign", exact: true }).click();
  await expect(page.getByText("Signed and sealed")).toBeVisible({ timeout: 30_000 });
  await shoot(page, "visit-signed");
}

async function others(practice: TestPractice, visitAddress: string): Promise<void> {
  const desk = await openBrowser({ viewport: desktop });
  await signIn(desk.page, practice.url, "frontdesk");
  await shoot(desk.page, "desk-today");
  await desk.page.evaluate((address) => history.pushState(null, "", address), visitAddress);
  await desk.page.evaluate(() => dispatchEvent(new PopStateEvent("popstate")));
  await expect(desk.page.getByRole("alert")).toContainText(/number/);
  await shoot(desk.page, "denied");
  await desk.close();
  const officer = await openBrowser({ viewport: desktop });
  await signIn(officer.page, practice.url, "privacy");
  await officer.page.getByRole("link", { name: "Audit" }).click();
  await expect(officer.page.getByRole("table")).toBeVisible();
  await shoot(officer.page, "audit");
  await officer.close();
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
