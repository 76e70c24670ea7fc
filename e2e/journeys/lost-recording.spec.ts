import { expect, test } from "@playwright/test";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { spokenVisit } from "../fixtures/spoken-visit.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { goTo, sheet } from "../pages/chart.ts";
import { openDevices } from "../pages/devices.ts";
import { signIn } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";
import { visitTurns } from "../pages/visit-turns.ts";

test.describe.configure({ mode: "serial" });

/** C26: a visit was recorded without the clinic, and the tablet is lost before it comes back. */
test.describe("a lost tablet with a recording", () => {
  let practice: TestPractice;
  let lost: Browser;
  let colleague: Browser;
  const voice = spokenVisit(visitTurns.slice(0, 2));
  let visit = "";

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    lost = await openBrowser({ microphone: voice.file });
    await signIn(lost.page, practice.url, "clinician");
    colleague = await openBrowser();
    await signIn(colleague.page, practice.url, "clinician2");
  });
  test.afterAll(async () => {
    await lost?.close();
    await colleague?.close();
    await practice?.remove();
  });

  test("is wiped, and has delivered the sound before anybody has decided about it", async () => {
    const { page, context } = lost;
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await visitOf(page, "Ana Trial-Lopez").click();
    await expect(page.getByRole("textbox", { name: "Subjective" })).toBeVisible();
    visit = new URL(page.url()).pathname;
    await context.setOffline(true);
    await page.getByRole("button", { name: /Record (this visit|more)/ }).click();
    await page.getByRole("button", { name: "Patient agrees" }).click();
    const recorder = page.getByRole("region", { name: "Recorder" });
    await expect(recorder.getByRole("timer")).toHaveText("0:05", { timeout: 30_000 });
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await expect(recorder.getByText("On this tablet")).toBeVisible();
    await page.getByRole("button", { name: /, menu$/ }).click();
    await page.getByRole("button", { name: "Lock this tablet" }).click();
    await expect(page.getByLabel("PIN")).toBeVisible();

    const engineer = await openBrowser({ viewport: desktop });
    await signIn(engineer.page, practice.url, "it");
    await openDevices(engineer.page);
    const device = engineer.page.getByRole("row").filter({ hasText: "Maya Okafor" });
    await device.getByRole("button", { name: "Wipe" }).click();
    await sheet(engineer.page).getByRole("button", { name: "Wipe this device" }).click();
    await expect(device).toContainText("Wipe asked, not yet confirmed");
    await engineer.close();

    await context.setOffline(false);
    await expect(page.getByRole("heading", { name: "This tablet was wiped by the clinic" })).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByText("Everything that was entered on it is at the clinic.")).toBeVisible({
      timeout: 60_000,
    });
  });

  test("loses no sound: a colleague takes the recording over, and it is the visit's", async () => {
    const { page } = colleague;
    await goTo(page, "/review");
    const waiting = page.getByRole("region", { name: "For whoever decides first" }).getByRole("article");
    await expect(waiting).toHaveCount(1);
    await waiting.getByRole("button", { name: "Open", exact: true }).click();
    const begun = waiting.getByRole("listitem").filter({ hasText: /^Recording started/ });
    await expect(begun.getByRole("table")).toContainText("Agreed: Patient");
    await expect(begun).toContainText("Its sound is at the clinic, sealed.");
    await expectAccessible(page, "a recording in review");
    await waiting.getByRole("button", { name: "Take all over" }).click();
    await expect(page.getByText("Nothing waits for review")).toBeVisible();
    await goTo(page, visit);
    const recorder = page.getByRole("region", { name: "Recorder" });
    await expect(recorder.getByRole("heading", { name: /^Recording, 0:0/ })).toBeVisible();
    await expect(recorder.getByText("At the clinic", { exact: true })).toBeVisible();
    const { code } = await practice.jamemr("audit", "verify");
    expect(code).toBe(0);
  });
});
