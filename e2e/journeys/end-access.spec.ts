import { expect, test } from "@playwright/test";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { list, openChartOf, pick, sheet } from "../pages/chart.ts";
import { signIn, unlock } from "../pages/door.ts";

test.describe.configure({ mode: "serial" });

/** A nurse leaves while her tablet is away with unsent work; the administrator reads what it still holds. */
test.describe("the end of an access", () => {
  let practice: TestPractice;
  let leaver: Browser;
  let administrator: Browser;
  let patientId: string;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    patientId = await (await Program.signIn(practice.url, "frontdesk")).registers("Ottilie");
    leaver = await openBrowser();
    const { page } = leaver;
    const reported = page.waitForResponse((response) => response.url().endsWith("/api/devices/heartbeat"));
    await signIn(page, practice.url, "nurse");
    await openChartOf(page, patientId);
    await expect(list(page, "Allergies")).toContainText("Not asked yet");
    await reported;
    administrator = await openBrowser({ viewport: desktop });
    await signIn(administrator.page, practice.url, "admin");
  });
  test.afterAll(async () => {
    await leaver?.close();
    await administrator?.close();
    await practice?.remove();
  });

  const tablet = () =>
    administrator.page.getByRole("region", { name: "Devices they used" }).getByRole("listitem").first();

  test("says first what ends and what stays, then what the tablet still holds", async () => {
    await leaver.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await leaver.context.setOffline(true);
    await pick(leaver.page, "Add allergy", "penicillin");
    await sheet(leaver.page).getByRole("button", { name: "Hives" }).click();
    await sheet(leaver.page).getByRole("button", { name: "Add allergy" }).click();
    await expect(list(leaver.page, "Allergies")).toContainText(/penicillins?/i);

    const { page, complaints } = administrator;
    await page
      .getByRole("listitem")
      .filter({ hasText: "nurse" })
      .getByRole("button", { name: "End access" })
      .first()
      .click();
    const dialog = sheet(page);
    await expect(dialog).toContainText("1 sign-in on tablets and computers");
    await expect(dialog).toContainText("1 tablet holds records or work of theirs");
    await expectAccessible(page, "ending an access");
    await expect(dialog.getByRole("button", { name: "End access" })).toBeDisabled();
    await dialog.getByLabel("Why").selectOption({ label: "They have left the practice" });
    await dialog.getByRole("button", { name: "End access" }).click();
    await expect(page.getByRole("heading", { name: "After the end of an access" })).toBeVisible();
    await expect(page.getByRole("article")).toContainText(/Access ended .* They have left the practice/);
    await expect(tablet()).toContainText(/Dark by itself .* at the latest/);
    await expect(tablet()).toContainText("no changes and no recordings unsent, nothing refused");
    await expect(tablet()).toContainText("What was written there later is not counted.");
    await expect(tablet()).toContainText("Nothing came since the access ended");
    await expectAccessible(page, "after the end of an access");
    expect(complaints).toEqual([]);
  });

  test("makes the tablet dark when it comes back, and its work waits for review", async () => {
    const { page, context } = leaver;
    await expect(list(page, "Allergies")).toContainText(/penicillins?/i);
    await context.setOffline(false);
    await expect(page.getByRole("heading", { name: "Your access has ended" })).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByText("Ottilie")).toBeHidden();
    await expect(page.getByRole("button", { name: "Emergency access" })).toBeHidden();
    await expectAccessible(page, "an access that has ended");
    await expect(async () => {
      await administrator.page.getByRole("button", { name: "Ask again" }).click();
      await expect(tablet()).toContainText(
        /1 change came since the access ended.*1 change waits for review/,
        {
          timeout: 2000,
        },
      );
    }).toPass({ timeout: 60_000 });
    await expect(tablet()).toContainText("Dark since");
    // Without the network the PIN opens nothing any more either.
    await context.setOffline(true);
    await page.reload();
    await unlock(page);
    await expect(page.getByRole("heading", { name: "Your access has ended" })).toBeVisible();
    await expect(page.getByText("Ottilie")).toBeHidden();
  });

  test("is read again later, and the tablet can be wiped from there", async () => {
    const { page } = administrator;
    await page.getByRole("button", { name: "People" }).click();
    await page.getByRole("button", { name: "What is left" }).click();
    await tablet().getByRole("button", { name: "Wipe" }).click();
    await sheet(page).getByRole("button", { name: "Wipe this device" }).click();
    await expect(tablet()).toContainText("is not confirmed yet");
    const clinician = await openBrowser();
    await signIn(clinician.page, practice.url, "clinician");
    await clinician.page.getByRole("link", { name: /^Review/ }).click();
    await expect(clinician.page.getByRole("button", { name: "Open", exact: true })).toBeVisible();
    await clinician.close();
    const { code } = await practice.jamemr("audit", "verify");
    expect(code).toBe(0);
  });
});
