import { expect, test } from "@playwright/test";
import { addDays } from "../../domain/kernel/instant.ts";
import { desktop, openBrowser } from "../fixtures/browser.ts";
import { allSaved, deskAtWork } from "../fixtures/desk.ts";
import { Board, daniel, maya, quietDay } from "../pages/board.ts";
import { signIn } from "../pages/door.ts";
import { Hands } from "../pages/hands.ts";

/** The desk's limit, in interactions. */
const BOOKING = 5;

test.describe("booking at the front desk", () => {
  const desk = deskAtWork();

  test("begins on the board and books a known patient in at most five interactions", async () => {
    const { page, board, hands } = desk;
    await expect(page.getByRole("grid", { name: "Appointments" })).toBeVisible();
    await board.open(quietDay(0));
    hands.begin();
    await hands.tap(board.cell("9:15 AM", maya));
    await hands.type("lopez, ana");
    await expect(
      board.sheet.getByRole("option", { name: /Ana Trial-Lopez.*Mar 9, 1961.*65|Ana Trial-Lopez/ }).first(),
    ).toBeVisible();
    await hands.press("Enter");
    await expect(board.sheet.getByRole("button", { name: "Book", exact: true })).toBeFocused();
    await hands.press("Enter");
    await expect(board.spoken("Ana Trial-Lopez")).toHaveAccessibleName(
      /9:15 AM – 9:30 AM.*Follow-up.*Booked/,
    );
    hands.report("book a known patient", BOOKING);
    expect(hands.count).toBeLessThanOrEqual(BOOKING);
    await allSaved(page);
  });

  test("moves by dragging and changes the length by the lower edge, touching no other card", async () => {
    const { page, board, hands } = desk;
    await board.open(quietDay(2));
    await board.book("9:00 AM", maya, "lopez, ana");
    await board.book("9:30 AM", maya, "whitcombe");
    // The marks of what waits go when the clinic has answered.
    await allSaved(page);
    await page.evaluate(() => {
      const others = [...document.querySelectorAll("[data-card-root]")].filter(
        (card) => !card.textContent?.includes("Ana"),
      );
      const seen = { changes: 0, frames: [] as number[], running: true };
      Object.assign(window, { seen });
      for (const card of others)
        new MutationObserver((records) => {
          // The press itself takes the place in the tab order.
          seen.changes += records.filter(({ attributeName }) => attributeName !== "tabindex").length;
        }).observe(card, { attributes: true, childList: true, subtree: true, characterData: true });
      let last = performance.now();
      const tick = (at: number) => {
        seen.frames.push(at - last);
        last = at;
        if (seen.running) requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    });
    const card = board.card("Ana Trial-Lopez");
    const face = board.spoken("Ana Trial-Lopez");
    await hands.drag(face, board.cell("11:00 AM", daniel), { at: { x: 60 }, drop: false });
    const during = await page.evaluate(() => {
      const { seen } = window as unknown as { seen: { changes: number; frames: number[]; running: boolean } };
      seen.running = false;
      const sorted = seen.frames.slice(1).sort((a, b) => a - b);
      return {
        changes: seen.changes,
        median: sorted[Math.floor(sorted.length / 2)] ?? 0,
        transform: document.querySelector<HTMLElement>("[data-dragging='move']")?.style.transform ?? "",
      };
    });
    console.warn(
      `drag: median frame ${during.median.toFixed(1)} ms, changes of other cards ${during.changes}`,
    );
    expect(during.changes).toBe(0);
    expect(during.transform).toContain("translate3d");
    await page.mouse.up();
    await expect(face).toHaveAccessibleName(/11:00 AM – 11:15 AM/);
    await expect(page.getByText("Moved to 11:00 AM.")).toBeVisible();
    expect(
      await card.evaluate((element) => element.closest<HTMLElement>("[data-cell]")?.ariaLabel),
    ).toContain(daniel);

    await page.getByRole("button", { name: "Undo" }).click();
    await expect(face).toHaveAccessibleName(/9:00 AM – 9:15 AM/);

    await hands.drag(face, board.cell("2:00 PM", daniel), { at: { x: 60 }, drop: false });
    await page.keyboard.press("Escape");
    await page.mouse.up();
    await expect(face).toHaveAccessibleName(/9:00 AM – 9:15 AM/);
    await expect(board.sheet).toBeHidden();

    // The drag to the afternoon scrolled the board: the card lies near its upper edge, and stays under the hand.
    const edge = card.locator("[data-grip]");
    await hands.drag(edge, board.cell("9:15 AM", maya), { shift: 14 });
    await expect(face).toHaveAccessibleName(/9:00 AM – 9:30 AM/);
    await expect(page.getByText("Now 30 minutes.")).toBeVisible();
    await allSaved(page);
  });

  test("moves and changes the length by taps alone", async () => {
    const { page, board } = desk;
    await board.open(quietDay(3));
    await board.book("9:00 AM", maya, "lopez, ana");
    const face = board.spoken("Ana Trial-Lopez");
    await board.openCard("Ana Trial-Lopez");
    await board.sheet.getByRole("button", { name: "Move to" }).click();
    await board.sheet
      .getByRole("region", { name: "Free times on this day" })
      .getByRole("button", { name: "10:30 AM" })
      .click();
    await expect(face).toHaveAccessibleName(/10:30 AM – 10:45 AM/);
    await board.openCard("Ana Trial-Lopez");
    await board.sheet.getByRole("radio", { name: "45" }).click();
    await expect(face).toHaveAccessibleName(/10:30 AM – 11:15 AM/);
    await board.close();
    await allSaved(page);
  });

  test("a day on which the clinician does not work says so and leads to the next free time", async () => {
    const { page, board } = desk;
    await board.open(quietDay(10));
    await board.book("9:00 AM", maya, "whitcombe");
    await board.openCard("Edna");
    await board.sheet.getByRole("button", { name: "Move to" }).click();
    const sunday = addDays(quietDay(10), 5);
    await board.sheet.getByLabel("Day", { exact: true }).fill(sunday);
    const free = board.sheet.getByRole("region", { name: "Free times on this day" });
    await expect(free).toContainText(/Maya Okafor does not work on Sunday/);
    await free.getByRole("button", { name: /Next free: Monday.*8:00 AM/ }).click();
    await expect(board.sheet.getByLabel("Day", { exact: true })).toHaveValue(addDays(sunday, 1));
    await free.getByRole("button", { name: "8:00 AM", exact: true }).click();
    await expect(board.spoken("Edna")).toHaveAccessibleName(/8:00 AM/);
    await expect(page).toHaveURL(new RegExp(addDays(sunday, 1)));

    await board.open(sunday);
    await expect(page.getByText("Nobody works on this day, and nothing is booked.")).toBeVisible();
    await board.cell("9:00 AM", maya).click();
    await expect(board.sheet.getByText(/Maya Okafor does not work on Sunday/)).toBeVisible();
    // Edna has the first time of that Monday.
    await board.sheet.getByRole("button", { name: /Next free: Monday.*8:15 AM/ }).click();
    await expect(board.sheet.getByRole("heading", { name: /Book 8:15 AM/ })).toBeVisible();
    await board.close();
    await allSaved(page);
  });

  test("a drop on a taken time is refused here, with the nearest free times; overbooking asks why (C21)", async () => {
    const { page, board, hands } = desk;
    await board.open(quietDay(4));
    await board.book("9:00 AM", maya, "lopez, ana");
    await board.book("10:00 AM", maya, "whitcombe");
    const face = board.spoken("Ana Trial-Lopez");
    const notice = page.getByRole("main").getByRole("alert");
    await hands.drag(face, board.card("Edna Trial-Whitcombe"), { at: { x: 60 } });
    await expect(notice).toContainText("Ana Trial-Lopez was not moved: 10:00 AM is taken.");
    await expect(face).toHaveAccessibleName(/9:00 AM/);
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    await expect(notice.getByRole("button", { name: /\d+:\d\d AM/ })).toHaveCount(3);
    await notice.getByRole("button", { name: "10:15 AM" }).click();
    await expect(face).toHaveAccessibleName(/10:15 AM/);
    await expect(notice).toBeHidden();

    await board.openCard("Ana Trial-Lopez");
    await board.close();
    await face.focus();
    await page.keyboard.press("n");
    await expect(board.sheet.getByText("10:15 AM is taken.")).toBeVisible();
    await board.sheet.getByRole("combobox", { name: "Patient" }).fill("roberta");
    await board.sheet.getByRole("option", { name: /Roberta Trial-Hayes/ }).click();
    await expect(board.sheet.getByRole("button", { name: "Book", exact: true })).toBeDisabled();
    await board.sheet.getByRole("button", { name: "Overbook" }).click();
    await expect(board.sheet.getByRole("button", { name: "Overbook this time" })).toBeDisabled();
    await board.sheet.getByLabel("Why is this time booked twice?").fill("Asked by the clinician");
    await board.sheet.getByRole("button", { name: "Overbook this time" }).click();
    await expect(board.spoken("Roberta")).toHaveAccessibleName(/10:15 AM.*Overbooked/);
    const [left, right] = [await board.card("Ana").boundingBox(), await board.card("Roberta").boundingBox()];
    expect(left!.x + left!.width).toBeLessThanOrEqual(right!.x + 1);
    await allSaved(page);
  });

  test("two desks want one time: the second is told on the board and takes the nearest with one tap", async () => {
    const { practice, page, board } = desk;
    const day = quietDay(8);
    const other = await openBrowser({ viewport: desktop });
    try {
      await signIn(other.page, practice.url, "frontdesk2");
      const second = new Board(other.page);
      await second.open(day);
      await other.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await other.context.setOffline(true);
      await second.book("10:00 AM", maya, "whitcombe");
      await board.open(day);
      await board.book("10:00 AM", maya, "lopez, ana");
      await allSaved(page);
      await other.context.setOffline(false);
      const notice = other.page.getByRole("main").getByRole("alert");
      await expect(notice).toContainText(
        /Call Edna Trial-Whitcombe back: not booked.*10:00 AM with Maya Okafor went to somebody else/,
        {
          timeout: 60_000,
        },
      );
      await expect(notice.getByRole("button", { name: /\d+:\d\d AM/ })).toHaveCount(3);
      await expect(second.card("Edna")).toBeHidden();
      await notice.getByRole("button", { name: "10:15 AM" }).click();
      await expect(notice).toBeHidden();
      await allSaved(other.page);
      await expect(second.spoken("Edna")).toHaveAccessibleName(/10:15 AM/);
      await expect(board.spoken("Edna")).toHaveAccessibleName(/10:15 AM/);
    } finally {
      await other.close();
    }
  });

  test("a move onto a time that was taken meanwhile leaves the appointment where it was, and says so", async () => {
    const { practice, page, board } = desk;
    const day = quietDay(9);
    await board.open(day);
    await board.book("9:00 AM", maya, "whitcombe");
    await allSaved(page);
    const other = await openBrowser({ viewport: desktop });
    try {
      await signIn(other.page, practice.url, "frontdesk2");
      const second = new Board(other.page);
      await second.open(day);
      await expect(second.card("Edna")).toBeVisible();
      await other.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await other.context.setOffline(true);
      await expect(other.page.getByText(/Offline since/)).toBeVisible({ timeout: 60_000 });
      await new Hands(other.page).drag(second.spoken("Edna"), second.cell("11:00 AM", maya), {
        at: { x: 60 },
      });
      await expect(second.spoken("Edna")).toHaveAccessibleName(/11:00 AM.*not yet at the clinic/);
      await board.book("11:00 AM", maya, "lopez, ana");
      await allSaved(page);
      await other.context.setOffline(false);
      const notice = other.page.getByRole("main").getByRole("alert");
      await expect(notice).toContainText(/Call Edna Trial-Whitcombe back: .*11:00 AM with Maya Okafor went/, {
        timeout: 60_000,
      });
      await expect(second.spoken("Edna")).toHaveAccessibleName(/9:00 AM/);
      await notice.getByRole("button", { name: "11:15 AM" }).click();
      await allSaved(other.page);
      await expect(board.spoken("Edna")).toHaveAccessibleName(/11:15 AM/);
    } finally {
      await other.close();
    }
  });
});
