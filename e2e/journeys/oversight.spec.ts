import { expect, test } from "@playwright/test";
import { desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { signIn } from "../pages/door.ts";

/** Officers and practice IT: where they begin, what they can look for, what they can end. */
test.describe("oversight", () => {
  let practice: TestPractice;
  test.beforeAll(async () => {
    practice = await TestPractice.start();
  });
  test.afterAll(() => practice?.remove());

  test("each begins at the first of their places", async () => {
    for (const [name, heading] of [
      ["privacy", "Audit log"],
      ["security", "Audit log"],
      ["it", "Sync dashboard"],
    ] as const) {
      const browser = await openBrowser({ viewport: desktop });
      await signIn(browser.page, practice.url, name);
      await expect(browser.page.getByRole("heading", { name: heading })).toBeVisible();
      expect(browser.complaints).toEqual([]);
      await browser.close();
    }
  });

  test("the log is searched by person, action, outcome and day, and says when to the second", async () => {
    const { page, close } = await openBrowser({ viewport: desktop });
    await signIn(page, practice.url, "privacy");
    const rows = page.getByRole("table").getByRole("row");
    await page.getByLabel("Person").selectOption({ label: "Ruth Feldman" });
    await page.getByLabel("Action").selectOption({ label: "signed in" });
    await expect(rows.nth(1)).toContainText("Ruth Feldman");
    await expect(rows.nth(1)).toContainText(/\d:\d\d:\d\d (AM|PM)/);
    const signedIn = await rows.count();
    expect(signedIn).toBeLessThan(6);
    const yesterday = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
    await page.getByLabel("To", { exact: true }).fill(yesterday);
    await expect(page.getByText("Nothing matches")).toBeVisible();
    await page.getByLabel("To", { exact: true }).fill("");
    await expect(rows).toHaveCount(signedIn);
    await page.getByLabel("Action").selectOption({ label: "who looked at the chart" });
    await page.getByLabel("Person").selectOption("");
    await expect(page.getByText("Nothing matches").or(page.getByRole("table"))).toBeVisible();
    await close();
  });

  test("a lost tablet is found by who used it last, and removed after a second look", async () => {
    const lost = await openBrowser();
    await signIn(lost.page, practice.url, "nurse");
    const { page, close } = await openBrowser({ viewport: desktop });
    await signIn(page, practice.url, "it");
    await page.getByRole("link", { name: "Devices" }).click();
    const row = page.getByRole("row").filter({ hasText: "Jonas Lindqvist" });
    await expect(row).toContainText("Enrolled");
    await row.getByRole("button", { name: "Remove" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("signed out at once");
    await dialog.getByRole("button", { name: "Keep it" }).click();
    await expect(row).toContainText("Enrolled");
    await row.getByRole("button", { name: "Remove" }).click();
    await dialog.getByRole("button", { name: "Remove this device" }).click();
    await expect(row).toContainText("Removed");
    await lost.close();
    await close();
  });
});
