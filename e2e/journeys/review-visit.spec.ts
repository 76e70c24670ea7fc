import { expect, type Locator, test } from "@playwright/test";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { goTo, list, openChartOf, pick, sheet } from "../pages/chart.ts";
import { openDevices } from "../pages/devices.ts";
import { saved, signIn } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";

test.describe.configure({ mode: "serial" });

/** A whole visit was charted without the clinic, and the tablet was wiped: a colleague decides about it as one thing. */
test.describe("a visit from a wiped tablet", () => {
  let practice: TestPractice;
  let lost: Browser;
  let colleague: Browser;
  let officer: Browser;
  let patientId = "";
  let visit = "";

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    lost = await openBrowser();
    await signIn(lost.page, practice.url, "clinician");
    await lost.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    colleague = await openBrowser();
    await signIn(colleague.page, practice.url, "clinician2");
    officer = await openBrowser({ viewport: desktop });
    await signIn(officer.page, practice.url, "privacy");
  });
  test.afterAll(async () => {
    for (const browser of [lost, colleague, officer]) await browser?.close();
    await practice?.remove();
  });

  const card = (): Locator => colleague.page.getByRole("article", { name: /Ana Trial-Lopez/ });
  const part = (name: string | RegExp): Locator => card().getByRole("listitem").filter({ hasText: name });

  test("is told to whoever reviews within seconds, as one thing to decide", async () => {
    const { page, context } = lost;
    const link = await page.getByRole("link", { name: /^Chart of Ana Trial-Lopez/ }).getAttribute("href");
    patientId = link!.match(/[0-9a-f-]{36}/)![0];
    await context.setOffline(true);
    await visitOf(page, "Ana Trial-Lopez").click();
    const subjective = page.getByRole("textbox", { name: "Subjective" });
    for (const words of ["Cough for three weeks.", " No fever.", " Sleeps well."]) {
      await subjective.click();
      await page.keyboard.press("Control+End");
      await page.keyboard.type(words);
      await expect(page.getByText(saved)).toBeVisible();
    }
    visit = new URL(page.url()).pathname;
    await openChartOf(page, patientId);
    await pick(page, "Add allergy", "penicillin");
    await sheet(page).getByRole("button", { name: "Hives" }).click();
    await sheet(page).getByRole("button", { name: "Add allergy" }).click();
    await expect(list(page, "Allergies")).toContainText(/penicillins?/i);
    await page.getByRole("button", { name: /, menu$/ }).click();
    await page.getByRole("button", { name: "Lock this tablet" }).click();

    await goTo(colleague.page, "/review");
    await expect(colleague.page.getByText("Nothing waits for review")).toBeVisible();
    const engineer = await openBrowser({ viewport: desktop });
    await signIn(engineer.page, practice.url, "it");
    await openDevices(engineer.page);
    const device = engineer.page.getByRole("row").filter({ hasText: "Maya Okafor" });
    await device.getByRole("button", { name: "Wipe" }).click();
    await sheet(engineer.page).getByRole("button", { name: "Wipe this device" }).click();
    await engineer.close();
    await context.setOffline(false);
    await expect(page.getByRole("heading", { name: "This tablet was wiped by the clinic" })).toBeVisible({
      timeout: 60_000,
    });

    await expect(colleague.page.getByRole("article")).toHaveCount(1, { timeout: 20_000 });
    await expect(colleague.page.getByRole("link", { name: /^Review\s*1/ })).toBeVisible({ timeout: 5000 });
    await expect(card()).toContainText("Written by Maya Okafor, MD");
    await expect(card()).toContainText("Visit started");
    await expect(card()).toContainText("New allergy");
    // What nobody has to decide about is no decision, and the machine's own words are nowhere.
    await expect(card()).not.toContainText(/encounter|revise|quarantine|[a-z]+\.[a-z]+[A-Z]/);
  });

  test("is read in its order, with what it says, and earlier versions of the text out of the way", async () => {
    const { page } = colleague;
    await card().getByRole("button", { name: "Open", exact: true }).click();
    const parts = card().getByRole("list", { name: "Parts" }).getByRole("listitem");
    await expect(parts).toContainText([
      "Visit started",
      "Earlier text of the note",
      "Note text",
      "New allergy",
    ]);
    await expect(part("New allergy")).toContainText(/penicillins?/i);
    await expect(card()).toContainText("Cough for three weeks. No fever. Sleeps well.");
    await expect(part(/Earlier text/).first()).not.toContainText("Cough");
    await part(/Chart opened/)
      .first()
      .getByText("Stands in the audit log. Nothing to decide.")
      .waitFor();
    await expect(card()).not.toContainText(/\bvisit\b.*\bkind\b/);
    await expectAccessible(page, "opened visit");
  });

  test("has a part decided by itself, and the rest taken over at once", async () => {
    const { page } = colleague;
    const allergy = part("New allergy");
    await allergy.getByRole("button", { name: "Decide this alone" }).click();
    await allergy.getByRole("button", { name: "Discard…" }).click();
    await sheet(page).getByLabel("Reason").fill("Already known as sulfa");
    await sheet(page).getByRole("button", { name: "Discard", exact: true }).click();
    await expect(allergy).toContainText("Discarded");
    await card().getByRole("button", { name: "Take all over" }).click();
    await expect(page.getByText("Nothing waits for review")).toBeVisible();
    await expect(page.getByRole("region", { name: "Decided" })).toContainText("Taken over");
    await expect(page.getByRole("link", { name: /^Review$/ })).toBeVisible();
    await goTo(page, visit);
    await expect(page.getByRole("textbox", { name: "Subjective" })).toContainText("Sleeps well.");
  });

  test("is for the privacy officer one card without words, and the opened chart is among who looked", async () => {
    const { page } = officer;
    await page.getByRole("button", { name: "Waiting for review" }).click();
    const shown = page.getByRole("article", { name: /Ana Trial-Lopez/ });
    await expect(shown).toHaveCount(1);
    await expect(shown).toContainText("New allergy");
    await expect(shown).toContainText("Chart opened");
    await expect(page.getByText(/penicillin|Cough/)).toHaveCount(0);
    await expect(page.getByRole("button", { name: /Take|Discard|Decide/ })).toHaveCount(0);
    await page.getByRole("button", { name: "Audit log" }).click();
    await page.getByRole("button", { name: "Who looked at a chart" }).click();
    await page.getByRole("combobox", { name: "Patient" }).fill("Trial-Lopez");
    await page.getByRole("option", { name: /Ana/ }).first().click();
    await expect(page.getByRole("row").filter({ hasText: "Maya Okafor" }).first()).toContainText("Opened");
    await expect(page.getByText("told after this device or person was shut out").first()).toBeVisible();
  });

  test("all of it is decided in single records", async () => {
    const { code } = await practice.jamemr("audit", "verify");
    expect(code).toBe(0);
  });
});
