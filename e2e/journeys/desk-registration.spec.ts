import { expect, test } from "@playwright/test";
import { allSaved, deskAtWork } from "../fixtures/desk.ts";
import { daniel, maya, quietDay } from "../pages/board.ts";

/** The desk's limit, in interactions. */
const REGISTRATION = 8;

test.describe("registration at the front desk", () => {
  const desk = deskAtWork();

  test("registers a new patient in at most eight interactions, from the board to done", async () => {
    const { page, board, hands } = desk;
    await board.open(quietDay(0));
    hands.begin();
    await hands.tap(page.getByRole("button", { name: "New patient", exact: true }));
    await expect(board.sheet.getByLabel("Given name")).toBeFocused();
    await hands.type("Wilhelmina");
    await hands.press("Tab");
    await hands.type("Trial-Zephyr");
    await hands.press("Tab");
    await hands.type("9 Mar 1985");
    await expect(board.sheet.getByText("Mar 9, 1985")).toBeVisible();
    await hands.press("Enter");
    await expect(page.getByText("Registered.")).toBeVisible();
    hands.report("register a patient", REGISTRATION);
    expect(hands.count).toBeLessThanOrEqual(REGISTRATION);
    // Enter goes on: nobody registers for nothing.
    await page.keyboard.press("Enter");
    await expect(board.sheet.getByText("Wilhelmina Trial-Zephyr")).toBeVisible();
    await expect(board.sheet.getByRole("button", { name: "Book", exact: true })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(board.spoken("Wilhelmina Trial-Zephyr")).toHaveAccessibleName(/8:00 AM/);
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").fill("zephyr");
    await page.getByRole("option", { name: /Wilhelmina Trial-Zephyr/ }).click();
    await expect(page.getByRole("heading", { name: "Wilhelmina Trial-Zephyr" })).toBeVisible();
    await allSaved(page);
    await expect(page.getByText(/TRIAL-\d{6}/)).toBeVisible();
  });

  test("goes on with the time that was chosen when the patient turns out to be new", async () => {
    const { page, board } = desk;
    await board.open(quietDay(1));
    await board.cell("11:00 AM", daniel).click();
    await board.sheet.getByRole("combobox", { name: "Patient" }).fill("Trial-Newcomer, Nils");
    await board.sheet.getByRole("option", { name: /Register/ }).click();
    await expect(board.sheet.getByLabel("Given name")).toHaveValue("Nils");
    await board.sheet.getByLabel("Birth date").fill("1/2/1990");
    await page.keyboard.press("Enter");
    await expect(board.sheet.getByRole("heading", { name: /Book 11:00 AM with Daniel Reyes/ })).toBeVisible();
    await expect(board.sheet.getByText("Nils Trial-Newcomer")).toBeVisible();
    await expect(board.sheet.getByRole("button", { name: "Book", exact: true })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(board.spoken("Nils Trial-Newcomer")).toHaveAccessibleName(/11:00 AM/);
    await allSaved(page);
  });

  test("is warned of a duplicate while typing, and takes the known person with one tap", async () => {
    const { board } = desk;
    await board.open(quietDay(0));
    await board.cell("11:00 AM", daniel).click();
    await board.sheet.getByRole("combobox", { name: "Patient" }).fill("Anna Trial Lopez");
    await board.sheet.getByRole("option", { name: "Register “Anna Trial Lopez”" }).click();
    await board.sheet.getByLabel("Given name").fill("Anna");
    await board.sheet.getByLabel("Family name").fill("Trial-Lopez");
    await expect(board.sheet.getByText("Perhaps already registered")).toBeHidden();
    await board.sheet.getByLabel("Birth date").fill("3/9/1961");
    await expect(board.sheet.getByText("Same birth date, similar name")).toBeVisible();
    await board.sheet.getByRole("button", { name: "It is this person" }).first().click();
    await expect(board.sheet.getByText("TRIAL-000001")).toBeVisible();
    await expect(board.sheet.getByRole("button", { name: "Book", exact: true })).toBeEnabled();
    await board.close();
  });

  test("finds patients by date, phone, number and with a slip, without a network", async () => {
    const { page, board } = desk;
    await board.open(quietDay(0));
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await desk.browser.context.setOffline(true);
    await page.getByRole("link", { name: "Patients" }).click();
    // The board, which has a finder too, stays until the other screen is here.
    await expect(page.getByRole("heading", { level: 1, name: "Patients" })).toBeVisible();
    const finder = page.getByRole("main").getByRole("combobox");
    for (const typed of [
      "03/09/1961",
      "1961-03-09",
      "9 Mar 1961",
      "Trial-Lopez, Ana",
      "ana lopes",
      "trial-1",
    ]) {
      await finder.fill(typed);
      await expect(page.getByRole("option").first(), typed).toContainText("Ana Trial-Lopez");
      await expect(page.getByRole("option").first()).toContainText("Born Mar 9, 1961");
    }
    await finder.fill("qqqqzzzz");
    await expect(page.getByText("Nobody on this tablet fits.")).toBeVisible();
    await desk.browser.context.setOffline(false);
    await allSaved(page);
  });

  test("keeps demographics, contacts and a date of death, which stops booking", async () => {
    const { page, board } = desk;
    await page.getByRole("link", { name: "Patients" }).click();
    // The board, which has a finder too, stays until the other screen is here.
    await expect(page.getByRole("heading", { level: 1, name: "Patients" })).toBeVisible();
    await page.getByRole("main").getByRole("combobox").fill("zephyr");
    await page.getByRole("option", { name: /Born/ }).first().click();
    await page.getByRole("button", { name: "Change" }).click();
    const main = page.getByRole("main");
    await main.getByLabel("Preferred name").fill("Mina");
    await main.getByLabel("Pronouns").fill("she/her");
    await main.getByLabel("Gender").fill("woman");
    await main.getByLabel("Language").selectOption("es");
    await main.getByRole("radio", { name: "Needed", exact: true }).click();
    await main.getByRole("button", { name: "Add a contact" }).click();
    await main.getByLabel("Name", { exact: true }).fill("Otto Trial-Zephyr");
    await main.getByLabel("May be told").selectOption("appointments-only");
    await main.getByRole("button", { name: "Save" }).click();
    await expect(main.getByRole("heading", { name: "Wilhelmina “Mina” Trial-Zephyr" })).toBeVisible();
    await expect(main).toContainText("Spanish · needs an interpreter");
    await expect(main).toContainText("May be told: Appointments only");
    await main.getByRole("button", { name: "Change" }).click();
    await main.getByLabel("Deceased on").fill("1/2/2026");
    await main.getByRole("button", { name: "Save" }).click();
    await expect(main.getByText("Deceased Jan 2, 2026")).toBeVisible();
    await expect(main.getByRole("link", { name: "Book" })).toBeHidden();
    await board.open(quietDay(0));
    await board.cell("3:00 PM", maya).click();
    await board.sheet.getByRole("combobox", { name: "Patient" }).fill("zephyr");
    await board.sheet.getByRole("option", { name: /Born/ }).first().click();
    await expect(board.sheet.getByText(/marked as deceased; nothing can be booked/)).toBeVisible();
    await expect(board.sheet.getByRole("button", { name: "Book", exact: true })).toBeDisabled();
    await board.close();
    await allSaved(page);
  });
});
