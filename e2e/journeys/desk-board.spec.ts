import { expect, test } from "@playwright/test";
import { newId } from "../../domain/kernel/id.ts";
import { trialId } from "../../sync-server/practice/trial/trial-patients.ts";
import { desktop, openBrowser, tablet } from "../fixtures/browser.ts";
import { allSaved, deskAtWork } from "../fixtures/desk.ts";
import { refuseWrites } from "../fixtures/disk.ts";
import { Program } from "../fixtures/program.ts";
import { Board, daniel, maya, quietDay } from "../pages/board.ts";
import { signIn } from "../pages/door.ts";

test.describe("the front desk's board", () => {
  const desk = deskAtWork();

  test("does a whole morning without a mouse", async () => {
    const { page, board } = desk;
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
    await page.keyboard.press("?");
    await expect(board.sheet.getByText("Move to another time")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(board.sheet).toBeHidden();
    await expect(face).toBeFocused();
    await page.keyboard.press("Delete");
    await expect(board.sheet.getByLabel("Why is it cancelled?")).toBeFocused();
    await page.keyboard.type("Asked by phone");
    await page.keyboard.press("Enter");
    await expect(board.card("Edna")).toBeHidden();
    await page.locator("[data-stop][tabindex='0']").focus();
    await page.keyboard.press("z");
    await expect(face).toBeVisible();
    await page.keyboard.press("t");
    await board.spoken("Ana Trial-Lopez").focus();
    await page.keyboard.press("c");
    await expect(board.card("Ana Trial-Lopez")).toHaveAttribute("data-status", "arrived");
    await page.keyboard.press("u");
    await expect(board.card("Ana Trial-Lopez")).toHaveAttribute("data-status", "booked");
  });

  test("marks similar names on the same day", async () => {
    const { board } = desk;
    await board.open(quietDay(5));
    await board.book("9:00 AM", maya, "robert trial");
    await expect(board.spoken("Robert")).not.toHaveAccessibleName(/Similar name/);
    await board.book("9:00 AM", daniel, "roberta trial");
    await expect(board.page.getByRole("button", { name: /Similar name today/ })).toHaveCount(2);
  });

  test("prints a day sheet with who and when, for all or for one clinician", async () => {
    const { page, board } = desk;
    await board.open(quietDay(5));
    await page.getByRole("link", { name: "Day sheet to print" }).click();
    const sheet = page.getByRole("article");
    await expect(sheet.getByRole("row")).toHaveCount(4);
    await expect(sheet).toContainText("Similar name today");
    await expect(sheet).toContainText(/Printed by Priya Nair on/);
    const running = sheet.getByText(/Trial practice · .* · Daniel Reyes · Printed by Priya Nair on/);
    await expect(running).toBeHidden();
    await page.getByLabel("Clinician").selectOption({ label: daniel });
    await expect(sheet.getByRole("row")).toHaveCount(2);
    await expect(sheet).toContainText("Roberta");
    await page.emulateMedia({ media: "print" });
    await expect(page.getByRole("banner")).toBeHidden();
    await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
    await expect(sheet).toBeVisible();
    await expect(running).toBeVisible();
    await page.emulateMedia({ media: "screen" });
  });

  test("nothing moves when somebody cancels and the time is offered, at the tablet's width", async () => {
    const { page, board } = desk;
    await page.setViewportSize(tablet);
    const day = quietDay(11);
    await board.open(day);
    await board.book("9:00 AM", maya, "lopez, ana");
    await page.getByRole("button", { name: /Wait list/ }).click();
    await board.sheet.getByRole("button", { name: "Add to the wait list" }).click();
    await board.sheet.getByRole("combobox", { name: "Patient" }).fill("whitcombe");
    await board.sheet.getByRole("option", { name: /Born/ }).first().click();
    await board.sheet.getByLabel("From").fill(day);
    await board.sheet.getByLabel("Until").fill(day);
    await board.sheet.getByRole("button", { name: "Add", exact: true }).click();
    await board.close();
    const places = () =>
      Promise.all(
        [
          page.getByRole("button", { name: /Not coming/ }),
          page.getByRole("button", { name: /Wait list/ }),
          board.cell("10:00 AM", daniel),
        ].map((part) => part.boundingBox()),
      );
    const before = await places();
    await board.openCard("Ana Trial-Lopez");
    await board.sheet.getByRole("button", { name: "Cancel appointment" }).click();
    await board.sheet.getByRole("button", { name: "Cancel this appointment" }).click();
    await expect(page.getByText("9:00 AM with Maya Okafor came free")).toBeVisible();
    await expect(page.getByRole("button", { name: "Not coming 1" })).toBeVisible();
    const after = await places();
    for (const [index, place] of before.entries()) {
      expect(after[index]!.x).toBeCloseTo(place!.x, 0);
      expect(after[index]!.y).toBeCloseTo(place!.y, 0);
    }
    await page.setViewportSize(desktop);
  });

  test("what the disk refuses is said, and stays as it was typed", async () => {
    const { practice, page, board } = desk;
    const day = quietDay(13);
    const colleague = await Program.signIn(practice.url, "frontdesk2");
    const refused = "The clinic refused a change";
    const appointment = {
      id: newId(),
      patientId: await colleague.registers("Ottilie"),
      clinicianId: (await Program.signIn(practice.url, "clinician")).session.user.id,
      visitTypeId: trialId("visit-type", "Follow-up"),
      start: `${day}T15:00:00.000Z`,
      minutes: 15,
      reason: "",
    };
    expect(await colleague.does("appointment.book", appointment)).toBe("applied");
    await board.open(day);
    const card = board.card("Ottilie");
    await board.openCard("Ottilie");
    await board.sheet.getByRole("button", { name: "Cancel appointment" }).click();
    const why = board.sheet.getByLabel("Why is it cancelled?");
    await why.fill("Asked by phone");
    await refuseWrites(page, true);
    await board.sheet.getByRole("button", { name: "Cancel this appointment" }).click();
    await expect(page.getByText(/This tablet could not write/)).toBeVisible();
    await expect(why).toHaveValue("Asked by phone");
    await board.close();
    await board.openCard("Ottilie");
    await refuseWrites(page, false);

    // Refused by the clinic: a colleague was faster while this desk was away.
    await page.context().setOffline(true);
    await board.sheet.getByRole("button", { name: "Confirm" }).click();
    await expect(card).toHaveAttribute("data-status", "confirmed");
    await board.close();
    const { id } = appointment;
    expect(await colleague.does("appointment.cancel", { id, cancelReason: "No car" })).toBe("applied");
    await page.context().setOffline(false);
    const notice = page.getByRole("alert").filter({ hasText: refused });
    await expect(notice).toBeVisible({ timeout: 60_000 });
    await refuseWrites(page, true);
    await notice.getByRole("button", { name: "Send again" }).click();
    await expect(notice).toContainText("This tablet could not write");
    await refuseWrites(page, false);
    await notice.getByRole("button", { name: "Leave it" }).click();
    await expect(notice).toBeHidden();
  });

  test("a long name gives way on a quarter hour's card at the tablet's width, the state does not", async () => {
    const { page, board } = desk;
    await page.setViewportSize(tablet);
    await board.open(quietDay(14));
    await board.book("9:00 AM", daniel, "roberta trial");
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
    const { page, board } = desk;
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
    const { practice, page, board } = desk;
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
});
