import { expect, test } from "@playwright/test";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { sheet } from "../pages/chart.ts";
import { signIn } from "../pages/door.ts";

test.describe.configure({ mode: "serial" });

test.describe("tasks and messages", () => {
  let practice: TestPractice;
  let tablet: Browser;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    tablet = await openBrowser();
    await signIn(tablet.page, practice.url, "clinician");
    await expect(tablet.page.getByText("All saved to the clinic")).toBeVisible();
  });
  test.afterAll(async () => {
    await tablet?.close();
    await practice?.remove();
  });

  test("C19: tasks and messages: the desk writes to nursing and never reads a clinical word", async () => {
    const { page } = tablet;
    await page.getByRole("link", { name: "Tasks" }).click();
    await page.getByRole("button", { name: "New task" }).click();
    await sheet(page).getByLabel("What is to be done").fill("Repeat the potassium");
    await expect(sheet(page).getByRole("button", { name: "Front desk" })).toHaveCount(0);
    await sheet(page).getByRole("button", { name: "Nursing" }).click();
    await expectAccessible(page, "new task");
    await sheet(page).getByRole("button", { name: "Give task" }).click();
    const seat = await openBrowser({ viewport: desktop });
    await signIn(seat.page, practice.url, "frontdesk");
    await seat.page.getByRole("link", { name: "Tasks" }).click();
    await seat.page.getByRole("button", { name: "New message" }).click();
    await expect(sheet(seat.page).getByRole("button", { name: "All clinicians" })).toHaveCount(0);
    await sheet(seat.page).getByRole("textbox", { name: "Message" }).fill("Carl asks for a call");
    await sheet(seat.page).getByRole("button", { name: "Send" }).click();
    await expect(seat.page.getByText("Message sent")).toBeVisible();
    await expect(seat.page.getByText("Repeat the potassium")).toHaveCount(0);
    const sent = seat.page.getByRole("region", { name: "Sent by you" });
    await expect(sent).toContainText("Carl asks for a call");
    await expect(sent).toContainText("Not read yet");
    await expectAccessible(seat.page, "tasks at the desk");
    const nurses = await openBrowser();
    await signIn(nurses.page, practice.url, "nurse");
    const place = nurses.page.getByRole("link", { name: /Tasks/ });
    await expect(place).toContainText("1");
    await place.click();
    await expect(nurses.page.getByText("Repeat the potassium")).toBeVisible();
    await expectAccessible(nurses.page, "tasks");
    await nurses.page.getByRole("button", { name: "Done: Repeat the potassium" }).click();
    await nurses.page.getByRole("button", { name: "Undo" }).click();
    await expect(nurses.page.getByRole("button", { name: "Done: Repeat the potassium" })).toBeVisible();
    await nurses.page.getByRole("button", { name: "Reply" }).click();
    await expect(sheet(nurses.page)).toContainText("administrative words only");
    await sheet(nurses.page).getByRole("textbox", { name: "Message" }).fill("We will call at noon");
    await sheet(nurses.page).getByRole("button", { name: "Send" }).click();
    await expect(place).not.toContainText("1");
    await expect(seat.page.getByText("We will call at noon")).toBeVisible();
    await expect(sent).toContainText(/Read by Jonas Lindqvist/);
    await nurses.close();
    await seat.close();
  });
});
