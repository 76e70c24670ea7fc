import { expect, test } from "@playwright/test";
import { allSaved, deskAtWork } from "../fixtures/desk.ts";
import { maya, quietDay } from "../pages/board.ts";

test.describe("the wait list at the front desk", () => {
  const desk = deskAtWork();

  test("offers a freed time to who waits, books it with one tap, and removes with undo", async () => {
    const { page, board } = desk;
    const day = quietDay(6);
    await board.open(day);
    await board.book("9:00 AM", maya, "lopez, ana");
    await page.getByRole("button", { name: /Wait list/ }).click();
    for (const typed of ["whitcombe", "roberta"]) {
      await board.sheet.getByRole("button", { name: "Add to the wait list" }).click();
      await board.sheet.getByRole("combobox", { name: "Patient" }).fill(typed);
      await board.sheet.getByRole("option", { name: /Born/ }).first().click();
      await board.sheet.getByLabel("From").fill(day);
      await board.sheet.getByLabel("Until").fill(day);
      await board.sheet.getByRole("button", { name: "Add", exact: true }).click();
    }
    await expect(board.sheet.getByRole("listitem")).toHaveCount(2);
    await board.close();
    await board.openCard("Ana Trial-Lopez");
    await board.sheet.getByRole("button", { name: "Cancel appointment" }).click();
    await board.sheet.getByRole("button", { name: "Cancel this appointment" }).click();
    await expect(page.getByText("9:00 AM with Maya Okafor came free")).toBeVisible();
    await page.getByRole("button", { name: "See who" }).click();
    const freed = board.sheet.getByRole("region", { name: "Came free" });
    await expect(freed.getByRole("link", { name: /Call Edna Trial-Whitcombe/ })).toBeVisible();
    await freed
      .getByRole("listitem")
      .filter({ hasText: "Edna" })
      .getByRole("button", { name: "Book this time" })
      .click();
    await expect(board.spoken("Edna Trial-Whitcombe")).toHaveAccessibleName(/9:00 AM/);
    await page.getByRole("link", { name: "Wait list" }).click();
    const waiting = page.getByRole("main").getByRole("listitem");
    await expect(waiting).toHaveCount(1);
    await waiting.getByRole("button", { name: "Remove" }).click();
    await expect(page.getByText("Nobody is waiting")).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(waiting).toHaveCount(1);
    await expect(waiting).toContainText("Roberta Trial-Hayes");
    await waiting.getByRole("button", { name: "Remove" }).click();
    await allSaved(page);
  });
});
