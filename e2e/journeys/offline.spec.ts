import { expect, type Page, test } from "@playwright/test";
import { type Browser, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { spokenVisit } from "../fixtures/spoken-visit.ts";
import { pin, signIn, trialPassword, unlock } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";
import { visitTurns } from "../pages/visit-turns.ts";

/** What the screens say while the clinic is away is what is true. */
test.describe("without the clinic", () => {
  let practice: TestPractice;
  let tablet: Browser;
  const voice = spokenVisit(visitTurns.slice(0, 2));

  test.beforeAll(async () => {
    practice = await TestPractice.start();
  });
  test.beforeEach(async () => {
    tablet = await openBrowser({ microphone: voice.file });
  });
  test.afterEach(async () => {
    await tablet.close();
  });
  test.afterAll(async () => {
    await practice?.remove();
  });

  const record = async (page: Page, name: string) => {
    await visitOf(page, name).click();
    await page.getByRole("button", { name: /Record (this visit|more)/ }).click();
    await page.getByRole("button", { name: "Patient agrees" }).click();
    await expect(page.getByRole("region", { name: "Recorder" }).getByRole("timer")).toBeVisible();
  };
  const rowsOf = (page: Page) => page.getByRole("listitem");

  test("a tablet that lost the clinic at once gets screens and application when the clinic answers", async () => {
    const { page, context } = tablet;
    await signIn(page, practice.url, "clinician");
    await context.setOffline(true);
    await page.getByRole("link", { name: /Offline|saved|waiting/ }).click();
    await expect(page.getByText("This screen is not on this tablet yet")).toBeVisible();
    await page.waitForTimeout(4000); // the first try to keep the application falls into the silence
    await context.setOffline(false);
    await expect(page.getByText("Everything is at the clinic").or(page.getByLabel("PIN"))).toBeVisible({
      timeout: 45_000,
    });
    if (await page.getByLabel("PIN").isVisible()) await unlock(page);
    await expect(page.getByText("This tablet is ready to work offline.")).toBeVisible({ timeout: 60_000 });
    await context.setOffline(true);
    await page.reload();
    await unlock(page);
    await expect(page.getByText("Everything is at the clinic")).toBeVisible();
    await context.setOffline(false);
  });

  test("the chip counts what the page behind it lists, recordings too", async () => {
    const { page, context } = tablet;
    await signIn(page, practice.url, "clinician");
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await record(page, "Ana Trial-Lopez");
    await page.getByRole("link", { name: "1 waiting" }).click();
    await expect(rowsOf(page)).toHaveCount(1);
    await expect(rowsOf(page)).toContainText("Ana Trial-Lopez");
    await expect(rowsOf(page)).toContainText("Being made");
    await context.setOffline(true);
    await page.goBack();
    await page.getByRole("textbox", { name: "Subjective" }).fill("Typed with the clinic away.");
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await expect(page.getByText("Saved on this tablet", { exact: true })).toBeVisible();
    const chip = page.getByRole("link", { name: /Offline since/ });
    await expect(chip).toHaveText(/3 waiting/);
    await chip.click();
    await expect(rowsOf(page)).toHaveCount(3);
    for (const row of await rowsOf(page).all()) await expect(row).toContainText("Ana Trial-Lopez");
    await expect(page.getByText("Recording finished")).toBeVisible();
    await expect(rowsOf(page).filter({ hasText: "Recording, 0:" })).toContainText("On this tablet");
    const since = await chip.innerText();
    await page.clock.setSystemTime(Date.now() + 61_000); // another minute stands on the clock
    await page.reload();
    await expect(page.getByText("3 items wait sealed on this tablet")).toBeVisible();
    await unlock(page);
    expect(await page.getByRole("link", { name: /Offline since/ }).innerText()).toBe(since);
    await context.setOffline(false);
    await expect(page.getByText("Everything is at the clinic")).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    await page.getByRole("button", { name: /, menu$/ }).click();
    await page.getByRole("button", { name: "Lock this tablet" }).click();
    await expect(page.getByText("Everything has been sent to the clinic.")).toBeVisible();
  });

  test("a running recording is in sight on every screen and can be stopped there", async () => {
    const { page } = tablet;
    await signIn(page, practice.url, "clinician");
    await record(page, "Robert");
    const bar = page.getByRole("region", { name: "Recording that is being made" });
    await expect(bar).toHaveCount(0); // the visit's own recorder shows it
    await page.getByRole("link", { name: "JamEMR" }).click();
    await expect(bar).toContainText(/Robert/);
    await expect(bar.getByRole("timer")).toHaveText(/0:\d\d/);
    await visitOf(page, "Ana Trial-Lopez").click();
    await expect(bar).toContainText(/Robert/);
    await expect(page.getByRole("region", { name: "Recorder" })).toContainText(/Another visit.*Robert/);
    await bar.getByRole("link").click();
    await expect(page.getByRole("heading", { name: /Robert/ })).toBeVisible();
    await expect(bar).toHaveCount(0);
    await page.getByRole("button", { name: "Off the record" }).click();
    await expect(page.getByText(/nothing that is said now is recorded/)).toBeVisible();
    await page.getByRole("link", { name: "JamEMR" }).click();
    await expect(bar).toContainText("Off the record");
    await bar.getByRole("button", { name: "Stop" }).click();
    await expect(bar).toHaveCount(0);
  });

  test("a PIN that is too short is said on the page", async () => {
    const { page } = tablet;
    await page.goto(practice.url);
    await page.getByLabel("User name").fill("nurse");
    await page.getByLabel("Password", { exact: true }).fill(trialPassword);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByLabel("New PIN").fill("1234");
    await page.getByLabel("The same PIN again").fill("1234");
    await page.getByRole("button", { name: "Use this PIN" }).click();
    await expect(page.getByRole("alert")).toContainText("at least 8 characters");
    await page.getByLabel("New PIN").fill(pin);
    await page.getByLabel("The same PIN again").fill(pin);
    await page.getByRole("button", { name: "Use this PIN" }).click();
    await expect(page.getByRole("banner")).toBeVisible();
  });
});
