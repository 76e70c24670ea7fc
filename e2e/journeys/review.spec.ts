import { expect, type Page, test } from "@playwright/test";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { goTo, list, openChartOf, pick, sheet } from "../pages/chart.ts";
import { signIn } from "../pages/door.ts";

test.describe.configure({ mode: "serial" });

/** C26: what somebody wrote offline arrives after their access ended; a colleague looks at it. */
test.describe("work that waits for review", () => {
  let practice: TestPractice;
  let desk: Program;
  let leaver: Browser;
  let colleague: Browser;
  let patientId: string;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    desk = await Program.signIn(practice.url, "frontdesk");
    patientId = await desk.registers("Carl");
    leaver = await openBrowser();
    await signIn(leaver.page, practice.url, "clinician2");
    await openChartOf(leaver.page, patientId);
    await expect(list(leaver.page, "Allergies")).toContainText("Not asked yet");
    colleague = await openBrowser();
    await signIn(colleague.page, practice.url, "clinician");
    await openChartOf(colleague.page, patientId);
    await expect(list(colleague.page, "Allergies")).toContainText("Not asked yet");
  });
  test.afterAll(async () => {
    await leaver?.close();
    await colleague?.close();
    await practice?.remove();
  });

  const notice = (page: Page) => page.getByText(/^An entry of Daniel Reyes, NP from .* waits for review$/);

  test("is announced on the chart, without its words", async () => {
    const { page, context } = leaver;
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await pick(page, "Add allergy", "penicillin");
    await sheet(page).getByRole("button", { name: "Hives" }).click();
    await sheet(page).getByRole("button", { name: "Add allergy" }).click();
    await expect(list(page, "Allergies")).toContainText(/penicillins?/i);
    await page.getByRole("button", { name: /, menu$/ }).click();
    await page.getByRole("button", { name: "Lock this tablet" }).click();
    await expect(page.getByLabel("PIN")).toBeVisible();

    const admin = await openBrowser({ viewport: desktop });
    await signIn(admin.page, practice.url, "admin");
    await admin.page
      .getByRole("listitem")
      .filter({ hasText: "Daniel Reyes" })
      .getByRole("button", { name: "End access" })
      .click();
    await sheet(admin.page).getByLabel("Why").selectOption({ label: "They have left the practice" });
    await sheet(admin.page).getByRole("button", { name: "End access" }).click();
    await expect(admin.page.getByRole("heading", { name: "After the end of an access" })).toBeVisible();
    await admin.close();

    await context.setOffline(false);
    await expect(notice(colleague.page)).toBeVisible({ timeout: 60_000 });
    await expect(list(colleague.page, "Allergies")).toContainText("Not asked yet");
    await expectAccessible(colleague.page, "notice on the chart");
  });

  test("stays announced while the clinic is away; the list itself needs the clinic", async () => {
    const { page, context } = colleague;
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await goTo(page, "/review");
    await expect(page.getByRole("heading", { name: "Waiting for review" })).toBeVisible();
    await goTo(page, "/");
    await context.setOffline(true);
    await openChartOf(page, patientId);
    await expect(notice(page)).toBeVisible();
    await goTo(page, "/review");
    await expect(page.getByText("This needs the clinic")).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText("Written by Daniel Reyes, NP", { exact: false })).toBeVisible({
      timeout: 60_000,
    });
  });

  test("is not for the desk", async () => {
    const { accessToken } = desk.session;
    const get = (token: string, path: string) =>
      fetch(`${practice.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const clinician = await Program.signIn(practice.url, "clinician");
    const listed = await get(clinician.session.accessToken, "/api/quarantine");
    const { items } = (await listed.json()) as { items: { id: string }[] };
    expect(items).toHaveLength(1);
    expect((await get(accessToken, `/api/quarantine/${items[0]!.id}`)).status).toBe(403);
    expect(await (await get(accessToken, "/api/quarantine")).json()).toEqual({ items: [] });
    const { page, close } = await openBrowser({ viewport: desktop });
    await signIn(page, practice.url, "frontdesk");
    await page.getByRole("link", { name: "Review", exact: true }).click();
    await expect(page.getByText("Nothing waits for review")).toBeVisible();
    await close();
  });

  test("is read beside the record and taken over under its author's name", async () => {
    const { page, complaints } = colleague;
    await openChartOf(page, patientId);
    await expect(page.getByRole("link", { name: /^Review\s*1/ })).toBeVisible({ timeout: 90_000 });
    await page.getByRole("region", { name: "Patient" }).getByRole("link", { name: "Review" }).click();
    await page.getByRole("button", { name: "Open", exact: true }).click();
    const content = page.getByRole("table");
    await expect(content).toContainText(/penicillins?/i);
    await expect(content).toContainText("Hives");
    await expect(page.getByText("Written as Clinician.")).toBeVisible();
    await expectAccessible(page, "opened entry");
    await page.getByRole("button", { name: "Take over" }).click();
    await expect(page.getByText("Nothing waits for review")).toBeVisible();
    await expect(page.getByRole("region", { name: "Decided" })).toContainText("Taken over");
    await expect(page.getByRole("link", { name: /^Review$/ })).toBeVisible();
    await openChartOf(page, patientId);
    await expect(list(page, "Allergies")).toContainText(/penicillins?/i);
    await expect(notice(page)).toBeHidden();
    await list(page, "Allergies")
      .getByRole("button", { name: /^penicillins?/i })
      .click();
    await expect(sheet(page)).toContainText("Daniel Reyes");
    expect(complaints).toEqual([]);
  });

  test("stands in the privacy officer's list with its decision and without its words", async () => {
    const { page, close } = await openBrowser({ viewport: desktop });
    await signIn(page, practice.url, "privacy");
    await page.getByLabel("Action").selectOption({ label: "added an allergy" });
    const row = page.getByRole("table").getByRole("row").nth(1);
    await expect(row).toContainText("Maya Okafor");
    await expect(row).toContainText("written by Daniel Reyes");
    await page.getByRole("button", { name: "Waiting for review" }).click();
    await expect(page.getByRole("listitem")).toContainText(["New allergy"]);
    await expect(page.getByText("Written by Daniel Reyes, NP", { exact: false })).toBeVisible();
    await expect(page.getByText("Taken over")).toBeVisible();
    await expect(page.getByText(/penicillin/i)).toHaveCount(0);
    await close();
  });
});
