import { expect, type Page, test } from "@playwright/test";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { nothingWaits } from "../fixtures/desk.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { goTo, openChartOf } from "../pages/chart.ts";
import { signIn } from "../pages/door.ts";

test.describe.configure({ mode: "serial" });

/** Two desks change one phone and one birth date, one of them without the clinic; nothing that was typed is lost. */
test.describe("two different values", () => {
  let practice: TestPractice;
  let away: Browser;
  let here: Browser;
  let clinician: Browser;
  let patientId: string;
  const question = (page: Page, field: string) =>
    page.getByRole("region", { name: "Two different values" }).getByRole("article", { name: field });

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    patientId = await (await Program.signIn(practice.url, "nurse")).registers("Wanda");
    [away, here, clinician] = [
      await openBrowser(),
      await openBrowser({ viewport: desktop }),
      await openBrowser(),
    ];
    await signIn(away.page, practice.url, "frontdesk");
    await signIn(here.page, practice.url, "frontdesk2");
    for (const { page } of [away, here]) {
      await goTo(page, `/patients/${patientId}`);
      await expect(page.getByRole("heading", { name: "Wanda Trial-Journey" })).toBeVisible();
    }
  });
  test.afterAll(async () => {
    for (const browser of [away, here, clinician]) await browser?.close();
    await practice?.remove();
  });

  async function changes(page: Page, phone: string, birthDate: string): Promise<void> {
    await page.getByLabel("Phone", { exact: true }).fill(phone);
    await page.getByLabel("Birth date").fill(birthDate);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("button", { name: "Change" })).toBeVisible();
  }

  test("are asked about on both tablets, with both authors", async () => {
    await away.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await away.context.setOffline(true);
    await away.page.getByRole("button", { name: "Change" }).click();
    await changes(away.page, "(212) 555-0111", "1/2/1958");
    await here.page.getByRole("button", { name: "Change" }).click();
    await changes(here.page, "(212) 555-0122", "4/21/1958");
    await nothingWaits(here.page);
    await expect(away.page.getByText("Born Jan 2, 1958")).toBeVisible();
    await away.context.setOffline(false);
    for (const { page } of [away, here]) {
      await expect(question(page, "Birth date")).toContainText(
        /In the record.*Apr 21, 1958.*Also entered.*Jan 2, 1958/s,
        {
          timeout: 60_000,
        },
      );
      await expect(question(page, "Birth date")).toContainText("Priya Nair");
      await expect(question(page, "Phone")).toContainText(/In the record.*555-0111.*Also entered.*555-0122/s);
      await expect(page.getByText(/Born Apr 21, 1958/)).toBeVisible();
    }
    await expectAccessible(away.page, "two different values");
  });

  test("are a question on the tablet that sent the other one, and in the list of patients", async () => {
    const { page } = away;
    await goTo(page, "/waiting");
    const item = page.getByRole("listitem").filter({ hasText: "Changed demographics" });
    await expect(item).toContainText("Question");
    await expect(item.getByRole("button", { name: "Send again" })).toHaveCount(0);
    await expectAccessible(page, "a question in what is waiting");
    await goTo(page, "/patients");
    await expect(page.getByRole("heading", { name: "Two different values: 1" })).toBeVisible();
    await goTo(page, "/waiting");
    await item.getByRole("button", { name: "See both values" }).click();
    await expect(question(page, "Birth date")).toBeVisible();
  });

  test("are on the chart's banner, and are decided once for everybody", async () => {
    await signIn(clinician.page, practice.url, "clinician");
    await openChartOf(clinician.page, patientId);
    const banner = clinician.page.getByRole("region", { name: "Patient" });
    await expect(banner).toContainText(/Two different values: .*Birth date/);
    await banner.getByRole("link", { name: "See both values" }).click();
    await question(clinician.page, "Birth date").getByRole("button", { name: "Use this" }).click();
    await expect(clinician.page.getByText(/Born Jan 2, 1958/)).toBeVisible();
    for (const { page } of [away, here]) {
      await expect(page.getByText(/Born Jan 2, 1958/)).toBeVisible();
      await expect(question(page, "Birth date")).toHaveCount(0);
    }
    await question(here.page, "Phone").getByRole("button", { name: "Use this" }).click();
    await expect(here.page.getByRole("link", { name: "(212) 555-0122" })).toBeVisible();
    await here.page.getByRole("button", { name: "Undo" }).click();
    await expect(here.page.getByRole("link", { name: "(212) 555-0111" })).toBeVisible();
    for (const { page } of [away, here])
      await expect(page.getByRole("region", { name: "Two different values" })).toHaveCount(0);
    await goTo(away.page, "/waiting");
    await expect(away.page.getByRole("listitem").filter({ hasText: "Changed demographics" })).toContainText(
      "Decided",
    );
    await away.page.getByRole("button", { name: "Remove from this list" }).click();
    await expect(away.page.getByText("Everything is at the clinic")).toBeVisible();
    for (const { complaints } of [away, here, clinician]) expect(complaints).toEqual([]);
  });

  test("are found too where the other change arrives while the form is open", async () => {
    await goTo(away.page, `/patients/${patientId}`);
    await expect(away.page.getByRole("link", { name: "(212) 555-0111" })).toBeVisible(); // the undo has reached it
    await away.page.getByRole("button", { name: "Change" }).click();
    await here.page.getByRole("button", { name: "Change" }).click();
    await here.page.getByLabel("Preferred name").fill("Wandy");
    await changes(here.page, "(212) 555-0133", "1/2/1958");
    // The change has reached this tablet, above the form, which keeps what is typed in it.
    await expect(away.page.getByRole("heading", { name: "Wanda “Wandy” Trial-Journey" })).toBeVisible();
    await expect(away.page.getByLabel("Phone", { exact: true })).toHaveValue("(212) 555-0111");
    await changes(away.page, "(212) 555-0144", "1/2/1958");
    await expect(question(away.page, "Phone")).toContainText(
      /In the record.*555-0144.*Also entered.*555-0133/s,
    );
  });
});
