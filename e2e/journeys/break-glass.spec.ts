import { expect, test } from "@playwright/test";
import { careTeamIdOf } from "../../domain/care-team/index.ts";
import { newId } from "../../domain/kernel/id.ts";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { goTo, list, sheet } from "../pages/chart.ts";
import { signIn, trialPassword } from "../pages/door.ts";

test.describe.configure({ mode: "serial" });

/** A clinician outside the care team opens a restricted chart; the privacy officer hears of it at once and reviews it. */
test.describe("a broken glass", () => {
  let practice: TestPractice;
  let outsider: Browser;
  let officer: Browser;
  let patientId: string;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    const desk = await Program.signIn(practice.url, "frontdesk");
    const insider = await Program.signIn(practice.url, "clinician");
    patientId = await desk.registers("Carl");
    await insider.does("allergy.add", {
      id: newId(),
      patientId,
      encounterId: null,
      substance: "Penicillins",
    });
    const team = { id: careTeamIdOf(patientId), patientId, memberIds: [insider.session.user.id] };
    expect(await insider.does("care-team.restrict", team)).toBe("applied");
    officer = await openBrowser({ viewport: desktop });
    await signIn(officer.page, practice.url, "privacy");
    await goTo(officer.page, "/break-glass");
    await expect(officer.page.getByText("Nobody broke the glass")).toBeVisible();
    outsider = await openBrowser();
    await signIn(outsider.page, practice.url, "clinician2");
    await expect(outsider.page.getByText("All saved to the clinic")).toBeVisible();
  });
  test.afterAll(async () => {
    await outsider?.close();
    await officer?.close();
    await practice?.remove();
  });

  test("C16: the chart says that it is restricted, and opens after reason and password", async () => {
    const { page } = outsider;
    await goTo(page, `/patients/${patientId}`);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Restricted chart");
    await page.getByRole("link", { name: "Open chart" }).click();
    await expect(page.getByRole("alert")).toContainText("restricted to the patient's care team");
    await expectAccessible(page, "a restricted chart");
    await page.getByRole("button", { name: "Break the glass" }).click();
    await expectAccessible(page, "break the glass");
    await sheet(page).getByLabel("I cover for the care team").check();
    await sheet(page).getByLabel("In your words").fill("Dr Okafor is away and asked me");
    await sheet(page).getByLabel("Your password").fill("not the password");
    await sheet(page).getByRole("button", { name: "Open for 60 minutes" }).click();
    await expect(sheet(page).getByRole("alert")).toBeVisible();
    await sheet(page).getByLabel("Your password").fill(trialPassword);
    await sheet(page).getByRole("button", { name: "Open for 60 minutes" }).click();
    await expect(list(page, "Allergies")).toContainText("Penicillins");
    const strip = page.getByRole("region", { name: "Broken glass" });
    await expect(strip).toContainText("open to you for 60 more minutes");
    await expectAccessible(page, "a chart behind broken glass");
  });

  test("the privacy officer hears of it at once, with what is done under it", async () => {
    const { page } = officer;
    const card = page.getByRole("listitem").filter({ hasText: "Dr Okafor is away and asked me" });
    await expect(card).toBeVisible();
    await expect(page.getByRole("navigation")).toContainText("1waiting for review");
    await expect(card).toContainText("I cover for the care team");
    await expect(card).toContainText("It can be reviewed when the chart is closed again.");
    await outsider.page.getByRole("button", { name: "Add alert" }).click();
    await sheet(outsider.page).getByLabel("What must be known first").fill("Planted words of an alert");
    await sheet(outsider.page).getByRole("button", { name: "Add alert" }).click();
    await expect(list(outsider.page, "Alerts and code status")).toContainText("Planted words");
    await expect(outsider.page.getByText("All saved to the clinic")).toBeVisible();
  });

  test("closed again, nothing of the chart is left on the tablet", async () => {
    const { page } = outsider;
    await page.getByRole("button", { name: "Close it now" }).click();
    await expect(page.getByRole("alert")).toContainText("restricted to the patient's care team");
    await expect(page.getByText("Penicillins")).toHaveCount(0);
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    await goTo(page, "/");
    await expect(page.getByText("Penicillins")).toHaveCount(0);
  });

  test("the officer reviews it, once", async () => {
    const { page } = officer;
    const card = page.getByRole("listitem").filter({ hasText: "Dr Okafor is away and asked me" });
    await expect(card.getByText("added an alert")).toBeVisible();
    await expect(card).toContainText("opened the chart");
    await expect(card).not.toContainText("Planted words");
    await expectAccessible(page, "broken glass, waiting");
    await card.getByRole("button", { name: "Justified", exact: true }).click();
    await card.getByLabel("What you found (optional)").fill("Asked Dr Okafor");
    await card.getByRole("button", { name: "Mark as reviewed" }).click();
    await expect(card).toContainText("Reviewed by");
    await expect(card).toContainText("Asked Dr Okafor");
    await expect(page.getByRole("navigation")).not.toContainText("waiting for review");
    await expectAccessible(page, "broken glass, reviewed");
  });

  test("without the clinic the way in is shut, and says so", async () => {
    const { page, context } = outsider;
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await goTo(page, `/patients/${patientId}/chart`);
    await context.setOffline(true);
    await expect(page.getByText("The clinic does not answer, so it cannot be opened now.")).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByRole("button", { name: "Break the glass" })).toBeDisabled();
    await context.setOffline(false);
    await expect(page.getByRole("button", { name: "Break the glass" })).toBeEnabled({ timeout: 60_000 });
  });
});
