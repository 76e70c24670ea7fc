import { expect, test } from "@playwright/test";
import { addDays, dateIn } from "../../domain/kernel/instant.ts";
import { desktop, openBrowser } from "../fixtures/browser.ts";
import { allSaved, deskAtWork } from "../fixtures/desk.ts";
import { Board, maya, quietDay } from "../pages/board.ts";
import { signIn } from "../pages/door.ts";

/** The desk's limit, in interactions. */
const CHECK_IN = 1;

const zone = "America/New_York";

test.describe("arrivals at the front desk", () => {
  const desk = deskAtWork();

  test("checks in with one interaction, takes it back from the toast and from the details", async () => {
    const { page, board, hands } = desk;
    const card = board.card("Ana Trial-Lopez");
    await expect(card).toHaveAttribute("data-status", "booked");
    hands.begin();
    await hands.tap(card.getByRole("button", { name: /Check in/ }));
    await expect(card).toHaveAttribute("data-status", "arrived");
    hands.report("check in", CHECK_IN);
    expect(hands.count).toBe(CHECK_IN);
    await expect(card).toContainText("Waiting 0 min");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(card).toHaveAttribute("data-status", "booked");
    await board.openCard("Ana Trial-Lopez");
    const trail = board.sheet.getByRole("listitem");
    const before = await trail.count();
    await board.sheet.getByRole("button", { name: "Check in" }).click();
    await board.sheet.getByRole("button", { name: "Exam 2" }).click();
    await expect(card).toHaveAttribute("data-status", "roomed");
    await expect(card).toContainText("Exam 2");
    await board.sheet.getByRole("button", { name: "Back to Arrived" }).click();
    await board.sheet.getByRole("button", { name: "Back to Booked" }).click();
    await board.sheet.getByRole("button", { name: "Did not come" }).click();
    await expect(card).toBeHidden();
    await board.sheet.getByRole("button", { name: "Back to Booked" }).click();
    await expect(card).toBeVisible();
    await expect(trail.last()).toContainText("Back to Booked");
    await expect(trail.last()).toContainText("Priya Nair");
    await expect(trail).toHaveCount(before + 6);
    await board.close();
    await allSaved(page);
  });

  test("offers on another day only what can be true there (C21)", async () => {
    const { page, board } = desk;
    const step = (name: string) =>
      board.sheet.getByRole("region", { name: "Next step" }).getByRole("button", { name, exact: true });
    await board.open(quietDay(1));
    await board.book("9:00 AM", maya, "whitcombe");
    const card = board.card("Edna Trial-Whitcombe");
    await expect(card.getByRole("button", { name: /Check in/ })).toHaveCount(0);
    await board.spoken("Edna Trial-Whitcombe").focus();
    await page.keyboard.press("c");
    await expect(page.getByText("Patients are checked in on the day of their visit.")).toBeVisible();
    await expect(card).toHaveAttribute("data-status", "booked");
    await board.openCard("Edna Trial-Whitcombe");
    await expect(step("Confirm")).toBeVisible();
    await expect(step("Cancel appointment")).toBeVisible();
    for (const name of ["Check in", "Did not come", "Done"]) await expect(step(name)).toHaveCount(0);
    await board.close();

    await board.open(addDays(dateIn(zone), -8));
    await board.book("9:00 AM", maya, "whitcombe");
    await expect(card.getByRole("button", { name: /Check in/ })).toHaveCount(0);
    await board.openCard("Edna Trial-Whitcombe");
    for (const name of ["Check in", "Confirm"]) await expect(step(name)).toHaveCount(0);
    await expect(step("Did not come")).toBeVisible();
    await step("Done").click();
    await expect(card).toHaveAttribute("data-status", "done");
    await board.close();
    await allSaved(page);
  });

  test("takes a cancellation back while the time is free, and says who has it otherwise (C21)", async () => {
    const { page, board, browser } = desk;
    const ana = board.card("Ana Trial-Lopez");
    const cancel = async () => {
      await board.openCard("Ana Trial-Lopez");
      await board.sheet.getByRole("button", { name: "Cancel appointment" }).click();
      await board.sheet.getByLabel("Why is it cancelled?").fill("Moved away");
      await board.sheet.getByRole("button", { name: "Cancel this appointment" }).click();
      await expect(ana).toBeHidden();
    };
    await board.open(quietDay(2));
    await board.book("9:00 AM", maya, "lopez, ana");
    await cancel();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(ana).toBeVisible();
    await cancel();
    await board.book("9:00 AM", maya, "whitcombe");
    await allSaved(page);
    // The tablet knows it by itself: nothing has to be refused later.
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await browser.context.setOffline(true);
    await page.getByRole("button", { name: "Not coming 1" }).click();
    await board.sheet.getByRole("button", { name: /Ana/ }).click();
    await expect(board.sheet.getByText("Moved away")).toBeVisible();
    await board.sheet.getByRole("button", { name: "Back to Booked" }).click();
    await board.close();
    const notice = page.getByRole("main").getByRole("alert");
    await expect(notice).toContainText(/Ana Trial-Lopez was not put back: .*9:00 AM is somebody else's now/);
    await expect(ana).toBeHidden();
    await browser.context.setOffline(false);
    await notice.getByRole("button", { name: "9:15 AM" }).click();
    await expect(board.spoken("Ana Trial-Lopez")).toHaveAccessibleName(/9:15 AM.*Booked/);
    await expect(notice).toBeHidden();
    await allSaved(page);
  });

  test("registers whoever walks in, who is at once here; a mistake is taken back", async () => {
    const { page, board } = desk;
    await page.getByLabel("Go to a day").fill(dateIn(zone));
    await page.getByRole("button", { name: "Walk-in" }).click();
    await expect(board.sheet.getByLabel("Day", { exact: true })).toHaveCount(0);
    await board.sheet.getByRole("combobox", { name: "Patient" }).fill("Wilhelmina Trial-Zephyr");
    await board.sheet.getByRole("option", { name: /Register/ }).click();
    await board.sheet.getByLabel("Birth date").fill("3/9/1985");
    await board.sheet.getByRole("button", { name: "Register", exact: true }).click();
    const add = board.sheet.getByRole("button", { name: "Add walk-in" });
    await expect(board.sheet.getByText("Wilhelmina Trial-Zephyr")).toBeVisible();
    if (await add.isDisabled()) {
      await board.sheet.getByRole("button", { name: "Overbook" }).click();
      await board.sheet.getByLabel("Why is this time booked twice?").fill("Walk-in");
      await board.sheet.getByRole("button", { name: "Overbook this time" }).click();
    } else await add.click();
    await expect(board.spoken("Zephyr")).toHaveAccessibleName(/Arrived.*Walk-in/);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(board.card("Zephyr")).toBeHidden();
    await page.getByRole("button", { name: "Not coming 1" }).click();
    await board.sheet.getByRole("button", { name: /Zephyr/ }).click();
    await expect(board.sheet.getByText("Entered by mistake")).toBeVisible();
    await board.close();
    await allSaved(page);
  });

  test("a cancellation that another desk filled meanwhile stays, and the notice leads on", async () => {
    const { page, board, browser, practice } = desk;
    const day = quietDay(3);
    await board.open(day);
    await board.book("9:00 AM", maya, "lopez, ana");
    await board.openCard("Ana Trial-Lopez");
    await board.sheet.getByRole("button", { name: "Cancel appointment" }).click();
    await board.sheet.getByRole("button", { name: "Cancel this appointment" }).click();
    await expect(board.card("Ana Trial-Lopez")).toBeHidden();
    await allSaved(page);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await browser.context.setOffline(true);
    await expect(page.getByText(/Offline since/)).toBeVisible({ timeout: 60_000 });
    await page.getByRole("button", { name: "Not coming 1" }).click();
    await board.sheet.getByRole("button", { name: /Ana/ }).click();
    await board.sheet.getByRole("button", { name: "Back to Booked" }).click();
    await expect(board.card("Ana Trial-Lopez")).toBeVisible();
    await board.close();

    const other = await openBrowser({ viewport: desktop });
    try {
      await signIn(other.page, practice.url, "frontdesk2");
      const second = new Board(other.page);
      await second.open(day);
      await second.book("9:00 AM", maya, "whitcombe");
      await allSaved(other.page);
    } finally {
      await other.close();
    }
    await browser.context.setOffline(false);
    const notice = page.getByRole("main").getByRole("alert");
    await expect(notice).toContainText(
      /Call Ana Trial-Lopez back: not booked.*9:00 AM with Maya Okafor went to somebody else/,
      { timeout: 60_000 },
    );
    await notice.getByRole("button", { name: "9:15 AM" }).click();
    await expect(board.spoken("Ana Trial-Lopez")).toHaveAccessibleName(/9:15 AM/);
    await expect(notice).toBeHidden();
    await allSaved(page);
  });
});
