import { expect, type Page, test } from "@playwright/test";
import { type Browser, desktop, openBrowser, tablet as tabletSize } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { expectAccessible, tabTo } from "../pages/accessible.ts";
import { openDevices } from "../pages/devices.ts";
import { pin, saved, signIn, trialPassword, unlock } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";
import { openScreen, screens } from "./screens.ts";

test.describe("every screen for everybody", () => {
  let practice: TestPractice;
  let browser: Browser;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
  });
  test.beforeEach(async () => {
    browser = await openBrowser();
  });
  test.afterEach(async () => {
    await browser.close();
  });
  test.afterAll(async () => {
    await practice?.remove();
  });

  const fillSignIn = async (page: Page, password: string) => {
    await page.getByLabel("User name").fill("clinician");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  };

  /** To a place of the application without a reload, which would lock it. */
  const visitPlace = async (page: Page, path: string) => {
    await page.evaluate((to) => {
      history.pushState(null, "", to);
      dispatchEvent(new PopStateEvent("popstate"));
    }, path);
  };

  test("the door: sign-in, PIN, unlock, another tab", async () => {
    const { page, context } = browser;
    await page.goto(practice.url);
    await expect(page.getByLabel("User name")).toBeVisible();
    await expectAccessible(page, "sign-in");
    await fillSignIn(page, "not the password");
    await expect(page.getByRole("alert")).toBeVisible();
    await expectAccessible(page, "sign-in, refused");
    await fillSignIn(page, trialPassword);
    await page.getByLabel("New PIN").fill(pin);
    await page.getByLabel("The same PIN again").fill("other");
    await expectAccessible(page, "new PIN");
    await page.getByLabel("The same PIN again").fill(pin);
    await page.getByRole("button", { name: "Use this PIN" }).click();
    await expect(page.getByRole("banner")).toBeVisible();
    const second = await context.newPage();
    await second.goto(practice.url);
    await expect(second.getByRole("heading", { name: "JamEMR is open in another tab" })).toBeVisible();
    await expectAccessible(second, "open in another tab");
    await second.close();
    await page.reload();
    await expect(page.getByLabel("PIN")).toBeVisible();
    await expectAccessible(page, "unlock");
    await unlock(page, "not-the-pin");
    await expect(page.getByRole("alert")).toBeVisible();
    await expectAccessible(page, "unlock, wrong PIN");
    await context.clearCookies();
    await unlock(page);
    await expect(page.getByText(/asks for your password/)).toBeVisible();
    await expectAccessible(page, "password wanted");
  });

  test("the clinician's screens", async () => {
    const { page } = browser;
    await signIn(page, practice.url, "clinician");
    await expect(page.getByRole("listitem")).toHaveCount(3);
    await page.getByRole("button", { name: /menu/ }).click();
    await expectAccessible(page, "menu");
    await page.keyboard.press("Escape");
    await visitOf(page, "Ana Trial-Lopez").click();
    await page.getByRole("textbox", { name: "Subjective" }).fill("Dry cough for three weeks.");
    await expectAccessible(page, "visit");
    await page.getByRole("button", { name: "Record this visit" }).click();
    await expectAccessible(page, "visit, consent");
    await page.getByRole("button", { name: "Patient agrees" }).click();
    await expect(page.getByRole("timer")).toBeVisible();
    await expectAccessible(page, "visit, recording");
    await page.getByRole("link", { name: "Today" }).click();
    await expect(page.getByRole("region", { name: "Recording that is being made" })).toBeVisible();
    await expectAccessible(page, "Today, recording");
    await page.getByRole("link", { name: "1 waiting" }).click();
    await expect(page.getByText("Being made")).toBeVisible();
    await expectAccessible(page, "waiting, recording");
    await page.getByRole("region", { name: "Recording that is being made" }).getByRole("link").click();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await expect(page.getByRole("button", { name: "Record more" })).toBeVisible();
    await page.getByRole("button", { name: "Review and sign" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page, "visit, signing");
    await page.getByRole("dialog").getByRole("button", { name: "Sign", exact: true }).click();
    await expect(page.getByText("Signed and sealed")).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page, "visit, signed");
    await page.getByRole("link", { name: "All saved to the clinic" }).click();
    await expect(page.getByText("Everything is at the clinic")).toBeVisible();
    await visitPlace(page, "/audit");
    await expect(page.getByRole("alert")).toContainText(/number \d+/);
    await expectAccessible(page, "denied");
    await visitPlace(page, "/nowhere");
    await expect(page.getByText("There is nothing here")).toBeVisible();
    await expectAccessible(page, "not found");
    await visitPlace(page, "/visits/01a20004-fc55-7b52-b8f9-862a08f32fee");
    await expect(page.getByText("This visit is not on this tablet")).toBeVisible();
    await expectAccessible(page, "visit, not on this tablet");
  });

  test("without the network: what waits is listed, and the tablet says so", async () => {
    const { page, context } = browser;
    await signIn(page, practice.url, "nurse");
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    await visitOf(page, "“Bob”").click();
    await expect(page.getByRole("textbox", { name: "Exam" })).toBeVisible();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await page.getByRole("textbox", { name: "Exam" }).fill("Written without a network.");
    await page.getByRole("link", { name: /Offline since/ }).click({ timeout: 60_000 });
    await expect(page.getByText("Waiting to be sent")).toBeVisible();
    await expectAccessible(page, "waiting");
    await page.getByRole("link", { name: "Today" }).click();
    await expect(page.getByRole("listitem").first()).toBeVisible();
    await expectAccessible(page, "Today, offline");
  });

  test("a screen whose code is not on the tablet yet says so, and opens when the clinic answers again", async () => {
    const { page } = browser;
    let reachable = false;
    await page.route(/waiting\.page/, (route) => (reachable ? route.continue() : route.abort()));
    await signIn(page, practice.url, "clinician");
    await page.getByRole("link", { name: "All saved to the clinic" }).click();
    await expect(page.getByRole("alert")).toContainText("This screen is not on this tablet yet");
    await expectAccessible(page, "a screen that is not here");
    reachable = true;
    await page.getByRole("button", { name: "Try again" }).click();
    await unlock(page);
    await expect(page.getByText("Everything is at the clinic")).toBeVisible();
  });

  test("the front desk's board and its sheets", async () => {
    const touch = await openBrowser({ touch: true });
    const { page } = touch;
    await signIn(page, practice.url, "frontdesk");
    await expect(page.getByRole("button", { name: /Check in/ }).first()).toBeVisible();
    const sheet = page.getByRole("dialog");
    await page.locator("[data-movable] [data-stop]").first().click();
    await expect(sheet).toBeVisible();
    await expectAccessible(page, "appointment");
    await sheet.getByRole("button", { name: "Cancel appointment" }).click();
    await expectAccessible(page, "appointment, cancelling");
    await sheet.getByRole("button", { name: "Move to" }).click();
    await expect(sheet.getByRole("heading", { name: /^Move/ })).toBeVisible();
    await expectAccessible(page, "move to");
    await page.keyboard.press("Escape");
    await page
      .getByRole("gridcell", { name: /^8:00 AM/ })
      .first()
      .click();
    await expectAccessible(page, "booking");
    await sheet.getByRole("combobox", { name: "Patient" }).fill("trial");
    await expect(sheet.getByRole("option").first()).toBeVisible();
    await expectAccessible(page, "booking, patients found");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "New patient", exact: true }).click();
    await sheet.getByLabel("Given name").fill("Ana");
    await sheet.getByLabel("Family name").fill("Trial-Lopez");
    await expect(sheet.getByText("Perhaps already registered")).toBeVisible();
    await sheet.getByText("More about this person").click();
    await expectAccessible(page, "registration, perhaps known");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /Wait list/ }).click();
    await sheet.getByRole("button", { name: "Add to the wait list" }).click();
    await expectAccessible(page, "wait list");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Keys of the board" }).click();
    await expectAccessible(page, "keys of the board");
    await touch.close();
  });

  for (const [name, theirs] of Map.groupBy(screens, ({ as }) => as))
    test(`every screen that ${name} opens`, async () => {
      const touch = await openBrowser({ touch: true });
      const { page } = touch;
      await signIn(page, practice.url, name);
      for (const screen of theirs) {
        await openScreen(page, screen);
        await expect(page.getByRole("heading", { name: screen.shows }).first()).toBeVisible();
        await expect(page.getByRole("status", { name: /being opened/ })).toHaveCount(0);
        await expectAccessible(page, `${screen.route} ${screen.view ?? ""}`);
      }
      expect(touch.complaints).toEqual([]);
      await touch.close();
    });

  test("devices: removing one", async () => {
    const it = await openBrowser();
    await signIn(it.page, practice.url, "it");
    await openDevices(it.page);
    await it.page.getByRole("button", { name: "Remove" }).first().click();
    await expectAccessible(it.page, "devices, removing one");
    await it.close();
  });

  test("devices: giving back the times of one that is put away", async () => {
    const desk = await openBrowser();
    await signIn(desk.page, practice.url, "frontdesk");
    const it = await openBrowser();
    await signIn(it.page, practice.url, "it");
    await openDevices(it.page);
    await it.page.getByRole("button", { name: "Give back", exact: true }).first().click();
    await expectAccessible(it.page, "devices, giving back times");
    await it.close();
    await desk.close();
  });

  test("the audit log: loading, shown, nothing found, and back by itself when the clinic is", async () => {
    const { page, context } = browser;
    let letThrough = () => {};
    const held = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await page.route("**/api/audit?*", async (route) => {
      await held;
      await route.continue();
    });
    await signIn(page, practice.url, "privacy");
    await expect(page.getByRole("status", { name: "The log is being opened" })).toBeVisible();
    await expectAccessible(page, "audit, loading");
    letThrough();
    await expect(page.getByRole("table")).toBeVisible();
    await page.unroute("**/api/audit?*");
    await page.getByLabel("Outcome").selectOption("error");
    await expect(page.getByText("Nothing matches")).toBeVisible();
    await expectAccessible(page, "audit, nothing found");
    await context.setOffline(true);
    await page.getByLabel("Outcome").selectOption("");
    await expect(page.getByRole("alert")).toContainText("This needs the clinic");
    await expectAccessible(page, "audit, offline");
    await context.setOffline(false);
    await expect(page.getByRole("table")).toBeVisible();
    await page.getByRole("button", { name: "Who looked at a chart" }).click();
    await page.getByRole("combobox", { name: "Patient" }).fill("trial-lopez");
    await expectAccessible(page, "who looked, patients found");
    await page.getByRole("option", { name: /Ana Trial-Lopez/ }).click();
    await expect(page.getByRole("heading", { name: "Who looked at this chart" })).toBeVisible();
    await expect(page.getByRole("status", { name: /being opened/ })).toHaveCount(0);
    await expectAccessible(page, "who looked");
  });

  /** From the visit to its patient's chart, over its parts, into a sheet, and back. */
  const throughTheChart = async (page: Page) => {
    await tabTo(page, page.getByRole("link", { name: "Open chart" }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("tab", { name: "Summary" })).toBeVisible();
    await tabTo(page, page.getByRole("tab", { name: "Summary" }));
    for (const tab of ["Notes", "Trends", "Timeline"]) {
      await page.keyboard.press("ArrowRight");
      await expect(page.getByRole("tab", { name: tab, selected: true })).toBeFocused();
    }
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("tab", { name: "Summary", selected: true })).toBeFocused();
    await tabTo(page, page.getByRole("button", { name: "Add allergy", exact: true }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await tabTo(page, page.getByRole("link", { name: "Open visit" }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("textbox", { name: "Subjective" })).toBeVisible();
  };

  test("a visit from sign-in to signature without a mouse, by way of the chart", async () => {
    const { page } = browser;
    await page.goto(practice.url);
    await expect(page.getByLabel("User name")).toBeFocused();
    await page.keyboard.type("clinician2");
    await tabTo(page, page.getByLabel("Password", { exact: true }));
    await page.keyboard.type(trialPassword);
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("New PIN")).toBeFocused();
    await page.keyboard.type(pin);
    await tabTo(page, page.getByLabel("The same PIN again"));
    await page.keyboard.type(pin);
    await page.keyboard.press("Enter");
    const visit = visitOf(page, "Roberta");
    await expect(visit).toBeVisible();
    await tabTo(page, visit);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Roberta");
    await expect(page.getByRole("textbox", { name: "Subjective" })).toBeVisible();
    await tabTo(page, page.getByRole("textbox", { name: "Subjective" }));
    await page.keyboard.type("Written on the keyboard alone.");
    await expect(page.getByText(saved)).toBeVisible();
    await throughTheChart(page);
    await tabTo(page, page.getByRole("button", { name: "Review and sign" }));
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("dialog").getByRole("button", { name: "Sign", exact: true }));
    await page.keyboard.press("Enter");
    await expect(page.getByText("Signed and sealed")).toBeVisible({ timeout: 30_000 });
  });

  test("nothing is cut off at half the width, which is the same page enlarged to 200 %", async () => {
    const { page } = browser;
    await page.setViewportSize({ width: desktop.width / 2, height: desktop.height });
    await signIn(page, practice.url, "clinician");
    await expect(page.getByRole("listitem").first()).toBeVisible();
    for (const open of [async () => {}, () => visitOf(page, "Edna").click()]) {
      await open();
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(over).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize(tabletSize);
  });
});

test.describe("a practice without patients", () => {
  test("says that there are no visits", async () => {
    const practice = await TestPractice.start({ empty: true });
    const browser = await openBrowser();
    try {
      await signIn(browser.page, practice.url, "clinician");
      await expect(browser.page.getByText("No visits today")).toBeVisible();
      await expectAccessible(browser.page, "Today, no visits");
    } finally {
      await browser.close();
      await practice.remove();
    }
  });
});
