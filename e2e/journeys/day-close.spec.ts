import { expect, type Page, test } from "@playwright/test";
import { type Browser, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { spokenVisit } from "../fixtures/spoken-visit.ts";
import { visitsOfToday } from "../fixtures/wrong-visit.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { sheet } from "../pages/chart.ts";
import { saved, signIn, signInHere, unlock } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";
import { visitTurns } from "../pages/visit-turns.ts";

/** Nobody leaves a tablet that says more than it has sent. */
test.describe("the end of the day", () => {
  let practice: TestPractice;
  let tablet: Browser;
  const voice = spokenVisit(visitTurns.slice(0, 2));

  test.beforeAll(async () => {
    practice = await TestPractice.start();
  });
  test.beforeEach(async () => {
    tablet = await openBrowser({ microphone: voice.file });
  });
  test.afterEach(async () => {
    await tablet.close();
  });
  test.afterAll(async () => {
    await practice?.remove();
  });

  const main = (page: Page) => page.getByRole("main");
  /** The large sentence. */
  const sentence = (page: Page) => main(page).getByRole("status").first();
  const rowOf = (page: Page, name: string) =>
    main(page).getByRole("listitem").filter({ hasText: name }).first();

  const openDayClose = async (page: Page) => {
    await page.getByRole("button", { name: /, menu$/ }).click();
    await page.getByRole("banner").getByRole("link", { name: "End of the day" }).click();
    await expect(page.getByRole("heading", { name: "End of the day" })).toBeVisible();
  };
  const writeIn = async (page: Page, name: string, words: string) => {
    await visitOf(page, name).click();
    await page.getByRole("textbox", { name: "Subjective" }).fill(words);
    await expect(page.getByText(saved)).toBeVisible();
  };
  const isReady = async (page: Page) => {
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  };

  test("recorded and typed offline: not safe until the clinic has words and sound, then one can leave", async () => {
    const { page, context } = tablet;
    await signIn(page, practice.url, "clinician");
    await isReady(page);
    await openDayClose(page); // its code is on the tablet from here on
    await expect(page.getByText("No visits of yours today")).toBeVisible();
    await expect(page.getByRole("heading", { name: "You can leave." })).toBeVisible();
    await page.getByRole("link", { name: "Today" }).click();
    await expect(visitOf(page, "Edna")).toBeVisible();
    await expect(main(page).getByRole("link", { name: "End of the day" })).toHaveCount(0);
    await visitOf(page, "Ana Trial-Lopez").click();
    await expect(page.getByRole("textbox", { name: "Subjective" })).toBeVisible();
    await context.setOffline(true);
    await page.getByRole("textbox", { name: "Subjective" }).fill("Typed with the clinic away.");
    await expect(page.getByText(saved)).toBeVisible();
    await page.getByRole("button", { name: "Record this visit" }).click();
    await page.getByRole("button", { name: "Patient agrees" }).click();
    await expect(page.getByRole("region", { name: "Recorder" }).getByRole("timer")).toHaveText(/0:0[3-9]/);
    await openDayClose(page);
    await expect(sentence(page)).toContainText("0 of 1 visit safe, 1 recording being made, ");
    await expect(page.getByText("A recording is still being made. Stop it first.")).toBeVisible();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await expect(sentence(page)).toContainText(
      /0 of 1 visit safe, 1 recording on this tablet, \d changes waiting/,
    );
    await expect(sentence(page)).toContainText(/As of \d.*: the clinic has not answered since\./);
    const row = rowOf(page, "Ana Trial-Lopez");
    await expect(row).toContainText("Draft, not signed");
    await expect(row).toContainText("Recording: on this tablet");
    await expect(row).toContainText("Not safe yet");
    await expect(main(page)).toContainText("The tablet goes on sending while it is locked.");
    await expect(main(page).getByRole("button", { name: "Sign out" })).toHaveCount(0);
    await expectAccessible(page, "end of the day, offline");

    // It is said again after the lock, which keeps the work.
    await main(page).getByRole("button", { name: "Lock" }).click();
    await unlock(page);
    await expect(page.getByRole("heading", { name: "Today", exact: true })).toBeVisible();
    await openDayClose(page);
    await expect(sentence(page)).toContainText(
      /0 of 1 visit safe, 1 recording on this tablet, \d changes waiting/,
    );

    await context.setOffline(false);
    await expect(sentence(page)).toHaveText("1 of 1 visit safe", { timeout: 60_000 });
    await expect(row).toContainText("Recording: at the clinic");
    await expect(row).toContainText("Safe");
    await expect(page.getByRole("heading", { name: "You can leave." })).toBeVisible();
    await expect(main(page)).toContainText("Notes to sign: 1");
    await row.getByRole("link").click();
    await expect(page.getByRole("heading", { name: "Ana Trial-Lopez" })).toBeVisible();
    await openDayClose(page);
    await main(page).getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByLabel("User name").or(page.getByLabel("PIN"))).toBeVisible();
    expect(tablet.complaints).toEqual([]);
  });

  test("what the clinic refused is said with its reason, and leads to where it is decided", async () => {
    const { page, context } = tablet;
    const desk = await Program.signIn(practice.url, "frontdesk");
    await signIn(page, practice.url, "clinician");
    await isReady(page);
    await openDayClose(page);
    await page.getByRole("link", { name: "Today" }).click();
    const visits = await visitsOfToday(page);
    const names = await page.getByRole("listitem").allInnerTexts();
    const edna = visits[names.findIndex((words) => words.includes("Edna"))]!;
    await page.getByRole("link", { name: "Tasks" }).click();
    await page.getByRole("button", { name: "New task" }).click();
    await context.setOffline(true);
    await sheet(page).getByLabel("What is to be done").fill("Order printer paper");
    await sheet(page).getByRole("button", { name: "Give task" }).click();
    await expect(sheet(page)).toHaveCount(0);
    await openDayClose(page);
    const beyond = main(page).getByText(/^Other work of yours:/);
    await expect(beyond).toContainText("Other work of yours: 1 waiting.");
    await expect(page.getByRole("heading", { name: "Not everything is at the clinic yet." })).toBeVisible();
    await beyond.getByRole("link", { name: "What is waiting" }).click();
    await expect(page.getByText("New task")).toBeVisible();
    await page.getByRole("link", { name: "Today" }).click();
    await writeIn(page, "Edna", "She came after all.");
    await page.getByRole("link", { name: "Today" }).click();
    // The last visit of the day has begun.
    await expect(main(page).getByRole("link", { name: "End of the day" })).toBeVisible();
    expect(await desk.does("appointment.cancel", { id: edna.appointmentId, cancelReason: "No car" })).toBe(
      "applied",
    );
    await openDayClose(page);
    await context.setOffline(false);
    await expect(sentence(page)).toContainText(/ of \d visits safe, .*\d refused/, { timeout: 60_000 });
    await expect(beyond).toHaveCount(0);
    const row = main(page).getByRole("listitem").first(); // unsafe ones stand first
    await expect(row).toContainText("Edna");
    await expect(row).toContainText("Not safe yet");
    await expect(row).toContainText("Visit started");
    await expect(row).toContainText("Note refused");
    await expect(main(page)).toContainText("What was refused waits for you: it is not sent by itself.");
    await expect(page.getByRole("heading", { name: "You can leave." })).toHaveCount(0);
    await expectAccessible(page, "end of the day, refused");
    await row
      .getByRole("link", { name: /^Decide/ })
      .first()
      .click();
    await expect(page.getByRole("heading", { name: "Needs attention" })).toBeVisible();
    await page.getByRole("link", { name: "End of the day" }).click();
    await expect(page.getByRole("heading", { name: "End of the day" })).toBeVisible();
  });

  test("a shared tablet says how much of others waits, and not whose or what", async () => {
    const { page, context } = tablet;
    await signIn(page, practice.url, "clinician");
    await isReady(page);
    await page.getByRole("button", { name: /, menu$/ }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await signInHere(page, "nurse");
    await isReady(page);
    await openDayClose(page);
    await expect(page.getByText("No visits of yours today")).toBeVisible();
    await page.getByRole("link", { name: "Today" }).click();
    await context.setOffline(true);
    await writeIn(page, "“Bob”", "Prepared by the nurse.");
    await openDayClose(page);
    await expect(rowOf(page, "“Bob”")).toContainText("Not safe yet");
    await main(page).getByRole("button", { name: "Lock" }).click();
    await page.getByRole("button", { name: /Maya Okafor/ }).click();
    await unlock(page);
    await openDayClose(page);
    await expect(page.getByText(/^Other people's work on this tablet: [1-9]/)).toBeVisible();
    await expect(main(page)).not.toContainText("“Bob”");
    await context.setOffline(false);
    await expect(page.getByText(/^Other people's work on this tablet/)).toHaveCount(0, {
      timeout: 60_000,
    });
  });

  test("the desk has no visits, and is led to what waits", async () => {
    const { page } = tablet;
    await signIn(page, practice.url, "frontdesk");
    await expect(page.getByRole("grid")).toBeVisible();
    await page.getByRole("button", { name: /, menu$/ }).click();
    await expect(page.getByRole("link", { name: "End of the day" })).toHaveCount(0);
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "All saved to the clinic" }).click();
    await expect(page.getByText("Everything is at the clinic")).toBeVisible();
    await expect(page.getByRole("link", { name: "End of the day" })).toHaveCount(0);
  });
});
