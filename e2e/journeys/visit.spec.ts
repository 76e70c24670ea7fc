import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import {
  type SpokenDialogue,
  synthesizeDialogue,
} from "../../ai-node/testing/speech-synthesis/synthesize-dialogue.ts";
import { wordErrorRate } from "../../ai-node/testing/word-error-rate.ts";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { saved, signIn, trialPassword, unlock } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";
import { visitTurns } from "../pages/visit-turns.ts";

/** How far played seconds may be from what was really said, in seconds. */
const TOLERANCE = 0.5;

/** The visit that was open by mistake. */
const wrongPatient = "Edna Trial-Whitcombe";

test.describe.configure({ mode: "serial" });

test.describe("a visit, recorded offline, becomes a signed and audited note", () => {
  let practice: TestPractice;
  let tablet: Browser;
  let dialogue: SpokenDialogue;
  let folder: string;
  let visitAddress: string;

  test.beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "jamemr-voice-"));
    dialogue = await synthesizeDialogue(visitTurns, { pauseSeconds: 0.7, sampleRate: 48_000 });
    await writeFile(join(folder, "visit.wav"), dialogue.wav);
    practice = await TestPractice.start({ ai: true });
    tablet = await openBrowser({ microphone: join(folder, "visit.wav") });
  });

  test.afterAll(async () => {
    await tablet?.close();
    await practice?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  test("Today shows the three booked patients", async () => {
    await signIn(tablet.page, practice.url, "clinician");
    await expect(tablet.page.getByRole("listitem")).toHaveCount(3);
    await expect(tablet.page.getByText("All saved to the clinic")).toBeVisible();
  });

  test("C05: with the server stopped, Ana's visit is recorded on the wrong patient; her chart asks whether it goes on", async () => {
    const { page } = tablet;
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await visitOf(page, wrongPatient).click();
    await expect(page.getByRole("heading", { name: wrongPatient })).toBeVisible();
    await practice.stop();
    await page.getByRole("button", { name: "Record this visit" }).click();
    await page.getByRole("button", { name: "Patient agrees" }).click();
    await expect(page.getByRole("timer")).toBeVisible();
    await page.getByRole("textbox", { name: "Subjective" }).fill("Typed on the wrong visit.");
    await page.getByRole("button", { name: "Wrong patient?" }).click();
    await expect(page.getByText("Stop the recording first.", { exact: false })).toBeVisible();
    await page.getByRole("link", { name: "Today" }).click();
    await visitOf(page, "Ana Trial-Lopez").click();
    await expect(page.getByRole("heading", { name: "Ana Trial-Lopez" })).toBeVisible();
    visitAddress = page.url();
    const question = page.getByRole("region", { name: "Is this recording meant to go on?" });
    await expect(question).toContainText(/Still recording .*, born \w+ \d+, \d{4}\?/);
    await expectAccessible(page, "still recording");
    // It only asks: the note below takes words while it stands.
    await page.getByRole("textbox", { name: "Assessment & plan" }).fill("Cough since starting lisinopril.");
    await question.getByRole("button", { name: "Keep recording" }).click();
    await expect(question).toHaveCount(0);
    const seconds = dialogue.turns.at(-1)!.end + 1;
    await expect
      .poll(async () => secondsOf(await page.getByRole("timer").innerText()), {
        timeout: (seconds + 30) * 1000,
      })
      .toBeGreaterThan(seconds);
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await expect(page.getByRole("button", { name: "Record this visit" })).toBeVisible();
    await expect(page.getByText("Saved on this tablet")).toBeVisible();
    await expect(page.getByText(/Offline since/)).toBeVisible();
  });

  test("C05: still offline, the recording goes to Ana's visit; the wrong one keeps what was typed, and the trail", async () => {
    const { page } = tablet;
    await page.getByRole("link", { name: "Today" }).click();
    await visitOf(page, wrongPatient).click();
    await page.getByRole("button", { name: "Wrong patient?" }).click();
    const move = page.getByRole("dialog");
    await move.getByRole("radio", { name: /Ana Trial-Lopez/ }).check({ force: true });
    await expect(move).toContainText("every word that was typed here");
    await expect(move).toContainText("The sound is still on this tablet");
    await expectAccessible(page, "move a recording");
    await move.getByRole("button", { name: "Move recording" }).click();
    await expect(page.getByText(/^Recording moved to Ana Trial-Lopez · born/)).toBeVisible();
    await expect(page.getByRole("button", { name: "Wrong patient?" })).toHaveCount(0);
    // Taken back by another move, and made again: the trail has all three.
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByText("On this tablet", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Wrong patient?" }).click();
    await move.getByRole("radio", { name: /Ana Trial-Lopez/ }).check({ force: true });
    await move.getByRole("button", { name: "Move recording" }).click();
    await expect(move).toHaveCount(0);
    await expect(page.getByText(/^Recording moved to Ana/).first()).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Subjective" })).toHaveText("Typed on the wrong visit.");
    await page.goto(visitAddress);
    await unlock(page);
    await expect(page.getByText("On this tablet", { exact: true })).toBeVisible();
    await expect(page.getByText(/^Moved here from/)).toHaveCount(2);
  });

  test("after a reload and the PIN everything is still there, without a server", async () => {
    const { page } = tablet;
    await page.reload();
    await unlock(page);
    await expect(page.getByRole("heading", { name: "Ana Trial-Lopez" })).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Assessment & plan" })).toHaveText(
      "Cough since starting lisinopril.",
    );
    await expect(page.getByText("On this tablet", { exact: true })).toBeVisible();
    await page.goto(`${practice.url}/waiting`);
    await unlock(page);
    await expect(page.getByText("Recording finished")).toBeVisible();
    await page.goto(visitAddress);
    await unlock(page);
  });

  test("when the server is back, outbox, sound, transcript and draft arrive without a tap", async () => {
    const { page } = tablet;
    await practice.start();
    await expect(page.getByText("All saved to the clinic")).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("Transcribed", { exact: true })).toBeVisible({ timeout: 90_000 });
    const lines = await page
      .getByRole("region", { name: "Transcript" })
      .getByRole("listitem")
      .allInnerTexts();
    const heard = lines
      .map((line) => line.replace(/^[\d:]+\s*(?:Clinician|Patient|Speaker|Somebody else)\s*/, ""))
      .join(" ");
    const said = visitTurns.map((turn) => turn.text).join(" ");
    expect(wordErrorRate(said, heard)).toBeLessThanOrEqual(0.2);
    await expect(page.getByRole("textbox", { name: "Subjective" })).toContainText(/chest pain/i);
    await expect(page.getByRole("textbox", { name: "Assessment & plan" })).toContainText(
      "Cough since starting lisinopril.",
    );
  });

  test("C18: what was heard and is not in the note stays shut until somebody asks for it", async () => {
    const { page } = tablet;
    const tray = page.locator("details").filter({ hasText: /Heard but not in the note/ });
    await expect(tray.getByRole("listitem")).toHaveCount(0); // shut: nothing of it is shown or read out
    await tray.locator("summary").first().click();
    await expect(tray.getByRole("listitem").first()).toBeVisible();
    await tray.locator("summary").first().click();
  });

  test("C05: the wrong visit shows no word of it, only where it went", async () => {
    const { page } = tablet;
    await page.getByRole("link", { name: "Today" }).click();
    await visitOf(page, wrongPatient).click();
    await expect(page.getByText(/^Recording moved to Ana Trial-Lopez · born/)).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Subjective" })).toHaveText("Typed on the wrong visit.");
    await expect(page.getByRole("region", { name: "Transcript" })).toHaveCount(0);
    await page.goBack();
    await page.goBack();
    await expect(page.getByRole("region", { name: "Transcript" })).toBeVisible();
  });

  test("a sentence of the note plays its own seconds, also with the network down", async () => {
    const { page } = tablet;
    await tablet.context.setOffline(true);
    const known = dialogue.turns.find((turn) => /chest pain/.test(turn.text))!;
    await page
      .getByRole("textbox", { name: "Subjective" })
      .locator("[data-evidence]")
      .filter({ hasText: /chest pain/i })
      .first()
      .click();
    const strip = page.getByRole("region", { name: "What was said" });
    await expect(strip).toBeVisible();
    await expect(strip).toHaveAttribute("data-played", /^[\d.]+-[\d.]+$/, { timeout: 20_000 });
    const [start, end] = (await strip.getAttribute("data-played"))!.split("-").map(Number) as [
      number,
      number,
    ];
    expect(Math.abs(start - known.start)).toBeLessThanOrEqual(TOLERANCE);
    expect(Math.abs(end - known.end)).toBeLessThanOrEqual(TOLERANCE);
    await tablet.context.setOffline(false);
  });

  test("edited and signed, the note is sealed by the clinic", async () => {
    const { page } = tablet;
    const plan = page.getByRole("textbox", { name: "Assessment & plan" });
    // What was said waits beside the clinician's words and goes in only when she says so.
    await expect(plan).toHaveText("Cough since starting lisinopril.");
    await page.getByRole("button", { name: "Insert" }).first().click();
    await expect(plan).toContainText(/two weeks/);
    await plan.click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" Recheck in two weeks.");
    await expect(page.getByText(saved)).toBeVisible();
    await page.getByRole("button", { name: "Review and sign" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sign", exact: true }).click();
    await expect(page.getByText("Signed and sealed")).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole("article", { name: "Signed note" })).toContainText("Recheck in two weeks.");
    expect(tablet.complaints).toEqual([]);
  });

  test("the front desk is denied, and the denial has its number in the log", async () => {
    const desk = await openBrowser({ viewport: desktop });
    await signIn(desk.page, practice.url, "frontdesk");
    // The signed visit is over at the desk, too.
    await expect(desk.page.getByRole("button", { name: /Ana Trial-Lopez.*Done/ })).toBeVisible();
    await expect(desk.page.getByRole("button", { name: "Check in Ana Trial-Lopez" })).toHaveCount(0);
    await desk.page.goto(visitAddress);
    await unlock(desk.page);
    const alert = desk.page.getByRole("alert");
    await expect(alert).toContainText(/recorded in the audit log as number \d+/);
    const shown = Number(/number (\d+)/.exec(await alert.innerText())![1]);
    const session = await fetch(`${practice.url}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        username: "frontdesk",
        password: trialPassword,
        device: { id: "01a20004-fc55-7b52-b8f9-862a08f32fee", name: "A program" },
      }),
    }).then((answer) => answer.json());
    const denied = await fetch(`${practice.url}/api/recordings/01a20004-fc55-7b52-b8f9-862a08f32fee/audio`, {
      headers: { authorization: `Bearer ${session.accessToken}` },
    });
    expect(denied.status).toBe(403);
    const problem = await denied.json();
    expect(problem.code).toBe("forbidden");
    expect(problem.auditSeq).toBeGreaterThan(shown);
    await desk.close();
  });

  test("the privacy officer sees the visit from recording to signature, and the denials", async () => {
    const officer = await openBrowser({ viewport: desktop });
    await signIn(officer.page, practice.url, "privacy");
    await officer.page.getByRole("link", { name: "Audit" }).click();
    await officer.page.getByRole("combobox", { name: "Patient" }).fill("trial-lopez, ana");
    await officer.page.getByRole("option", { name: /Ana Trial-Lopez/ }).click();
    const table = officer.page.getByRole("table");
    for (const action of [
      "recording.moved",
      "transcript.created",
      "draft.created",
      "note.revised",
      "note.signed",
      "encounter.started",
      "encounter.finished",
      "appointment.done",
      "access.denied", // the desk's attempt at this visit
    ])
      await expect(table.getByText(action, { exact: true }).first()).toBeVisible();
    await officer.page.getByRole("button", { name: /show every patient again/ }).click();
    await officer.page.getByLabel("Outcome").selectOption("denied");
    await expect(table.getByText("access.denied").first()).toBeVisible();
    await officer.close();
  });

  test("the audit chain is whole", async () => {
    const { code, stdout } = await practice.jamemr("audit", "verify", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).whole).toBe(true);
  });
});

const secondsOf = (text: string): number => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
