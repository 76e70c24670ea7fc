import { expect, test } from "@playwright/test";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { wordsOnDisk } from "../fixtures/disk.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { list, openChartOf, pick, sheet } from "../pages/chart.ts";
import { openDevices } from "../pages/devices.ts";
import { pin, signIn, trialPassword } from "../pages/door.ts";

test.describe.configure({ mode: "serial" });

/** A tablet with unsent work is lost while it does not reach the clinic; IT wipes it. */
test.describe("a lost tablet", () => {
  let practice: TestPractice;
  let lost: Browser;
  let engineer: Browser;
  let patientId: string;
  const wipedTitle = "This tablet was wiped by the clinic";

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    patientId = await (await Program.signIn(practice.url, "frontdesk")).registers("Zebulon");
    lost = await openBrowser();
    await signIn(lost.page, practice.url, "clinician2");
    await openChartOf(lost.page, patientId);
    await expect(list(lost.page, "Allergies")).toContainText("Not asked yet");
    // A word that lies readable on the disk on purpose: the search must find it.
    await lost.page.evaluate(() => localStorage.setItem("left-here", "Markerreadable"));
    engineer = await openBrowser({ viewport: desktop });
    await signIn(engineer.page, practice.url, "it");
  });
  test.afterAll(async () => {
    await lost?.close();
    await engineer?.close();
    await practice?.remove();
  });

  const row = () => engineer.page.getByRole("row").filter({ hasText: "Daniel Reyes" });

  test("is wiped by IT, which hears that it was asked and not confirmed yet", async () => {
    await lost.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await lost.context.setOffline(true);
    await pick(lost.page, "Add allergy", "penicillin");
    await sheet(lost.page).getByRole("button", { name: "Hives" }).click();
    await sheet(lost.page).getByRole("button", { name: "Add allergy" }).click();
    await expect(list(lost.page, "Allergies")).toContainText(/penicillins?/i);
    // Locked, it listens to nothing: it hears of the wipe when it next asks.
    await lost.page.getByRole("button", { name: /, menu$/ }).click();
    await lost.page.getByRole("button", { name: "Lock this tablet" }).click();

    const { page } = engineer;
    await openDevices(page);
    const own = page.getByRole("row").filter({ hasText: "This device" });
    await expect(own).toHaveCount(1);
    await expect(own).toContainText("Lucas Moreau");
    await row().getByRole("button", { name: "Wipe" }).click();
    await expect(sheet(page)).toContainText("Patient records and PINs on it are destroyed");
    await expect(sheet(page)).toContainText("Work that was not sent yet is kept");
    await expectAccessible(page, "devices, wiping one");
    await sheet(page).getByRole("button", { name: "Keep it" }).click();
    await expect(row()).toContainText("Enrolled");
    await row().getByRole("button", { name: "Wipe" }).click();
    await sheet(page).getByRole("button", { name: "Wipe this device" }).click();
    await expect(row()).toContainText("Wipe asked, not yet confirmed");
    await expect(row()).toContainText("Asked by Lucas Moreau");
    await expect(row().getByRole("button", { name: "Wipe" })).toBeHidden();
    await page.getByRole("link", { name: "Dashboard" }).click();
    await expect(row()).toContainText("Wipe asked, not yet confirmed");
    await expect(page.getByText(/was asked to wipe itself and has not reached the clinic/)).toBeVisible();
  });

  test("goes dark when it comes back, and what was not sent is delivered", async () => {
    const { page, context } = lost;
    await expect(page.getByLabel("PIN")).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByRole("heading", { name: wipedTitle })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("Everything that was entered on it is at the clinic.")).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByText("Zebulon")).toBeHidden();
    await expectAccessible(page, "wiped");
    await page.reload();
    await expect(page.getByRole("heading", { name: wipedTitle })).toBeVisible();

    await expect(row()).toContainText(/Wiped .*\d+ changes? kept for review/, { timeout: 60_000 });
    // What it last reported of itself is over.
    await expect(row()).toContainText("Nothing on it can be read any more.");
    await expect(row()).not.toContainText(/may be cleared|\d (kB|MB)/);
    await openDevices(engineer.page);
    await expect(row()).toContainText(/Wiped .*\d+ changes? kept for review.*Asked by Lucas Moreau/);
  });

  test("has nothing to read on its disk, and is a new tablet to the clinic", async () => {
    await lost.context.close();
    const readable = await wordsOnDisk(lost.profile, ["Markerreadable"]);
    expect(readable.length).toBeGreaterThan(0);
    const markers = ["Zebulon", "Trial-Journey", "1958-04-12", pin, trialPassword];
    expect(await wordsOnDisk(lost.profile, markers)).toEqual([]);

    const found = await openBrowser({ profile: lost.profile });
    await found.page.goto(practice.url);
    await found.page.getByRole("button", { name: "Set it up as a new tablet" }).click();
    await expect(found.page.getByLabel("User name")).toBeVisible();
    await expect(found.page.getByRole("button", { name: "Use a PIN on this tablet" })).toBeHidden();
    await signIn(found.page, practice.url, "nurse");
    await found.context.close();
  });

  test("loses no work: a colleague takes it over", async () => {
    const colleague = await openBrowser();
    const { page } = colleague;
    await signIn(page, practice.url, "clinician");
    await openChartOf(page, patientId);
    await expect(list(page, "Allergies")).toContainText("Not asked yet");
    await page.getByRole("region", { name: "Patient" }).getByRole("link", { name: "Review" }).click();
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await expect(page.getByRole("table")).toContainText(/penicillins?/i);
    await page.getByRole("button", { name: "Take over" }).click();
    await expect(page.getByRole("region", { name: "Decided" })).toContainText("Taken over");
    await openChartOf(page, patientId);
    await expect(list(page, "Allergies")).toContainText(/penicillins?/i);
    await colleague.close();
    const { code } = await practice.jamemr("audit", "verify");
    expect(code).toBe(0);
  });
});
