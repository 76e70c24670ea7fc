import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { synthesizeDialogue } from "../../ai-node/testing/speech-synthesis/synthesize-dialogue.ts";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { saved, signIn, trialPassword, unlock } from "../pages/door.ts";
import { visitTurns } from "../pages/visit-turns.ts";

/** One test for each row of the table "When something fails" in docs/operate. */
test.describe("when something fails", () => {
  let practice: TestPractice;
  let tablet: Browser;
  let voice: string;

  test.beforeAll(async () => {
    voice = await mkdtemp(join(tmpdir(), "jamemr-voice-"));
    const { wav } = await synthesizeDialogue(visitTurns, { pauseSeconds: 0.7, sampleRate: 48_000 });
    await writeFile(join(voice, "visit.wav"), wav);
    practice = await TestPractice.start({ ai: true });
  });
  test.beforeEach(async () => {
    tablet = await openBrowser({ microphone: join(voice, "visit.wav") });
  });
  test.afterEach(async () => {
    await tablet.close();
  });
  test.afterAll(async () => {
    await practice?.remove();
    await rm(voice, { recursive: true, force: true });
  });

  const openVisit = async (page: Page, name: RegExp) => {
    await page.getByRole("link", { name }).click();
    await expect(page.getByRole("textbox", { name: "Subjective" })).toBeVisible();
  };

  test("a wrong password is said, and the next try works", async () => {
    const { page } = tablet;
    await page.goto(practice.url);
    await page.getByLabel("User name").fill("clinician");
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText("The name or password is not right.");
    await expect(page.getByLabel("User name")).toHaveValue("clinician");
    await page.getByLabel("Password", { exact: true }).fill(trialPassword);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByLabel("New PIN")).toBeVisible();
  });

  test("five wrong PINs make the tablet wait and destroy nothing", async () => {
    const { page } = tablet;
    await page.clock.install();
    await signIn(page, practice.url, "clinician");
    await openVisit(page, /Robert/);
    await page.getByRole("textbox", { name: "Subjective" }).fill("Typed before the lock.");
    await expect(page.getByText(saved)).toBeVisible();
    await page.getByRole("button", { name: /menu/ }).click();
    await page.getByRole("button", { name: "Lock this tablet" }).click();
    for (let i = 0; i < 5; i++) {
      await unlock(page, `wrong-pin-${i}`);
      await expect(page.getByRole("alert")).toBeVisible();
    }
    await expect(page.getByRole("alert")).toContainText(/Try again in \d+ seconds/);
    await expect(page.getByRole("button", { name: "Unlock" })).toBeDisabled();
    await page.clock.fastForward(20_000);
    await expect(page.getByRole("button", { name: "Unlock" })).toBeDisabled();
    await page.clock.fastForward(11_000);
    await expect(page.getByRole("button", { name: "Unlock" })).toBeEnabled();
    await unlock(page);
    await expect(page.getByRole("textbox", { name: "Subjective" })).toHaveText("Typed before the lock.");
  });

  test("a server that dies while changes are sent loses nothing and comes back by itself", async () => {
    const { page } = tablet;
    await signIn(page, practice.url, "clinician");
    await openVisit(page, /Ana/);
    const words = Array.from({ length: 12 }, (_, index) => `Sentence ${index}.`);
    const section = page.getByRole("textbox", { name: "Subjective" });
    await section.click();
    for (const [index, word] of words.entries()) {
      await page.keyboard.type(`${word} `);
      if (index === 3) await practice.kill("sync-server");
      await expect(page.getByText(saved)).toBeVisible();
    }
    await expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 60_000 });
    const colleague = await openBrowser();
    await signIn(colleague.page, practice.url, "nurse");
    await openVisit(colleague.page, /Ana/);
    for (const word of words)
      await expect(colleague.page.getByRole("textbox", { name: "Subjective" })).toContainText(word);
    await colleague.close();
  });

  test("a browser that is killed while recording has every finished slice, and goes on", async () => {
    const { page } = tablet;
    await signIn(page, practice.url, "clinician");
    await openVisit(page, /Edna/);
    await page.getByRole("button", { name: "Record this visit" }).click();
    await page.getByRole("button", { name: "Patient agrees" }).click();
    await expect(page.getByRole("timer")).toHaveText(/0:1[2-9]/, { timeout: 40_000 });
    const address = page.url();
    await tablet.kill();
    const reopened = await openBrowser({ profile: tablet.profile });
    await reopened.page.goto(address);
    await unlock(reopened.page);
    await expect(reopened.page.getByText("The recording was cut off")).toBeVisible();
    await expect(reopened.page.getByText(/0:(?:0[4-9]|1\d) are safe/)).toBeVisible();
    await reopened.page.getByRole("button", { name: "Finish with what is there" }).click();
    // The crash may have taken the session's cookie with it: the password brings the rest.
    const wanted = reopened.page.getByText(/asks for your password/);
    await expect(wanted.or(reopened.page.getByText("Transcribed", { exact: true }))).toBeVisible({
      timeout: 60_000,
    });
    if (await wanted.isVisible()) {
      await reopened.page.getByRole("button", { name: "Sign in" }).click();
      await reopened.page.getByLabel("Password", { exact: true }).fill(trialPassword);
      await reopened.page.getByRole("button", { name: "Sign in", exact: true }).click();
    }
    await expect(reopened.page.getByText("Transcribed", { exact: true })).toBeVisible({ timeout: 90_000 });
    await reopened.close();
  });

  test("a tablet that is full says what is not saved, keeps it, and goes on when there is room", async () => {
    const { page, context } = tablet;
    await signIn(page, practice.url, "clinician");
    await openVisit(page, /Ana/);
    const section = page.getByRole("textbox", { name: "Exam" });
    const disk = await context.newCDPSession(page);
    const full = (quota?: number) =>
      disk.send("Storage.overrideQuotaForOrigin", {
        origin: practice.url,
        ...(quota === undefined ? {} : { quotaSize: quota }),
      });
    await page.getByRole("button", { name: "Record this visit" }).click();
    await page.getByRole("button", { name: "Patient agrees" }).click();
    await expect(page.getByRole("timer")).toHaveText(/0:0\d/);
    await full(1);
    // Chromium goes by what it knew of the free space for up to 30 s.
    await expect(page.getByText(/The last seconds could not be saved/)).toBeVisible({ timeout: 60_000 });
    await section.click();
    await page.keyboard.type("Typed on a full tablet.");
    await expect(page.getByText("Not saved", { exact: true })).toBeVisible();
    await expect(page.getByText(/your words are still here/)).toBeVisible();
    await expect(section).toHaveText("Typed on a full tablet.");
    await full();
    await page.getByRole("button", { name: "Save again" }).click();
    await expect(page.getByText(saved)).toBeVisible();
    await expect(page.getByText(/The last seconds could not be saved/)).toBeHidden({ timeout: 30_000 });
    await full(1);
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await full();
    await expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 60_000 });
    // What was said while the disk was full is in the recording, which has no gap.
    await expect(page.getByText(/not recorded/)).toHaveCount(0);
  });

  test("a tablet whose clock is off says so wherever it stamps, and its work arrives", async () => {
    const { page } = tablet;
    await signIn(page, practice.url, "clinician");
    await page.clock.setSystemTime(Date.now() + 7 * 60_000);
    await openVisit(page, /Robert/);
    await page.getByRole("textbox", { name: "Assessment & plan" }).fill("Written seven minutes early.");
    const said = page.getByText("This tablet's clock is 7 min ahead");
    await expect(page.getByRole("status").filter({ has: said })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 60_000 });
    await page.getByRole("button", { name: "Review and sign" }).click();
    await expect(page.getByRole("dialog").getByText(/7 min ahead/)).toBeVisible();
    await page.keyboard.press("Escape");
    const it = await openBrowser({ viewport: desktop });
    await signIn(it.page, practice.url, "it");
    const row = it.page
      .getByRole("row")
      .filter({ hasText: "Maya Okafor" })
      .filter({ hasText: /s ahead/ });
    await expect(row).toContainText(/4[0-3]\d s ahead/, { timeout: 90_000 });
    await it.close();
    // Set right again, nothing is said any more.
    await page.clock.setSystemTime(new Date());
    await page.getByRole("textbox", { name: "Assessment & plan" }).fill("And now on time.");
    await expect(said).toBeHidden({ timeout: 60_000 });
  });

  test("an AI node that is killed in the middle of a job does not keep the transcript away", async () => {
    const { page } = tablet;
    await signIn(page, practice.url, "clinician2");
    await openVisit(page, /Roberta/);
    await page.getByRole("button", { name: "Record this visit" }).click();
    await page.getByRole("button", { name: "Patient agrees" }).click();
    await expect(page.getByRole("timer")).toHaveText(/0:3\d/, { timeout: 60_000 });
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await expect(page.getByText("Being transcribed")).toBeVisible({ timeout: 60_000 });
    await practice.kill("ai-node");
    await expect(page.getByText("Transcribed", { exact: true })).toBeVisible({ timeout: 150_000 });
  });

  test("a session that the clinic ended asks for the password and keeps what was typed", async () => {
    const { page } = tablet;
    await signIn(page, practice.url, "clinician");
    await openVisit(page, /Robert/);
    // The live connection tells the page within two seconds, so the words come first.
    await page.getByRole("textbox", { name: "Exam" }).fill("Typed while the session was over.");
    await practice.jamemr("user", "end-sessions", "clinician");
    await expect(page.getByRole("heading", { name: "Please sign in again" })).toBeVisible({
      timeout: 60_000,
    });
    await page.getByLabel("Password", { exact: true }).fill(trialPassword);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("textbox", { name: "Exam" })).toHaveText("Typed while the session was over.");
    await expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 60_000 });
  });

  test("a database that restarts is waited for", async () => {
    const { page } = tablet;
    await signIn(page, practice.url, "clinician");
    await openVisit(page, /Robert/);
    await practice.kill("postgres");
    await page.getByRole("textbox", { name: "Results" }).fill("Typed while the database was away.");
    await expect(page.getByText(saved)).toBeVisible();
    await expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 60_000 });
    const { code } = await practice.jamemr("audit", "verify");
    expect(code).toBe(0);
  });
});
