import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { openDevices } from "../pages/devices.ts";
import { signIn, unlock } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";

/** The minute it is in the practice, as the page writes it before the seconds. */
const minuteText = (): string =>
  new Intl.DateTimeFormat("en", {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZone: "America/New_York",
  })
    .format(new Date())
    .replace(/\u202f/g, " ")
    .replace(/ (AM|PM)$/, "");

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
      ["admin", "People"],
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
    await close();
  });

  test("what the search finds is saved as a file, which the log says; without the clinic nothing is", async () => {
    for (const [name, patients] of [
      ["privacy", "by their number"],
      ["security", "does not say whose"],
    ] as const) {
      const { page, context, close, complaints } = await openBrowser({ viewport: desktop });
      await signIn(page, practice.url, name);
      const rows = page.getByRole("table").getByRole("row");
      await page.getByLabel("Action").selectOption({ label: "signed in" });
      await expect(rows.nth(1)).toContainText("signed in");
      await page.getByRole("button", { name: "Save as a file" }).click();
      const dialog = page.getByRole("dialog", { name: "Save these records as a file" });
      await expect(dialog).toContainText(patients);
      const saving = page.waitForEvent("download");
      await dialog.getByRole("button", { name: "Save" }).click();
      const saved = await saving;
      expect(saved.suggestedFilename()).toMatch(/^audit-.*\.csv$/);
      const lines = (await readFile(await saved.path(), "utf8")).trimEnd().split("\r\n");
      expect(lines[0]).toMatch(/^\uFEFFnumber,recorded_at,/);
      expect(lines[0]?.includes("patient_id")).toBe(name === "privacy");
      expect(lines.length).toBe(await rows.count());
      await expect(dialog).toBeHidden();

      await page.getByLabel("Action").selectOption({ label: "exported records of the audit log" });
      await expect(rows.nth(1)).toContainText("exported records");
      expect(complaints).toEqual([]);
      await context.setOffline(true);
      await page.getByRole("button", { name: "Save as a file" }).click();
      await dialog.getByRole("button", { name: "Save" }).click();
      await expect(dialog.getByRole("alert")).toBeVisible();
      await close();
    }
  });

  test("a chart that was opened without the clinic is found by its patient, with the time it happened", async () => {
    const tablet = await openBrowser();
    await signIn(tablet.page, practice.url, "clinician");
    await expect(tablet.page.getByText("All saved to the clinic")).toBeVisible();
    await tablet.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await tablet.page.goto(`${practice.url}/waiting`); // the screens are on the tablet from here on
    await unlock(tablet.page);
    await expect(tablet.page.getByText("This tablet is ready to work offline.")).toBeVisible();
    await tablet.context.setOffline(true);
    await tablet.page.getByRole("link", { name: "Today" }).click();
    const before = minuteText();
    await visitOf(tablet.page, "Ana Trial-Lopez").click();
    await expect(tablet.page.getByRole("heading", { name: /Ana Trial-Lopez/ })).toBeVisible();
    await tablet.page.getByRole("link", { name: /Offline since/ }).click();
    await expect(tablet.page.getByText(/You opened 1 chart/)).toBeVisible();
    const after = minuteText();
    await tablet.page.waitForTimeout(2500); // from two seconds on, both times are shown
    await tablet.context.setOffline(false);
    await expect(tablet.page.getByText(/You opened 1 chart/)).toBeHidden({ timeout: 60_000 });
    await tablet.close();

    const { page, close } = await openBrowser({ viewport: desktop });
    await signIn(page, practice.url, "privacy");
    await page.getByRole("button", { name: "Who looked at a chart" }).click();
    await page.getByRole("combobox", { name: "Patient" }).fill("trial-lopez");
    await page.getByRole("option", { name: /Ana Trial-Lopez/ }).click();
    const opened = page.getByRole("row").filter({ hasText: "Opened" });
    await expect(opened).toHaveCount(1);
    await expect(opened).toContainText("Maya Okafor");
    await expect(opened).toContainText(/told to the clinic/);
    const when = (await opened.getByRole("cell").first().innerText()).replace(/\u202f/g, " ");
    expect([before, after].some((minute) => when.startsWith(minute))).toBe(true);
    await expect(page.getByRole("row").filter({ hasText: "Was on this tablet" }).first()).toBeVisible();
    await expect(page.getByRole("button", { name: "Print" })).toBeVisible();
    await expect(page.getByRole("contentinfo").or(page.locator("footer"))).toContainText(
      /From the audit log by Ruth Feldman, .*\. The newest record of this chart in it is number \d+\./,
    );
    const told = page.waitForResponse((answer) => answer.url().includes("/api/sync/push"));
    await page.pdf(); // C29: what is printed is in the log
    await told;
    await page.getByRole("button", { name: "Audit log" }).click();
    await expect(page.getByRole("row").filter({ hasText: "looks.printed" })).toContainText("Ruth Feldman");
    await close();
  });

  test("a lost tablet is found by who used it last or by its name, and removed after a second look", async () => {
    const lost = await openBrowser();
    await signIn(lost.page, practice.url, "nurse");
    const { page, close } = await openBrowser({ viewport: desktop });
    await signIn(page, practice.url, "it");
    await openDevices(page);
    const row = page.getByRole("row").filter({ hasText: "Jonas Lindqvist" });
    await expect(row).toContainText("Enrolled");
    const dialog = page.getByRole("dialog");
    await row.getByRole("button", { name: "Name" }).click();
    await dialog.getByLabel("What people call it").fill("Exam 2 tablet");
    await dialog.getByRole("button", { name: "Save name" }).click();
    await expect(row).toContainText("Exam 2 tablet");
    await row.getByRole("button", { name: "Remove" }).click();
    await expect(dialog).toContainText("signed out at once");
    await dialog.getByRole("button", { name: "Keep it" }).click();
    await expect(row).toContainText("Enrolled");
    await row.getByRole("button", { name: "Remove" }).click();
    await dialog.getByRole("button", { name: "Remove this device" }).click();
    await expect(row).toContainText("Removed");
    await page.getByRole("link", { name: "Dashboard" }).click();
    await expect(page.getByRole("row").filter({ hasText: "Exam 2 tablet" })).toContainText("Removed");
    await lost.close();
    await close();
  });
});
