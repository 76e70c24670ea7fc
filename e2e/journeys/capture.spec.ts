import { expect, type Locator, type Page, test } from "@playwright/test";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { refuseWrites, wordsOnDisk } from "../fixtures/disk.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { spokenVisit } from "../fixtures/spoken-visit.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { pin, signIn, unlock } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";
import { visitTurns } from "../pages/visit-turns.ts";

test.describe.configure({ mode: "serial" });

const label = "Boy with a rash, room 2";
const words = "RASHWORDS since Tuesday, mother agrees to a cream";
const cutOff = "CUTOFFWORDS typed when the tab was killed";

/** C23: whoever may not read any more can still work, for the clinic alone; somebody else says whose it is. */
test.describe("writing and recording without reading", () => {
  let practice: TestPractice;
  let tablet: Browser;
  let nurse: Browser;
  const voice = spokenVisit(visitTurns, { pauseSeconds: 0.7 });

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    tablet = await openBrowser({ microphone: voice.file });
    nurse = await openBrowser({ viewport: desktop });
    await signIn(nurse.page, practice.url, "nurse");
  });
  test.afterAll(async () => {
    await tablet?.close();
    await nurse?.close();
    await practice?.remove();
  });

  const write = (page: Page) => page.getByRole("button", { name: "Write something down" }).click();
  const about = (page: Page) => page.getByLabel("Who or what is it about?");
  const text = (page: Page) => page.getByLabel("What happened?");
  const sealed = (page: Page) => page.getByText("Sealed on this tablet");
  const item = (page: Page, what: string) => page.getByRole("listitem").filter({ hasText: what });
  const section = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });
  /** To Ana, and into her visit of today. */
  const match = async (page: Page, what: Locator) => {
    await what.getByRole("button", { name: "Whose is it?" }).click();
    const sheet = page.getByRole("dialog", { name: /Whose is it/ });
    await sheet.getByRole("combobox", { name: "Patient" }).fill("lopez ana");
    await page.getByRole("option", { name: /Ana Trial-Lopez/ }).click();
    await expect(sheet.getByText("In which visit?")).toBeVisible();
    await sheet.getByRole("group", { name: "In which visit?" }).getByRole("button").nth(1).click();
    await expectAccessible(page, "matching to a patient");
    await sheet.getByRole("button", { name: "Put into the chart" }).click();
  };

  test("a tablet that was away too long takes words and sound, and cannot show them again", async () => {
    const { page, context } = tablet;
    await signIn(page, practice.url, "clinician");
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await page.getByRole("button", { name: /, menu$/ }).click();
    await page.getByRole("button", { name: "Lock this tablet" }).click();
    await expect(page.getByLabel("PIN")).toBeVisible();
    await page.clock.setSystemTime(Date.now() + 4 * 24 * 3_600_000);
    await unlock(page);
    await write(page);
    await expect(page.getByRole("main")).toContainText("nobody can read it on this tablet, you included");
    await about(page).fill(label);
    await text(page).fill(words);
    await expect(sealed(page)).toBeVisible();
    await expectAccessible(page, "writing without reading");
    await page.getByRole("button", { name: "Record what is said" }).click();
    await page.getByRole("button", { name: "Patient agrees" }).click();
    await expect(page.getByRole("timer")).toHaveText("0:06", { timeout: 60_000 });
    await page.getByRole("button", { name: "Stop" }).click();
    await expect(page.getByText("The recording is sealed")).toBeVisible();
  });

  test("words that the disk refuses are in sight again after a lock, and the sound is not recorded over", async () => {
    const { page, context } = tablet;
    await refuseWrites(page, true);
    await text(page).fill(`${words} for three days`);
    await expect(page.getByRole("alert")).toContainText("your words are still here");
    const useHere = (tab: Page) => tab.getByRole("button", { name: "Use here" }).click();
    const other = await context.newPage();
    await other.goto(practice.url);
    await useHere(other);
    await useHere(page);
    await other.close();
    await refuseWrites(page, false);
    await unlock(page);
    await expect(text(page)).toHaveValue(`${words} for three days`);
    await expect(about(page)).toHaveValue(label);
    await expect(page.getByText("The recording is sealed")).toBeVisible();
    await expect(page.getByRole("button", { name: "Record what is said" })).toHaveCount(0);
    await expect(sealed(page)).toBeVisible();
    await page.getByRole("button", { name: "Put away" }).click();
    await expect(page.getByText("1 note is sealed here and waits for the clinic.")).toBeVisible();
    await expectAccessible(page, "the door with something put away");
    await expect(page.getByText("RASHWORDS")).toHaveCount(0);
  });

  test("what was being typed when the tab was killed is put away as it is, and nothing of it lies on the disk", async () => {
    const { page, profile } = tablet;
    await write(page);
    await text(page).fill(cutOff);
    await expect(sealed(page)).toBeVisible();
    await tablet.kill();
    expect(await wordsOnDisk(profile, ["RASHWORDS", "CUTOFFWORDS", "Boy with a rash", pin])).toEqual([]);
  });

  test("the locked tablet delivers it by itself, and a nurse says whose it is", async () => {
    const { profile } = tablet;
    tablet = await openBrowser({ profile, microphone: voice.file });
    await tablet.page.goto(practice.url);
    await expect(tablet.page.getByLabel("PIN")).toBeVisible();

    const { page } = nurse;
    await page.getByRole("link", { name: /^Review/ }).click();
    await expect(page.getByRole("heading", { name: "Unassigned" })).toBeVisible({ timeout: 90_000 });
    await item(page, label).getByRole("button", { name: "Open" }).click();
    await expect(item(page, label)).toContainText(words);
    await expect(item(page, label)).toContainText("Maya Okafor");
    const play = item(page, label).getByRole("button", { name: /Play the recording/ });
    await expect(play).toBeVisible({ timeout: 90_000 });
    await play.click();
    await expect(item(page, label).getByRole("button", { name: "Stop" })).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page, "the tray of what is unassigned");
    await match(page, item(page, label));
    await expect(page.getByText(/In the chart of Ana Trial-Lopez/)).toBeVisible();
    await expect(page.getByText("All saved to the clinic")).toBeVisible();

    const other = item(page, "Without a name");
    await other.getByRole("button", { name: "Open" }).click();
    await expect(other).toContainText(cutOff);
    await match(page, other);
    await expect(page.getByRole("heading", { name: "Unassigned" })).toHaveCount(0);
  });

  test("C05: out of the wrong chart again, its words go from the draft, and what was typed stays", async () => {
    const { page, context } = nurse;
    const wrong = (tab: Page) => tab.getByRole("article").filter({ hasText: "CUTOFFWORDS" });
    const put = async () => {
      await page.getByRole("link", { name: "Today" }).click();
      await visitOf(page, "Ana Trial-Lopez").click();
      await wrong(page).getByRole("button", { name: "Put into the note" }).click();
      await expect(section(page, "Subjective")).toContainText(/Hers\..*CUTOFFWORDS/s);
    };
    const release = async (tab: Page) => {
      await wrong(tab).getByRole("button", { name: "Wrong patient?" }).click();
      const dialog = tab.getByRole("dialog");
      await expect(dialog).toContainText("Its words go from the draft too");
      await dialog.getByLabel("Reason").fill("Another boy");
      await dialog.getByRole("button", { name: "Take out of this chart" }).click();
      await expect(wrong(tab)).toHaveCount(0);
    };
    const opened = async (tab: Page) => {
      await tab.getByRole("link", { name: /^Review/ }).click();
      await item(tab, "Without a name").getByRole("button", { name: "Open" }).click();
      return item(tab, "Without a name");
    };
    await page.getByRole("link", { name: "Today" }).click();
    await visitOf(page, "Ana Trial-Lopez").click();
    await section(page, "Subjective").fill("Hers.");
    await put();
    await release(page);
    await expect(section(page, "Subjective")).toHaveText("Hers.");

    // Put there once more; then a colleague takes it away, to where this tablet does not see.
    await match(page, await opened(page));
    await expect(page.getByText(/In the chart of Ana Trial-Lopez/)).toBeVisible();
    await put();
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    await context.setOffline(true);
    const colleague = await openBrowser();
    await signIn(colleague.page, practice.url, "clinician2");
    await colleague.page.goto(page.url());
    await unlock(colleague.page);
    await release(colleague.page);
    await opened(colleague.page);
    await colleague.page.getByRole("button", { name: "Discard…" }).click();
    await colleague.page.getByRole("dialog").getByLabel("Reason").fill("Written twice");
    await colleague.page.getByRole("dialog").getByRole("button", { name: "Discard", exact: true }).click();
    await expect(colleague.page.getByRole("heading", { name: "Unassigned" })).toHaveCount(0);
    await expect(colleague.page.getByText("All saved to the clinic")).toBeVisible();
    await colleague.close();
    await context.setOffline(false);
    const strays = page.getByRole("region", { name: "Words that are not in this chart any more" });
    await expect(strays).toBeVisible({ timeout: 60_000 });
    await expect(section(page, "Subjective")).toContainText("CUTOFFWORDS");
    await expectAccessible(page, "words of which nobody here knows whose they are");
    await strays.getByRole("button", { name: "Take these words out" }).click();
    await expect(section(page, "Subjective")).toHaveText("Hers.");
    await expect(strays).toHaveCount(0);
  });

  test("it stands in the chart under its author's name, with its recording in the visit, and the author is told", async () => {
    const { page } = nurse;
    await page.getByRole("link", { name: "Today" }).click();
    await visitOf(page, "Ana Trial-Lopez").click();
    const entry = page.getByRole("article").filter({ hasText: words });
    await expect(entry).toContainText("Maya Okafor");
    await expect(entry).toContainText(label);
    await expect(page.getByRole("region", { name: "Recorder" })).toContainText("At the clinic");

    const author = await openBrowser();
    await signIn(author.page, practice.url, "clinician");
    await author.page.getByRole("link", { name: /^Tasks/ }).click();
    // One for each time that something was matched, also where that was taken back.
    await expect(author.page.getByText("in this patient's chart now, under your name")).toHaveCount(3);
    await expect(author.page.getByText("was not used")).toBeVisible();
    await author.close();
  });

  const entry = (page: Page) => page.getByRole("article").filter({ hasText: "RASHWORDS" });

  test("its words go into the visit's note once, with whose they are, also without the clinic", async () => {
    const { page, context } = nurse;
    await context.setOffline(true);
    await section(page, "Exam").fill("Typed before.");
    await entry(page).getByLabel("Section of the note").selectOption("Exam");
    const put = entry(page).getByRole("button", { name: "Put into the note" });
    await expectAccessible(page, "a capture beside its visit's note");
    await put.dblclick();
    await expect(put).toHaveCount(0);
    await expect(entry(page)).toContainText("In the note of the visit, under Exam");
    await expect(section(page, "Exam")).toContainText(/^Typed before\.\s*Maya Okafor, MD, .*RASHWORDS/);
    expect((await section(page, "Exam").innerText()).match(/RASHWORDS/g)).toHaveLength(1);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(section(page, "Exam")).toHaveText("Typed before.");
    await put.click();
    // Leaving the page saves, as it does with typed words.
    await page.getByRole("link", { name: "Today" }).click();
    await visitOf(page, "Ana Trial-Lopez").click();
    await expect(section(page, "Exam")).toContainText("RASHWORDS");
    await expect(page.getByText("Saved on this tablet")).toBeVisible();
    await page.reload();
    await unlock(page);
    await expect(section(page, "Exam")).toContainText("RASHWORDS");
    await expect(entry(page)).toContainText("under Exam");
    await context.setOffline(false);
    await expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 60_000 });
  });

  test("what its clinician takes out again is in no note, and after her signature there is the addendum", async () => {
    const doctor = await openBrowser();
    const { page } = doctor;
    await signIn(page, practice.url, "clinician");
    await visitOf(page, "Ana Trial-Lopez").click();
    await expect(entry(page)).toContainText("under Exam");
    await expect(section(page, "Exam")).toContainText("Maya Okafor, MD");
    await section(page, "Exam").fill("Looked at it myself.");
    await expect(entry(page).getByRole("button", { name: "Put into the note" })).toBeVisible();
    await page.getByRole("button", { name: "Review and sign" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sign", exact: true }).click();
    await expect(entry(page)).toContainText("The note of the visit is signed: nothing is added to it.");
    await entry(page).getByRole("button", { name: "Write an addendum with it" }).click();
    const sheet = page.getByRole("dialog", { name: "Addendum" });
    await expect(sheet.getByLabel("Addendum")).toHaveValue(/^Maya Okafor, MD, .*RASHWORDS/s);
    await expectAccessible(page, "an addendum with a capture's words");
    await sheet.getByRole("button", { name: "Add to the note" }).click();
    await expect(page.getByRole("region", { name: "Addendum" })).toContainText("RASHWORDS");
    await expect(entry(page)).toContainText("In an addendum to the note of the visit");
    await doctor.close();
  });

  test("the privacy officer sees that it was, and none of its words", async () => {
    const officer = await openBrowser({ viewport: desktop });
    await signIn(officer.page, practice.url, "privacy");
    await officer.page.getByRole("link", { name: "Audit" }).click();
    await officer.page.getByRole("button", { name: /review/i }).click();
    const register = officer.page.getByRole("region", { name: "Written down without reading" });
    await expect(register.getByRole("listitem")).toHaveCount(2);
    await expect(register).toContainText("In a chart");
    await expect(register).not.toContainText("RASHWORDS");
    await officer.close();
  });
});
