import { expect, test } from "@playwright/test";
import { type Browser, openBrowser } from "../fixtures/browser.ts";
import { deskAtWork } from "../fixtures/desk.ts";
import { storedBytes, storedRecords, wordsOnDisk } from "../fixtures/disk.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { daniel, quietDay } from "../pages/board.ts";
import { goTo, openChartOf, sheet } from "../pages/chart.ts";
import { signIn, signInHere, trialPassword, unlock } from "../pages/door.ts";

test.describe.configure({ mode: "serial" });

const message = "Markermessage: call her about";
const substance = "Markersubstance";
const note = "Markernote: swelling of the";

/** What is half typed when the tablet locks, is put down, or ends. */
test.describe("half-typed words", () => {
  let practice: TestPractice;
  let tablet: Browser;
  let ana: string;
  let ben: string;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    const desk = await Program.signIn(practice.url, "frontdesk");
    ana = await desk.registers("Ana");
    ben = await desk.registers("Ben");
    tablet = await openBrowser();
    await tablet.page.clock.install();
    await signIn(tablet.page, practice.url, "clinician");
    await expect(tablet.page.getByText("All saved to the clinic")).toBeVisible();
    // Lies readable in the profile on purpose: a search that does not find it proves nothing.
    await tablet.page.evaluate(() => localStorage.setItem("left-here", "Markerreadable"));
  });
  test.afterAll(async () => {
    await tablet?.close();
    await practice?.remove();
  });

  const words = () => sheet(tablet.page).getByRole("textbox", { name: "Message" });
  const openMessage = async () => {
    await goTo(tablet.page, "/tasks");
    await tablet.page.getByRole("button", { name: "New message" }).click();
    await expect(words()).toBeVisible();
  };
  const openAllergy = async (patientId: string) => {
    await openChartOf(tablet.page, patientId);
    await tablet.page.getByRole("button", { name: "Add allergy", exact: true }).click();
    await expect(sheet(tablet.page).getByRole("button", { name: "Add allergy" })).toBeVisible();
  };
  /** Nobody touches the tablet for five minutes. */
  const leaveAlone = async () => {
    await tablet.page.clock.fastForward("05:10");
    await expect(tablet.page.getByLabel("PIN")).toBeVisible();
  };
  const keptLine = () => sheet(tablet.page).getByText(/^Kept from \d/);

  test("are there again after the idle lock, for the same person in the same form", async () => {
    const { page } = tablet;
    await openMessage();
    await expect(keptLine()).toHaveCount(0);
    await words().fill(message);
    await leaveAlone();
    await unlock(page);
    await openMessage();
    await expect(words()).toHaveValue(message);
    await expect(keptLine()).toBeVisible();
    await expectAccessible(page, "kept words");
  });

  test("survive a reload, and half an allergy survives the next lock beside them", async () => {
    const { page } = tablet;
    const before = await storedBytes(page, "kept");
    await words().press("End");
    await words().pressSequentially(" the cough");
    await page.clock.runFor(1500);
    await expect.poll(() => storedBytes(page, "kept")).not.toBe(before);
    expect(await storedRecords(page, "kept")).toBe(1);
    await page.reload();
    await unlock(page);
    await expect(page.getByRole("banner")).toBeVisible();
    await openAllergy(ana);
    await sheet(page).getByRole("combobox").fill(substance);
    await sheet(page)
      .getByRole("option", { name: /as written/ })
      .click();
    await sheet(page).getByRole("textbox", { name: "Note" }).fill(note);
    await leaveAlone();
  });

  test("are nobody else's on the same tablet", async () => {
    const { page } = tablet;
    await page.getByRole("button", { name: "Sign in with a password" }).click();
    await signInHere(page, "clinician2");
    await openMessage();
    await expect(words()).toHaveValue("");
    await expect(keptLine()).toHaveCount(0);
    await page.keyboard.press("Escape");
    await openAllergy(ana);
    await expect(sheet(page).getByRole("combobox")).toHaveValue("");
    await expect(sheet(page)).not.toContainText("Marker");
    await expect(keptLine()).toHaveCount(0);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /, menu$/ }).click();
    await page.getByRole("button", { name: "Lock this tablet" }).click();
    await page.getByRole("button", { name: "Maya Okafor" }).click();
    await unlock(page);
    // The browser's session was the colleague's meanwhile.
    await expect(page.getByRole("heading", { name: "Please sign in again" })).toBeVisible();
    await page.getByLabel("Password", { exact: true }).fill(trialPassword);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("banner")).toBeVisible();
  });

  test("are no other patient's, and saving or cancelling ends them", async () => {
    const { page } = tablet;
    await openAllergy(ben);
    await expect(sheet(page).getByRole("combobox")).toHaveValue("");
    await expect(keptLine()).toHaveCount(0);
    await page.keyboard.press("Escape");
    await openAllergy(ana);
    await expect(sheet(page)).toContainText(substance);
    await expect(sheet(page).getByRole("textbox", { name: "Note" })).toHaveValue(note);
    await expect(keptLine()).toBeVisible();
    await sheet(page).getByRole("button", { name: "Add allergy" }).click();
    await expect(sheet(page)).toHaveCount(0);
    await openAllergy(ana);
    await expect(sheet(page).getByRole("combobox")).toHaveValue("");
    await sheet(page).getByRole("button", { name: "Cancel" }).click();
    await openMessage();
    await expect(words()).toHaveValue(`${message} the cough`);
    await sheet(page).getByRole("button", { name: "Throw away" }).click();
    await expect(words()).toHaveValue("");
    await expect(keptLine()).toHaveCount(0);
    await words().fill("not to be sent after all");
    await page.keyboard.press("Escape");
    await openMessage();
    await expect(words()).toHaveValue("");
    await page.keyboard.press("Escape");
    await expect.poll(() => storedRecords(page, "kept")).toBe(0);
  });

  test("are not to be read on the disk, and a tab that takes over has them", async () => {
    const { page, context } = tablet;
    await openMessage();
    await words().fill(message);
    const other = await context.newPage();
    await other.goto(practice.url);
    await other.getByRole("button", { name: "Use here" }).click();
    await expect(page.getByRole("button", { name: "Use here" })).toBeVisible();
    await other
      .getByRole("button", { name: "Maya Okafor" })
      .click({ timeout: 2000 })
      .catch(() => {});
    await unlock(other);
    await expect(other.getByRole("banner")).toBeVisible();
    await goTo(other, "/tasks");
    await other.getByRole("button", { name: "New message" }).click();
    await expect(sheet(other).getByRole("textbox", { name: "Message" })).toHaveValue(message);
    await tablet.kill();
    expect(await wordsOnDisk(tablet.profile, ["Markerreadable"])).not.toEqual([]);
    expect(await wordsOnDisk(tablet.profile, ["Markermessage", "Markersubstance", "Markernote"])).toEqual([]);
    expect(tablet.complaints).toEqual([]);
  });
});

test.describe("half-typed words at the desk", () => {
  const desk = deskAtWork();
  const reason = "Form to be sig";
  /** Somebody else wants to use the browser for a moment. */
  const quickLock = async () => {
    await desk.page.getByRole("button", { name: /, menu$/ }).click();
    await desk.page.getByRole("button", { name: "Lock this tablet" }).click();
    await unlock(desk.page);
    await expect(desk.page.getByRole("banner")).toBeVisible();
  };
  const reasonField = () => desk.board.sheet.getByLabel("Reason, in the desk's words");

  test("a booking is there again for its time with its patient, and for no other time", async () => {
    const { page, board } = desk;
    await board.open(quietDay(0));
    await board.cell("9:15 AM", daniel).click();
    await board.sheet.getByRole("combobox", { name: "Patient", exact: true }).fill("lopez, ana");
    await board.sheet.getByRole("option", { name: /Born/ }).first().click();
    await expect.poll(() => storedRecords(page, "kept")).toBe(1);
    const before = await storedBytes(page, "kept");
    await reasonField().fill(reason);
    await expect.poll(() => storedBytes(page, "kept")).not.toBe(before);
    await page.reload();
    await unlock(page);
    await board.open(quietDay(0));
    await board.cell("10:00 AM", daniel).click();
    await expect(reasonField()).toHaveValue("");
    await board.close();
    await board.cell("9:15 AM", daniel).click();
    await expect(board.sheet.getByText("TRIAL-000001")).toBeVisible();
    await expect(reasonField()).toHaveValue(reason);
    await expect(board.sheet.getByText(/^Kept from/)).toBeVisible();
    await board.sheet.getByRole("button", { name: "Book", exact: true }).click();
    await expect(board.sheet).toBeHidden();
    await board.cell("9:45 AM", daniel).click();
    await expect(reasonField()).toHaveValue("");
    await board.close();
  });

  test("a reason in a sheet goes with the sheet, and a registration stays while one looks elsewhere", async () => {
    const { page, board } = desk;
    await board.openCard("Ana Trial-Lopez");
    await board.sheet.getByRole("button", { name: "Cancel appointment" }).click();
    await board.sheet.getByLabel("Why is it cancelled?").fill("She calls ag");
    await board.close();
    await board.openCard("Ana Trial-Lopez");
    await board.sheet.getByRole("button", { name: "Cancel appointment" }).click();
    await expect(board.sheet.getByLabel("Why is it cancelled?")).toHaveValue("");
    await board.close();
    await goTo(page, "/patients/new");
    await page.getByLabel("Given name").fill("Halfway");
    await goTo(page, "/patients");
    await quickLock();
    await goTo(page, "/patients/new");
    await expect(page.getByLabel("Given name")).toHaveValue("Halfway");
    await page.getByRole("button", { name: "Do not register" }).click();
    await goTo(page, "/patients/new");
    await expect(page.getByLabel("Given name")).toHaveValue("");
  });
});
