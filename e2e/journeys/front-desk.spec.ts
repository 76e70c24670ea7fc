import { expect, type Page, test } from "@playwright/test";
import { dateIn } from "../../domain/kernel/instant.ts";
import { type Browser, desktop, openBrowser, tablet } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Board, daniel, maya, quietDay } from "../pages/board.ts";
import { signIn } from "../pages/door.ts";
import { Hands } from "../pages/hands.ts";

/** The desk's limits, in interactions. */
const BOOKING = 5;
const REGISTRATION = 8;
const CHECK_IN = 1;

const allSaved = (page: Page) =>
  expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 60_000 });

test.describe("the front desk", () => {
  test.setTimeout(90_000);
  let practice: TestPractice;
  let desk: Browser;
  let page: Page;
  let board: Board;
  let hands: Hands;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    desk = await openBrowser({ viewport: desktop });
    ({ page } = desk);
    board = new Board(page);
    hands = new Hands(page);
    await signIn(page, practice.url, "frontdesk");
  });
  test.afterEach(async () => {
    await page.keyboard.press("Escape");
    expect(desk.complaints).toEqual([]);
  });
  test.afterAll(async () => {
    await desk?.close();
    await practice?.remove();
  });

  test("begins on the board and books a known patient in at most five interactions", async () => {
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

  test("registers a new patient in at most eight interactions, from the board to done", async () => {
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
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").fill("zephyr");
    await page.getByRole("option", { name: /Wilhelmina Trial-Zephyr/ }).click();
    await expect(page.getByRole("heading", { name: "Wilhelmina Trial-Zephyr" })).toBeVisible();
    await allSaved(page);
    await expect(page.getByText(/TRIAL-\d{6}/)).toBeVisible();
  });

  test("is warned of a duplicate while typing, and takes the known person with one tap", async () => {
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
    await board.open(quietDay(0));
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await desk.context.setOffline(true);
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
    await desk.context.setOffline(false);
    await allSaved(page);
  });

  test("checks in with one interaction, takes it back from the toast and from the details", async () => {
    await board.open(quietDay(1));
    await board.book("9:00 AM", maya, "whitcombe");
    const card = board.card("Edna Trial-Whitcombe");
    hands.begin();
    await hands.tap(card.getByRole("button", { name: /Check in/ }));
    await expect(card).toHaveAttribute("data-status", "arrived");
    hands.report("check in", CHECK_IN);
    expect(hands.count).toBe(CHECK_IN);
    await expect(card).toContainText("Waiting 0 min");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(card).toHaveAttribute("data-status", "booked");
    await board.openCard("Edna Trial-Whitcombe");
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
    const trail = board.sheet.getByRole("listitem");
    await expect(trail.last()).toContainText("Back to Booked");
    await expect(trail.last()).toContainText("Priya Nair");
    await expect(trail).toHaveCount(9);
    await board.sheet.getByRole("button", { name: "Cancel appointment" }).click();
    await expect(board.sheet.getByText(/cannot be taken back/)).toBeVisible();
    await board.sheet.getByLabel("Why is it cancelled?").fill("Moved away");
    await board.sheet.getByRole("button", { name: "Cancel this appointment" }).click();
    await expect(card).toBeHidden();
    await expect(page.getByRole("button", { name: "Undo" })).toBeHidden();
    await page.getByRole("button", { name: "Not coming 1" }).click();
    await board.sheet.getByRole("button", { name: /Edna/ }).click();
    await expect(board.sheet.getByText("Moved away")).toBeVisible();
    await expect(board.sheet.getByRole("button", { name: /Back to/ })).toBeHidden();
    await board.close();
    await allSaved(page);
  });

  test("moves by dragging and changes the length by the lower edge, touching no other card", async () => {
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

    // The drag to the afternoon scrolled the board; near its upper edge the next one would scroll it again.
    await page
      .getByRole("grid")
      .locator("..")
      .evaluate((box) => box.scrollTo(0, 0));
    const edge = card.locator("[data-grip]");
    await hands.drag(edge, board.cell("9:15 AM", maya), { shift: 14 });
    await expect(face).toHaveAccessibleName(/9:00 AM – 9:30 AM/);
    await expect(page.getByText("Now 30 minutes.")).toBeVisible();
    await allSaved(page);
  });

  test("moves and changes the length by taps alone", async () => {
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

  test("a drop on a taken time is refused here, with the nearest free times; overbooking asks why (C21)", async () => {
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

  test("adds a walk-in who is at once here", async () => {
    await page.getByRole("link", { name: "Board" }).first().click();
    await page.getByLabel("Go to a day").fill(dateIn("America/New_York"));
    await page.getByRole("button", { name: "Walk-in" }).click();
    await board.sheet.getByRole("combobox", { name: "Patient" }).fill("zephyr");
    await board.sheet.getByRole("option", { name: /Born/ }).first().click();
    const add = board.sheet.getByRole("button", { name: "Add walk-in" });
    if (await add.isDisabled()) {
      await board.sheet.getByRole("button", { name: "Overbook" }).click();
      await board.sheet.getByLabel("Why is this time booked twice?").fill("Walk-in");
      await board.sheet.getByRole("button", { name: "Overbook this time" }).click();
    } else await add.click();
    await expect(board.spoken("Zephyr")).toHaveAccessibleName(/Arrived.*Walk-in/);
    await allSaved(page);
  });

  test("marks similar names on the same day", async () => {
    await board.open(quietDay(5));
    await board.book("9:00 AM", maya, "robert trial");
    await expect(board.spoken("Robert")).not.toHaveAccessibleName(/Similar name/);
    await board.book("9:00 AM", daniel, "roberta trial");
    await expect(board.page.getByRole("button", { name: /Similar name today/ })).toHaveCount(2);
  });

  test("offers a freed time to who waits, books it with one tap, and removes with undo", async () => {
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

  test("prints a day sheet with who and when, for all or for one clinician", async () => {
    await board.open(quietDay(5));
    await page.getByRole("link", { name: "Day sheet to print" }).click();
    const sheet = page.getByRole("article");
    await expect(sheet.getByRole("row")).toHaveCount(4);
    await expect(sheet).toContainText("Similar name today");
    await expect(sheet).toContainText(/Printed by Priya Nair on/);
    await page.getByLabel("Clinician").selectOption({ label: daniel });
    await expect(sheet.getByRole("row")).toHaveCount(2);
    await expect(sheet).toContainText("Roberta");
    await page.emulateMedia({ media: "print" });
    await expect(page.getByRole("banner")).toBeHidden();
    await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
    await expect(sheet).toBeVisible();
    await page.emulateMedia({ media: "screen" });
  });

  test("keeps demographics, contacts and a date of death, which stops booking", async () => {
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

  test("does a whole morning without a mouse", async () => {
    await board.open(quietDay(7));
    await page.locator("[data-stop]").first().focus();
    await page.keyboard.press("Home");
    for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(board.sheet).toBeVisible();
    await page.keyboard.type("edna");
    await expect(board.sheet.getByRole("option").first()).toContainText("Edna");
    await page.keyboard.press("Enter");
    await expect(board.sheet.getByRole("button", { name: "Book", exact: true })).toBeFocused();
    await page.keyboard.press("Enter");
    const face = board.spoken("Edna Trial-Whitcombe");
    await expect(face).toHaveAccessibleName(/9:00 AM/);
    await expect(board.sheet).toBeHidden();
    await expect(face).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await expect(face).toBeFocused();
    await page.keyboard.press("m");
    await expect(board.sheet.getByRole("heading", { name: /Move Edna/ })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(board.sheet).toBeHidden();
    await expect(face).toBeFocused();
    await page.keyboard.press("c");
    await expect(board.card("Edna")).toHaveAttribute("data-status", "arrived");
    await page.keyboard.press("u");
    await expect(board.card("Edna")).toHaveAttribute("data-status", "booked");
    await page.keyboard.press("?");
    await expect(board.sheet.getByText("Move to another time")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(board.sheet).toBeHidden();
    await expect(face).toBeFocused();
    await page.keyboard.press("Delete");
    await page.keyboard.type("Asked by phone");
    await page.keyboard.press("Enter");
    await expect(board.card("Edna")).toBeHidden();
  });

  test("two desks want one time: the second is told on the board and takes the nearest with one tap", async () => {
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
        /Edna Trial-Whitcombe is not booked.*10:00 AM.*Maya Okafor was just taken/,
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
      await expect(notice).toContainText(/Edna Trial-Whitcombe could not be moved/, { timeout: 60_000 });
      await expect(second.spoken("Edna")).toHaveAccessibleName(/9:00 AM/);
      await notice.getByRole("button", { name: "11:15 AM" }).click();
      await allSaved(other.page);
      await expect(board.spoken("Edna")).toHaveAccessibleName(/11:15 AM/);
    } finally {
      await other.close();
    }
  });

  test("a long name gives way on a quarter hour's card at the tablet's width, the state does not", async () => {
    await page.setViewportSize(tablet);
    await board.open(quietDay(5));
    const id = await board.card("Roberta").getAttribute("data-card-root");
    const card = page.locator(`[data-card-root="${id}"] [data-stop]`);
    await card.locator("[data-name]").evaluate((name) => {
      name.textContent = "Wilhelmina Alexandra Trial-Featherstonehaugh-Montgomery";
    });
    const [state, name, face] = await Promise.all(
      [card.locator("strong"), card.locator("[data-name]"), card].map((part) => part.boundingBox()),
    );
    expect(face!.height).toBeLessThan(40);
    expect(state!.x).toBeGreaterThanOrEqual(name!.x + name!.width);
    expect(state!.x + state!.width).toBeLessThanOrEqual(face!.x + face!.width);
    expect(state!.width).toBeGreaterThan(30);
    await page.setViewportSize(desktop);
  });

  test("another day opens where its hours begin, over the end of a month and a change of the clock", async () => {
    const scroller = page.getByRole("grid").locator("..");
    const toTheEnd = () => scroller.evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await page.setViewportSize({ width: 1180, height: 700 });
    await board.open("2027-02-28");
    await toTheEnd();
    await page.getByRole("button", { name: "Next day" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Monday, March 1/);
    await expect(board.cell("8:00 AM", maya)).toBeInViewport();
    await board.open("2027-03-13");
    await page.getByRole("button", { name: "Whole day" }).click();
    await expect(board.cell("8:00 AM", maya)).toBeInViewport();
    for (const [name, heading] of [
      ["Next day", /Sunday, March 14/],
      ["Next day", /Monday, March 15/],
      ["Day before", /Sunday, March 14/],
    ] as const) {
      await toTheEnd();
      await page.getByRole("button", { name }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
      await expect(board.cell("8:00 AM", maya)).toBeInViewport();
      await expect(board.cell("12:00 AM", maya)).not.toBeInViewport();
    }
    await page.getByRole("button", { name: "Usual hours" }).click();
    await page.setViewportSize(desktop);
  });

  test("on a day that the clock changes everybody sees the practice's time, wherever the device is (C22)", async () => {
    await board.open("2027-03-14");
    await board.book("9:00 AM", maya, "lopez, ana");
    await allSaved(page);
    await page.getByRole("button", { name: "Whole day" }).click();
    await expect(page.getByRole("rowheader")).toHaveCount(23 * 4);
    await expect(board.cell("2:00 AM", maya)).toHaveCount(0);
    await page.getByRole("button", { name: "Usual hours" }).click();
    const tokyo = await openBrowser({ viewport: desktop, timezone: "Asia/Tokyo" });
    try {
      await signIn(tokyo.page, practice.url, "frontdesk2");
      const abroad = new Board(tokyo.page);
      await abroad.open("2027-03-14");
      await expect(abroad.spoken("Ana")).toHaveAccessibleName(/9:00 AM – 9:15 AM/);
      await tokyo.page.getByLabel("Go to a day").fill("2027-11-07");
      await tokyo.page.getByRole("button", { name: "Whole day" }).click();
      await expect(tokyo.page.getByRole("rowheader")).toHaveCount(25 * 4);
      await expect(abroad.cell("1:00 AM EDT", maya)).toHaveCount(1);
      await expect(abroad.cell("1:00 AM EST", maya)).toHaveCount(1);
    } finally {
      await tokyo.close();
    }
  });

  test("never sees a clinical word: not on a screen, not in what the clinic sends", async () => {
    const marker = "QUINTESSENTIALPANCREATITIS";
    const clinician = await openBrowser();
    const watcher = await openBrowser({ viewport: desktop });
    try {
      await signIn(clinician.page, practice.url, "clinician");
      await clinician.page.getByRole("link", { name: /Ana Trial-Lopez/ }).click();
      await clinician.page.getByRole("textbox", { name: "Subjective" }).fill(`${marker} since Monday.`);
      await allSaved(clinician.page);
      await expect(clinician.page.getByRole("textbox", { name: "Subjective" })).toContainText(marker);
      const sent: string[] = [];
      watcher.page.on("response", (response) => {
        if (response.url().includes("/api/"))
          response.text().then(
            (text) => sent.push(text),
            () => {},
          );
      });
      await signIn(watcher.page, practice.url, "frontdesk2");
      const screens: string[] = [];
      const look = async () => screens.push(await watcher.page.content());
      const watched = new Board(watcher.page);
      await expect(watched.card("Ana Trial-Lopez")).toBeVisible();
      await look();
      await watched.openCard("Ana Trial-Lopez");
      await look();
      await watched.close();
      await watched.open(quietDay(10));
      await watched.book("9:00 AM", maya, "lopez, ana");
      await watched.openCard("Ana Trial-Lopez");
      await watched.sheet.getByRole("button", { name: "Move to" }).click();
      await look();
      await watched.close();
      await watcher.page.getByRole("link", { name: "Day sheet to print" }).click();
      await expect(watcher.page.getByRole("article")).toContainText("Ana Trial-Lopez");
      await look();
      await watcher.page.keyboard.press("Control+k");
      await watcher.page.getByRole("dialog").getByRole("combobox").fill("lopez, ana");
      await watcher.page.getByRole("option", { name: /Born/ }).first().click();
      await expect(watcher.page.getByRole("heading", { name: "Ana Trial-Lopez" })).toBeVisible();
      await look();
      await allSaved(watcher.page);
      expect(sent.join("")).toContain("Trial-Lopez");
      expect(sent.filter((text) => text.includes(marker))).toEqual([]);
      expect(screens.filter((text) => text.includes(marker))).toEqual([]);
    } finally {
      await clinician.close();
      await watcher.close();
    }
  });

  test("the administrator keeps visit types, rooms and working hours, and the board follows", async () => {
    const admin = await openBrowser({ viewport: desktop });
    try {
      await signIn(admin.page, practice.url, "admin");
      await admin.page.getByRole("link", { name: "Practice", exact: true }).click();
      const main = admin.page.getByRole("main");
      await main.getByLabel("New visit type").fill("Form signing");
      await main.getByLabel("Minutes", { exact: true }).selectOption("10");
      await main.getByRole("button", { name: "Add visit type" }).click();
      await expect(main.getByLabel("Name of Form signing")).toBeVisible();
      await main.getByLabel("New room").fill("Exam 9");
      await main.getByRole("button", { name: "Add room" }).click();
      await expect(main.getByLabel("Name of Exam 9")).toBeVisible();
      await main.getByLabel("Clinician").selectOption({ label: daniel });
      const remove = main.getByRole("button", { name: /Sunday: remove/ });
      while ((await remove.count()) > 0) await remove.first().click();
      await main.getByRole("button", { name: "Sunday: add hours" }).click();
      await expect(main.getByLabel("Sunday: from")).toHaveValue("08:00");
      await allSaved(admin.page);
    } finally {
      await admin.close();
    }
    await board.open("2027-03-21");
    await expect(board.cell("8:00 AM", daniel)).not.toHaveAttribute("data-off", "true");
    await board.cell("8:00 AM", daniel).click();
    await expect(board.sheet.getByRole("radio", { name: /Form signing/ })).toBeVisible();
    await board.close();
  });
});
