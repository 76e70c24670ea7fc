import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { storedRecords } from "../fixtures/disk.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { spokenVisit } from "../fixtures/spoken-visit.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { pin, saved, signIn, trialPassword, unlock } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";
import { visitTurns } from "../pages/visit-turns.ts";

/** One test for each row of the table "When something fails" in docs/operate. */
test.describe("when something fails", () => {
  let practice: TestPractice;
  let tablet: Browser;
  const voice = spokenVisit(visitTurns, { pauseSeconds: 0.7 });

  test.beforeAll(async () => {
    practice = await TestPractice.start({ ai: true });
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

  const openVisit = async (page: Page, name: string) => {
    await visitOf(page, name).click();
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
    await openVisit(page, "Robert");
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
    await openVisit(page, "Ana");
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
    await openVisit(colleague.page, "Ana");
    for (const word of words)
      await expect(colleague.page.getByRole("textbox", { name: "Subjective" })).toContainText(word);
    await colleague.close();
  });

  test("a browser that is killed while recording has every finished slice, and goes on", async () => {
    const { page } = tablet;
    await signIn(page, practice.url, "clinician");
    await openVisit(page, "Edna");
    await page.getByRole("button", { name: "Record this visit" }).click();
    await page.getByRole("button", { name: "Patient agrees" }).click();
    await expect(page.getByRole("timer")).toHaveText(/0:1[2-9]/, { timeout: 40_000 });
    // The clock counts what is heard; what is safe is what lies on the disk.
    await expect.poll(() => storedRecords(page, "chunks")).toBeGreaterThan(1);
    const address = page.url();
    await tablet.kill();
    const reopened = await openBrowser({ profile: tablet.profile });
    await reopened.page.goto(address);
    await unlock(reopened.page);
    expect(await storedRecords(reopened.page, "chunks")).toBeGreaterThan(1);
    await expect(reopened.page.getByText("The recording was cut off")).toBeVisible();
    await expect(reopened.page.getByText(/0:(?:0[4-9]|1\d) are safe/)).toBeVisible();
    await reopened.page.getByRole("button", { name: "Finish with what is there" }).click();
    // The crash may have taken the session's cookie with it: the password brings the rest.
    const wanted = reopened.page.getByText(/asks for your password/);
    await expect(wanted.or(reopened.page.getByText("Transcribed", { exact: true }))).toBeVisible({
      timeout: 60_000,
    });
    if (await wanted.isVisible()) {
      await reopened.page.getByRole("button", { name: "Sign in", exact: true }).click();
      await reopened.page.getByLabel("Password", { exact: true }).fill(trialPassword);
      await reopened.page.getByRole("button", { name: "Sign in", exact: true }).click();
    }
    await expect(reopened.page.getByText("Transcribed", { exact: true })).toBeVisible({ timeout: 90_000 });
    await reopened.close();
  });

  test("a tablet that is full says what is not saved, keeps it, and goes on when there is room", async () => {
    const { page, context } = tablet;
    await signIn(page, practice.url, "clinician");
    await openVisit(page, "Ana");
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
    // From the start: a page whose clock is replaced while its first screen is on its way may never draw again.
    await page.clock.install();
    await signIn(page, practice.url, "clinician");
    await page.clock.setSystemTime(Date.now() + 7 * 60_000);
    await openVisit(page, "Robert");
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
    await openVisit(page, "Roberta");
    await page.getByRole("button", { name: "Record this visit" }).click();
    await page.getByRole("button", { name: "Patient agrees" }).click();
    await expect(page.getByRole("timer")).toHaveText(/0:3\d/, { timeout: 60_000 });
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await expect(page.getByText("Being transcribed")).toBeVisible({ timeout: 60_000 });
    await practice.kill("ai-node");
    await expect(page.getByText("Transcribed", { exact: true })).toBeVisible({ timeout: 150_000 });
  });

  test("a forgotten PIN: the password and a new PIN open the tablet, and what was not sent is not lost", async () => {
    const { page, context } = tablet;
    await signIn(page, practice.url, "nurse");
    await visitOf(page, "Ana Trial-Lopez").click();
    await expect(page.getByRole("textbox", { name: "Subjective" })).toBeVisible();
    await context.setOffline(true);
    // Locked within the pause in which nothing is saved yet.
    await page.getByRole("textbox", { name: "Subjective" }).fill("Written before the PIN was forgotten.");
    await page.getByRole("button", { name: /, menu$/ }).click();
    await page.getByRole("button", { name: "Lock this tablet" }).click();
    await page.getByRole("button", { name: "I forgot the PIN" }).click();
    await context.setOffline(false);
    await page.getByRole("button", { name: "Sign in and choose a new PIN" }).click();
    await page.getByLabel("User name").fill("nurse");
    await page.getByLabel("Password", { exact: true }).fill(trialPassword);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByLabel("New PIN").fill("another-pin");
    await page.getByLabel("The same PIN again").fill("another-pin");
    await page.getByRole("button", { name: "Use this PIN" }).click();
    await expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole("textbox", { name: "Subjective" })).toContainText("Written before the PIN");
  });

  test("a tablet that was away too long opens today's list and the safety cards in an emergency, and tells the clinic", async () => {
    const { page, context } = tablet;
    await signIn(page, practice.url, "clinician");
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await page.getByRole("button", { name: /, menu$/ }).click();
    await page.getByRole("button", { name: "Lock this tablet" }).click();
    await expect(page.getByLabel("PIN")).toBeVisible();
    const today = Date.now();
    await page.clock.setSystemTime(today + 4 * 24 * 3_600_000);
    await unlock(page);
    await expect(page.getByRole("heading", { name: "This tablet has been away too long" })).toBeVisible();
    await page.getByRole("button", { name: "Emergency access" }).click();
    await expectAccessible(page, "emergency access: PIN and reason");
    await page.getByLabel("Why is it needed?").fill("The line to the clinic is cut");
    const begin = async (code: string) => {
      await page.getByLabel("PIN").fill(code);
      await page.getByRole("button", { name: "Begin emergency access" }).click();
    };
    for (let i = 0; i < 5; i++) {
      await begin(`wrong-pin-${i}`);
      await expect(page.getByLabel("PIN")).toHaveValue("");
    }
    await expect(page.getByRole("alert")).toContainText(/Try again in \d+ seconds/);
    await expect(page.getByLabel("PIN")).toBeDisabled();
    await page.clock.setSystemTime(today + 4 * 24 * 3_600_000 + 90_000);
    await begin(pin);
    await expect(page.getByRole("banner")).toContainText("charts stay hidden");
    await page.getByRole("combobox", { name: "Find a patient" }).fill("lopez ana");
    await page.getByRole("option", { name: /Ana Trial-Lopez/ }).click();
    const card = page.getByRole("region", { name: "Safety card" });
    await expect(card).toContainText("ACE inhibitors");
    await expectAccessible(page, "emergency access");
    await page.goto(`${practice.url}/tasks`);
    await unlock(page);
    await expect(page.getByRole("banner")).toContainText("charts stay hidden");

    await page.clock.setSystemTime(today + 60_000);
    await context.setOffline(false);
    await expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 90_000 });
    const officer = await openBrowser({ viewport: desktop });
    await signIn(officer.page, practice.url, "privacy");
    const place = officer.page.getByRole("link", { name: /Emergencies/ });
    await expect(place).toContainText("1");
    await place.click();
    const item = officer.page.getByRole("listitem").filter({ hasText: "The line to the clinic is cut" });
    await expect(item).toContainText("Maya Okafor");
    await item.getByLabel(/What you found/).fill("The provider confirmed the outage.");
    await item.getByRole("button", { name: "Mark as reviewed" }).click();
    await expect(item).toContainText(/Reviewed by .* · The provider confirmed the outage\./);
    await expect(place).not.toContainText("1");
    await officer.close();
  });

  test("a copied browser profile blocks nothing: what it writes waits for review, and it can start anew", async () => {
    const register = async (page: Page, name: string) => {
      await page.getByRole("button", { name: "New patient", exact: true }).click();
      await page.getByLabel("Given name").fill(name);
      await page.getByLabel("Family name").fill("Trial-Copied");
      await page.getByLabel("Birth date").fill("1/2/1990");
      await page.keyboard.press("Enter");
      await expect(page.getByText("Registered.")).toBeVisible();
      await page.keyboard.press("Escape");
    };
    const enter = async (page: Page) => {
      await page.getByLabel("Password", { exact: true }).fill(trialPassword);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
    };
    await signIn(tablet.page, practice.url, "frontdesk");
    await expect(tablet.page.getByText("All saved to the clinic")).toBeVisible();
    await tablet.context.close();
    const copy = await mkdtemp(join(tmpdir(), "jamemr-copy-"));
    await cp(tablet.profile, copy, { recursive: true });
    const first = await openBrowser({ profile: tablet.profile, viewport: desktop });
    await first.page.goto(practice.url);
    await unlock(first.page);
    await register(first.page, "Original");
    await expect(first.page.getByText("All saved to the clinic")).toBeVisible();
    await first.context.close();

    const second = await openBrowser({ profile: copy, viewport: desktop });
    const { page } = second;
    await page.goto(practice.url);
    await unlock(page);
    await register(page, "Copied");
    await page.getByRole("link", { name: /needs? attention/ }).click();
    await expect(page.getByRole("alert")).toContainText("This tablet is a copy of another one");
    await expect(page.getByText("It is kept at the clinic, for a colleague to review.")).toBeVisible();
    await page.getByRole("button", { name: "Start anew on this tablet" }).click();
    await page.getByLabel("User name").fill("frontdesk");
    await enter(page);
    await page.getByLabel("New PIN").fill("another-pin");
    await page.getByLabel("The same PIN again").fill("another-pin");
    await page.getByRole("button", { name: "Use this PIN" }).click();
    await page.getByRole("link", { name: "Board" }).click();
    await register(page, "Anew");
    await expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 60_000 });
    await page.getByRole("link", { name: /Review/ }).click();
    await expect(page.getByRole("listitem").filter({ hasText: "New patient" })).toHaveCount(1);
    await second.close();
  });

  test("a session that the clinic ended asks for the password and keeps what was typed", async () => {
    const { page } = tablet;
    await signIn(page, practice.url, "clinician");
    await openVisit(page, "Robert");
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
    await openVisit(page, "Robert");
    await practice.kill("postgres");
    await page.getByRole("textbox", { name: "Results" }).fill("Typed while the database was away.");
    await expect(page.getByText(saved)).toBeVisible();
    await expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 60_000 });
    const { code } = await practice.jamemr("audit", "verify");
    expect(code).toBe(0);
  });
});
