import { expect, type Page, test } from "@playwright/test";
import { type Browser, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { spokenVisit } from "../fixtures/spoken-visit.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { pin, signIn, unlock } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";
import { visitTurns } from "../pages/visit-turns.ts";

test.describe.configure({ mode: "serial" });

const DAY = 24 * 3_600_000;

/** C24: nobody is recorded by a tablet that does not let it be stopped, whatever it shows or hides by now. */
test.describe("a recording on a tablet whose offline time ends", () => {
  let practice: TestPractice;
  let tablet: Browser;
  let today = 0;
  const voice = spokenVisit(visitTurns.slice(0, 4));

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    tablet = await openBrowser({ microphone: voice.file });
  });
  test.afterAll(async () => {
    await tablet?.close();
    await practice?.remove();
  });

  const record = async (page: Page) => {
    await page.getByRole("button", { name: /^Record (this visit|more)$/ }).click();
    await page.getByRole("button", { name: "Patient agrees" }).click();
    await expect(page.getByRole("timer").first()).toHaveText("0:05", { timeout: 60_000 });
  };
  const lock = async (page: Page) => {
    await page.getByRole("button", { name: /, menu$/ }).click();
    await page.getByRole("button", { name: "Lock this tablet" }).click();
  };
  const stop = (page: Page) => page.getByRole("button", { name: "Stop", exact: true });
  const emergency = async (page: Page) => {
    await page.getByRole("button", { name: "Emergency access" }).click();
    await expect(stop(page)).toBeVisible();
    await page.getByLabel("Why is it needed?").fill("The line to the clinic is cut");
    await page.getByLabel("PIN").fill(pin);
    await page.getByRole("button", { name: "Begin emergency access" }).click();
    await expect(page.getByRole("banner")).toContainText("charts stay hidden");
  };

  test("can be stopped at each door and in an emergency", async () => {
    const { page, context } = tablet;
    await signIn(page, practice.url, "clinician");
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await visitOf(page, "Ana Trial-Lopez").click();
    await context.setOffline(true);
    await record(page);
    today = Date.now();
    await lock(page);
    await expect(stop(page)).toBeVisible();
    await page.getByRole("button", { name: "Sign in with a password" }).click();
    await expect(page.getByLabel("User name")).toBeVisible();
    await expect(stop(page)).toBeVisible();
    await page.getByRole("button", { name: "Use a PIN on this tablet" }).click();
    await page.clock.setSystemTime(today + 4 * DAY);
    await unlock(page);
    await expect(page.getByRole("heading", { name: "This tablet has been away too long" })).toBeVisible();
    await expect(stop(page)).toBeVisible();
    await emergency(page);
    await expect(page.getByRole("timer")).toBeVisible();
    const box = (await stop(page).boundingBox())!;
    expect(box.height).toBeGreaterThanOrEqual(44);
    await expectAccessible(page, "emergency access with a running recording");
    await stop(page).click();
    await expect(page.getByRole("timer")).toHaveCount(0);
    await expect(stop(page)).toHaveCount(0);
  });

  test("that a reload cut off is ended there, and both arrive", async () => {
    const { page, context } = tablet;
    await page.clock.setSystemTime(today + 60_000);
    await context.setOffline(false);
    await expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 90_000 });
    await context.setOffline(true);
    await record(page);
    await page.clock.setSystemTime(today + 4 * DAY);
    await page.reload();
    await unlock(page);
    await expect(page.getByRole("heading", { name: "This tablet has been away too long" })).toBeVisible();
    await expect(page.getByRole("alert")).toContainText(/The recording was cut off.*0:0\d are safe/s);
    await expectAccessible(page, "the door with a recording that was cut off");
    await page.getByRole("button", { name: "Finish with what is there" }).click();
    await expect(page.getByText("The recording was cut off")).toHaveCount(0);

    await page.clock.setSystemTime(today + 120_000);
    await context.setOffline(false);
    await expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 90_000 });
    const recorder = page.getByRole("region", { name: "Recorder" });
    await expect(recorder.getByText("At the clinic", { exact: true })).toHaveCount(2, { timeout: 60_000 });
  });
});
