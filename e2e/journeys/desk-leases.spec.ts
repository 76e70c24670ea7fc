import { expect, type Page, test } from "@playwright/test";
import { addDays, dateIn } from "../../domain/kernel/instant.ts";
import { openBrowser, tablet } from "../fixtures/browser.ts";
import { allSaved, deskAtWork } from "../fixtures/desk.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { Board, maya, quietDay } from "../pages/board.ts";
import { signIn } from "../pages/door.ts";

/** The next day but one on which the trial practice works: nothing of it is so near that no desk holds times. */
function clinicDay(): string {
  let date = addDays(dateIn("America/New_York"), 2);
  while ([0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay())) date = addDays(date, 1);
  return date;
}

const offline = async (page: Page) => {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.context().setOffline(true);
  await expect(page.getByText(/Offline since/)).toBeVisible({ timeout: 60_000 });
};

test.describe("a desk without the clinic", () => {
  const desk = deskAtWork();

  test("promises a time that is held for it, which no other desk can book meanwhile", async () => {
    const { practice, page, board } = desk;
    const day = clinicDay();
    const other = await openBrowser({ viewport: tablet, touch: true });
    try {
      await signIn(other.page, practice.url, "frontdesk2");
      const second = new Board(other.page);
      await second.open(day);
      // With the clinic at hand nothing is marked: every free time can be booked.
      await expect(other.page.getByRole("gridcell", { name: /Held for this desk/ })).toHaveCount(0);
      await offline(other.page);
      const held = other.page.getByRole("gridcell", { name: /Held for this desk/ }).first();
      const [time = "", clinician = ""] = ((await held.getAttribute("aria-label")) ?? "").split(", ");
      await expectAccessible(other.page, "a board that is offline");
      await held.click();
      await expect(
        second.sheet.getByText(/You can promise this time: it is held for this desk until/),
      ).toBeVisible();
      await expectAccessible(other.page, "a booking that can be promised");
      await second.sheet.getByRole("combobox", { name: "Patient", exact: true }).fill("whitcombe");
      await second.sheet.getByRole("option", { name: /Born/ }).first().click();
      await second.sheet.getByRole("button", { name: "Book", exact: true }).click();
      await expect(other.page.getByText(/Booked at .* Sure: held for this desk\./)).toBeVisible();
      const edna = second.spoken("Edna Trial-Whitcombe").filter({ hasText: "Sure" });
      await expect(edna).toHaveAccessibleName(new RegExp(`${time}.*Sure: held for this desk`));

      // The desk that has the clinic sees why it cannot have this time, and books another one.
      await board.open(day);
      const theirs = page.getByRole("gridcell", { name: `${time}, ${clinician}, Held for another desk` });
      await theirs.click();
      await expect(board.sheet.getByText(`${time} is held for another desk.`)).toBeVisible();
      // Which desk that is, and the way to have its times back if it is put away; the booking stays open behind.
      await expect(board.sheet.getByText(/may promise it without the clinic until/)).toBeVisible();
      await board.sheet.getByRole("button", { name: "Give its times back" }).click();
      const question = page.getByRole("dialog", { name: /^Give back the times of / });
      await expect(question.getByText(/The desk is then asked to call the patient back/)).toBeVisible();
      await page.keyboard.press("Escape");
      await expect(question).toBeHidden();
      await board.sheet.getByRole("combobox", { name: "Patient", exact: true }).fill("lopez, ana");
      await board.sheet.getByRole("option", { name: /Born/ }).first().click();
      await expect(board.sheet.getByRole("button", { name: "Book", exact: true })).toBeDisabled();
      await board.sheet
        .getByRole("button", { name: /^\d+:\d\d [AP]M$/ })
        .first()
        .click();
      await board.sheet.getByRole("button", { name: "Book", exact: true }).click();
      await expect(board.sheet).toBeHidden();
      await allSaved(page);

      await other.context.setOffline(false);
      await allSaved(other.page);
      const kept = new RegExp(`^${time}`);
      await expect(
        page.locator("[data-card-root] [data-stop]").filter({ hasText: "Edna" }).first(),
      ).toBeVisible();
      await expect(
        page.getByRole("button", { name: new RegExp(`${kept.source}.*Edna Trial-Whitcombe`) }),
      ).toBeVisible();
      await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
      expect(other.complaints).toEqual([]);
    } finally {
      await other.close();
    }
  });

  test("that promised another time is asked to call back, and gives one of three times with one tap", async () => {
    const { practice, page, board } = desk;
    const day = quietDay(12);
    const other = await openBrowser({ viewport: tablet, touch: true });
    try {
      await signIn(other.page, practice.url, "frontdesk2");
      const second = new Board(other.page);
      await second.open(day);
      await offline(other.page);
      await second.cell("10:00 AM", maya).click();
      await expect(second.sheet.getByText(/Offline: this time is not yet sure/)).toBeVisible();
      await second.sheet.getByRole("combobox", { name: "Patient", exact: true }).fill("whitcombe");
      await second.sheet.getByRole("option", { name: /Born/ }).first().click();
      await second.sheet.getByRole("button", { name: "Book", exact: true }).click();
      await expect(second.spoken("Edna")).toHaveAccessibleName(/10:00 AM.*Not yet sure: the clinic decides/);
      await board.open(day);
      await board.book("10:00 AM", maya, "lopez, ana");
      await allSaved(page);
      await other.context.setOffline(false);

      // The same call stands on both boards; it is no refusal that somebody has to look after besides.
      const call =
        /Call Edna Trial-Whitcombe back: not booked.*10:00 AM with Maya Okafor went to somebody else/;
      const notice = other.page.getByRole("main").getByRole("alert");
      await expect(notice).toContainText(call, { timeout: 60_000 });
      await expect(notice).toHaveCount(1);
      await expect(page.getByRole("main").getByRole("alert")).toContainText(call);
      await allSaved(other.page);
      await expect(notice.getByRole("link", { name: /\d/ })).toHaveAttribute("href", /^tel:\+?\d+$/);
      await expect(notice.getByRole("button", { name: /\d+:\d\d AM/ })).toHaveCount(3);
      await expect(second.card("Edna")).toBeHidden();
      await expectAccessible(other.page, "a board with a call to make");

      // It outlives the tablet that promised: the other desk finds it among its tasks, and books there.
      await page.getByRole("link", { name: "Tasks" }).first().click();
      const task = page.getByRole("listitem").filter({ hasText: call });
      await expect(task).toBeVisible();
      await expectAccessible(page, "a call among the tasks");
      await task.getByRole("button", { name: "10:15 AM" }).click();
      await expect(task).toBeHidden();
      await allSaved(page);
      await expect(notice).toBeHidden();
      await expect(second.spoken("Edna")).toHaveAccessibleName(/10:15 AM/);
      await page.getByText("Done lately").click();
      await expect(
        page.getByRole("listitem").filter({ hasText: "Call back about a lost time" }),
      ).toBeVisible();
      expect(other.complaints).toEqual([]);
    } finally {
      await other.close();
    }
  });
});
