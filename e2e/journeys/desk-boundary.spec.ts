import { expect, test } from "@playwright/test";
import { desktop, openBrowser } from "../fixtures/browser.ts";
import { allSaved, deskAtWork } from "../fixtures/desk.ts";
import { Board, daniel, maya, quietDay } from "../pages/board.ts";
import { signIn } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";

test.describe("the front desk's boundary", () => {
  const desk = deskAtWork();

  test("never sees a clinical word: not on a screen, not in what the clinic sends", async () => {
    const { practice } = desk;
    const marker = "QUINTESSENTIALPANCREATITIS";
    const clinician = await openBrowser();
    const watcher = await openBrowser({ viewport: desktop });
    try {
      await signIn(clinician.page, practice.url, "clinician");
      await visitOf(clinician.page, "Ana Trial-Lopez").click();
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
    const { practice, board } = desk;
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
