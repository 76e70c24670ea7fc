import { expect, test } from "@playwright/test";
import { newId } from "../../domain/kernel/id.ts";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { goTo, list, openChartOf, sheet } from "../pages/chart.ts";
import { signIn } from "../pages/door.ts";

test.describe.configure({ mode: "serial" });

/** Whose chart opens where: without the network, with a restriction, for the desk. */
test.describe("the reach of a chart", () => {
  let practice: TestPractice;
  let tablet: Browser;
  let desk: Program;
  let nurse: Program;
  let patientId: string;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    desk = await Program.signIn(practice.url, "frontdesk");
    nurse = await Program.signIn(practice.url, "nurse");
    patientId = await desk.registers("Carl");
    const penicillins = { id: newId(), patientId, encounterId: null, substance: "Penicillins" };
    expect(await nurse.does("allergy.add", penicillins)).toBe("applied");
    tablet = await openBrowser();
    await signIn(tablet.page, practice.url, "clinician");
    await expect(tablet.page.getByText("All saved to the clinic")).toBeVisible();
  });
  test.afterAll(async () => {
    await tablet?.close();
    await practice?.remove();
  });

  test("C01, C03: without the network an unknown chart shows its safety card, not an empty chart", async () => {
    const { page, context } = tablet;
    const far = await desk.registers("Frida");
    const heard = page.waitForResponse(
      async (answer) => answer.url().includes("/api/sync/pull") && (await answer.text()).includes("Epilepsy"),
    );
    await nurse.does("allergy.add", { id: newId(), patientId: far, encounterId: null, substance: "Latex" });
    await nurse.does("problem.add", { id: newId(), patientId: far, encounterId: null, title: "Epilepsy" });
    await goTo(page, "/");
    await heard;
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await openChartOf(page, far);
    await expect(page.getByText("This chart is not on this tablet")).toBeVisible();
    const card = page.getByRole("region", { name: "Safety card" });
    await expect(card).toContainText("Latex");
    await expect(card).toContainText("Epilepsy");
    await expect(page.getByRole("region", { name: "Patient" })).toContainText("from the safety card");
    await expect(list(page, "Medications")).toContainText("Not on this tablet");
    await expect(list(page, "Medications").getByText("Not asked yet")).toHaveCount(0);
    await expectAccessible(page, "chart, not on this tablet");
    await context.setOffline(false);
    await expect(list(page, "Allergies")).toContainText("Latex", { timeout: 60_000 });
    await expect(page.getByText("This chart is not on this tablet")).toHaveCount(0);
  });

  test("C16: a restricted chart is closed to a colleague; words that were under way stay with their reason", async () => {
    const { page } = tablet;
    const colleague = await openBrowser();
    await signIn(colleague.page, practice.url, "clinician2");
    await expect(colleague.page.getByText("All saved to the clinic")).toBeVisible();
    await openChartOf(colleague.page, patientId);
    await expect(list(colleague.page, "Allergies")).toContainText("Penicillins");
    await colleague.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await colleague.context.setOffline(true);
    await colleague.page.getByRole("button", { name: "Add alert" }).click();
    await sheet(colleague.page).getByLabel("What must be known first").fill("Words that were under way");
    await sheet(colleague.page).getByRole("button", { name: "Add alert" }).click();
    await expect(list(colleague.page, "Alerts and code status")).toContainText("Words that were under way");
    await openChartOf(page, patientId);
    await page.getByRole("button", { name: "More for this chart" }).click();
    await page.getByRole("button", { name: "Restrict this chart" }).click();
    await expectAccessible(page, "restrict a chart");
    await sheet(page).getByRole("button", { name: "Restrict chart" }).click();
    await expect(page.getByRole("region", { name: "Patient" })).toContainText("Restricted chart");
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    await colleague.context.setOffline(false);
    await expect(colleague.page.getByText(/restricted to the patient's care team/).first()).toBeVisible({
      timeout: 60_000,
    });
    await expect(colleague.page.getByText("Penicillins")).toHaveCount(0);
    await colleague.page.getByRole("link", { name: /needs attention/ }).click();
    await expect(colleague.page.getByText("New alert")).toBeVisible();
    await expect(colleague.page.getByText(/restricted to the patient's care team/)).toBeVisible();
    await colleague.close();
  });

  test("the front desk is denied a chart, and the denial is recorded", async () => {
    const browser = await openBrowser({ viewport: desktop });
    await signIn(browser.page, practice.url, "frontdesk");
    // The first screen leads the desk to the board; nobody types an address before that.
    await expect(browser.page.getByRole("grid")).toBeVisible();
    await goTo(browser.page, `/patients/${patientId}/chart`);
    await expect(browser.page.getByRole("alert")).toContainText(/recorded in the audit log as number \d+/);
    await browser.close();
  });
});
