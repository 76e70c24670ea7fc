import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Locator, type Page } from "@playwright/test";
import { synthesizeDialogue } from "../ai-node/testing/speech-synthesis/synthesize-dialogue.ts";
import { type Browser, desktop, openBrowser, tablet } from "./fixtures/browser.ts";
import { TestPractice } from "./fixtures/practice.ts";
import { goTo } from "./pages/chart.ts";
import { saved, signIn } from "./pages/door.ts";
import { visitOf } from "./pages/today.ts";
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
  await visitOf(page, "Ana Trial-Lopez").click();
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
  await page.getByRole("link", { name: "End of the day" }).click();
  await shoot(page, "day-close", page.getByText(/^0 of 1 visit safe/));
  await page.goBack();
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

/** The chart of the patient whose visit was just signed, tab by tab, and what the clinician has to do. */
async function chart({ page }: Browser): Promise<void> {
  await page.getByRole("link", { name: "Open chart" }).click();
  for (const tab of ["Summary", "Notes", "Trends", "Timeline"]) {
    await page.getByRole("tab", { name: tab }).click();
    await shoot(page, `chart-${tab.toLowerCase()}`, page.getByRole("tabpanel", { name: tab }));
  }
  await page.getByRole("link", { name: "Tasks" }).click();
  await shoot(page, "tasks", heading(page, "Tasks and messages"));
}

async function desk(practice: TestPractice, visitAddress: string): Promise<void> {
  const { page, close } = await openBrowser({ viewport: desktop });
  await signIn(page, practice.url, "frontdesk");
  await expect(page.getByText("All saved to the clinic")).toBeVisible();
  await shoot(page, "board", page.getByRole("grid"));
  await page.locator("[data-card-root] [data-stop]").first().click();
  await shoot(page, "board-appointment", page.getByRole("dialog"));
  await page.keyboard.press("Escape");
  await goTo(page, "/board/sheet");
  await shoot(page, "day-sheet", page.getByRole("article"));
  await page.getByRole("link", { name: "Wait list" }).click();
  await shoot(page, "wait-list", heading(page, "Wait list"));
  await page.getByRole("link", { name: "Patients" }).click();
  await shoot(page, "patients", heading(page, "Patients"));
  await page.getByRole("main").getByRole("link").first().click();
  await shoot(page, "patient", page.getByRole("heading", { level: 1 }));
  await goTo(page, "/patients/new");
  await shoot(page, "registration", page.getByLabel("Given name"));
  await goTo(page, visitAddress);
  await expect(page.getByRole("alert")).toContainText(/number/);
  await shoot(page, "denied", heading(page, "Your role does not open this"));
  await close();
}

/** Officers, administrator and practice IT. Places are gone to by address: on a tablet some hide behind "More". */
async function offices(practice: TestPractice): Promise<void> {
  const places = {
    admin: { people: "People", approvals: "Approvals", practice: "Practice" },
    security: { tokens: "Tokens" },
    it: { "sync-dashboard": "Sync dashboard", devices: "Devices" },
    privacy: { audit: "Audit log" },
  };
  for (const [name, names] of Object.entries(places)) {
    const { page, close } = await openBrowser({ viewport: desktop });
    await signIn(page, practice.url, name);
    for (const [place, title] of Object.entries(names)) {
      await goTo(page, `/${place}`);
      await shoot(page, place, heading(page, title).first());
    }
    if (name === "privacy") {
      await page.getByRole("button", { name: "Who looked at a chart" }).click();
      await page.getByRole("combobox", { name: "Patient" }).fill("trial-lopez");
      await page.getByRole("option", { name: /Ana Trial-Lopez/ }).click();
      await shoot(page, "who-looked", page.getByRole("row").filter({ hasText: "Opened" }).first());
    }
    await close();
  }
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
    const visitAddress = new URL(browser.page.url()).pathname;
    await chart(browser);
    await desk(practice, visitAddress);
    await offices(practice);
  } finally {
    await browser.close();
    await practice.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
