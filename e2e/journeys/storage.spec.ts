import { expect, test } from "@playwright/test";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { BrowserStorage } from "../fixtures/storage.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { list, openChartOf, pick, sheet } from "../pages/chart.ts";
import { openDevices } from "../pages/devices.ts";
import { signIn, signInHere, unlock } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";

test.describe.configure({ mode: "serial" });

/** A tablet runs out of room, and a browser throws away what was kept there. */
test.describe("the storage of a tablet", () => {
  let practice: TestPractice;
  let tablet: Browser;
  let engineer: Browser;
  let storage: BrowserStorage;
  let patientId: string;
  const others: string[] = [];

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    const desk = await Program.signIn(practice.url, "frontdesk");
    patientId = await desk.registers("Zebulon");
    for (const name of ["Abel", "Bruno", "Carl", "Dora", "Emil"]) others.push(await desk.registers(name));
    // Without this Chromium tells of a quota that no page ever reaches; others tell the true one.
    tablet = await openBrowser({ flags: ["--disable-features=StaticStorageQuota"] });
    await signIn(tablet.page, practice.url, "clinician");
    await expect(visitOf(tablet.page, "Ana Trial-Lopez")).toBeVisible();
    storage = await BrowserStorage.of(tablet.page, practice.url);
    engineer = await openBrowser({ viewport: desktop });
    await signIn(engineer.page, practice.url, "it");
  });
  test.afterAll(async () => {
    await tablet?.close();
    await engineer?.close();
    await practice?.remove();
  });

  const menu = () => tablet.page.getByRole("button", { name: /, menu$/ });
  /** A look at the storage comes with each unlock. */
  const lockAndUnlock = async () => {
    await menu().click();
    await tablet.page.getByRole("button", { name: "Lock this tablet" }).click();
    await unlock(tablet.page);
    await expect(menu()).toBeVisible();
  };
  const openYou = async () => {
    await menu().click();
    await tablet.page.getByRole("link", { name: "Your account" }).click();
    await expect(tablet.page.getByRole("heading", { name: "Storage on this tablet" })).toBeVisible();
  };

  const storageCard = () => tablet.page.getByRole("region", { name: "Storage on this tablet" });
  /** What the browser says is used shrinks by itself when it tidies its files, so what was full may not be any more. */
  const fillsUntil = (share: number, shown: string) =>
    expect(async () => {
      await storage.fill(share);
      await lockAndUnlock();
      await expect(storageCard()).toContainText(shown, { timeout: 5000 });
    }).toPass({ timeout: 60_000 });
  /** How many changes and recordings a browser that throws its store away would say were in it. */
  const noted = () =>
    tablet.page.evaluate(() => {
      const { waiting, recordings } = JSON.parse(localStorage.getItem("jamemr-store") ?? "{}").own ?? {};
      return { waiting, recordings } as { waiting: number; recordings: number };
    });

  test("is shown in plain words, and gets full", async () => {
    const { page } = tablet;
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await openYou();
    await expect(storageCard()).toContainText(/\d+ %/);
    await expect(storageCard()).not.toContainText("Remove other things");
    await expectAccessible(page, "this tablet and you");
    await fillsUntil(0.75, "Remove other things from this device");
  });

  test("above 80 % it keeps Today's charts and puts the others away, which come back when they are opened", async () => {
    const { page } = tablet;
    await openChartOf(page, patientId);
    await expect(list(page, "Allergies")).toContainText("Not asked yet");
    // Others are opened after it, so that it is not among those which somebody goes on with.
    for (const id of others) {
      await openChartOf(page, id);
      await expect(list(page, "Allergies")).toContainText("Not asked yet");
    }
    await openYou();
    await fillsUntil(0.85, "Charts that nobody needs today were put away");
    await page.getByRole("link", { name: "Today" }).click();
    await visitOf(page, "Ana Trial-Lopez").click();
    await expect(page.getByRole("heading", { name: "Ana Trial-Lopez" })).toBeVisible();
    await openChartOf(page, patientId);
    await expect(list(page, "Allergies")).toContainText("Not asked yet", { timeout: 30_000 });
  });

  test("above 90 % no recording begins, and the person is told why", async () => {
    const { page } = tablet;
    await page.getByRole("link", { name: "Today" }).click();
    await visitOf(page, "Ana Trial-Lopez").click();
    await page.getByRole("button", { name: "Record this visit" }).click();
    await storage.fill(0.95);
    await page.getByRole("button", { name: "Patient agrees" }).click();
    await expect(page.getByRole("alert")).toContainText("room");
    await storage.empty();
    await page.getByRole("button", { name: "Patient agrees" }).click();
    await expect(page.getByRole("timer")).toBeVisible();
    await storage.fill(0.97);
    // One that runs goes on, also after a pause.
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Go on recording" }).click();
    await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
    await expect.poll(noted).toMatchObject({ recordings: 1 });
    await page.getByRole("button", { name: "Stop" }).click();
    await expect(page.getByRole("timer")).toHaveCount(0);
    await storage.empty();
  });

  test("thrown away by the browser, the tablet says what was not sent, and IT whom to ask", async () => {
    const { page } = tablet;
    await openChartOf(page, patientId);
    // The recording and its change too: what is under way when the server ends may arrive and still be thought to wait.
    await expect.poll(noted, { timeout: 30_000 }).toEqual({ waiting: 0, recordings: 0 });
    // A page that is being left would still get through a network that the browser only plays away.
    await practice.stop();
    await pick(page, "Add allergy", "penicillin");
    await sheet(page).getByRole("button", { name: "Hives" }).click();
    await sheet(page).getByRole("button", { name: "Add allergy" }).click();
    await expect(list(page, "Allergies")).toContainText(/penicillins?/i);
    // The numbers are noted beside the store a moment after each change.
    await expect.poll(noted).toEqual({ waiting: 1, recordings: 0 });
    await page.goto("about:blank");
    await storage.clear();
    await practice.start();
    await page.goto(practice.url);
    const notice = page.getByText("The browser cleared what was kept on this tablet");
    await expect(notice).toBeVisible();
    await expect(page.getByText("These may be lost. Tell practice IT")).toBeVisible();
    await expectAccessible(page, "sign-in after the browser cleared the store");
    await signInHere(page, "clinician");
    await expect(visitOf(page, "Ana Trial-Lopez")).toBeVisible();

    const it = engineer.page;
    await it.getByRole("link", { name: "Dashboard" }).click();
    await expect(it.getByText(/possibly lost: the browser of .* threw away/)).toBeVisible({
      timeout: 60_000,
    });
    await openDevices(it);
    const row = it.getByRole("row").filter({ hasText: "possibly lost" });
    await expect(row).toContainText("Maya Okafor: 1 change");
    await row.getByRole("button", { name: "What to do" }).click();
    await expect(sheet(it)).toContainText("Ask the people who used it");
    await expectAccessible(it, "devices, a cleared one");
    await sheet(it).getByRole("button", { name: "It is seen to" }).click();
    await expect(it.getByRole("row").filter({ hasText: "possibly lost" })).toHaveCount(0);
    await page.reload();
    await unlock(page);
    await expect(visitOf(page, "Ana Trial-Lopez")).toBeVisible();
    await expect(notice).toHaveCount(0);
    expect(tablet.complaints).toEqual([]);
    expect(engineer.complaints).toEqual([]);
  });
});
