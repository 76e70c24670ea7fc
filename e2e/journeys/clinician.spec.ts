import { expect, test } from "@playwright/test";
import { newId } from "../../domain/kernel/id.ts";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { recordsOnWrongVisit, visitsOfToday } from "../fixtures/wrong-visit.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { goTo, Hands, list, openChartOf, pick, sheet } from "../pages/chart.ts";
import { saved, signIn } from "../pages/door.ts";

test.describe.configure({ mode: "serial" });

test.describe("a clinician works in charts", () => {
  let practice: TestPractice;
  let tablet: Browser;
  let desk: Program;
  let nurse: Program;
  let patientId: string;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    desk = await Program.signIn(practice.url, "frontdesk");
    nurse = await Program.signIn(practice.url, "nurse");
    patientId = await desk.registers("Carl");
    tablet = await openBrowser();
    await signIn(tablet.page, practice.url, "clinician");
    await expect(tablet.page.getByText("All saved to the clinic")).toBeVisible();
  });
  test.afterAll(async () => {
    await tablet?.close();
    await practice?.remove();
  });

  test("from Today to a chart is one tap, and to the next patient one more", async () => {
    const { page } = tablet;
    const hands = new Hands(page);
    await hands.tap(page.getByRole("link", { name: /^Chart,/ }).first());
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const first = await page.getByRole("heading", { level: 1 }).innerText();
    const open = hands.count;
    await hands.tap(page.getByRole("link", { name: /^Next,/ }));
    await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(first);
    process.stdout.write(`open a chart: ${open} interaction, next patient: ${hands.count - open}\n`);
    expect([open, hands.count - open]).toEqual([1, 1]);
    await expectAccessible(page, "chart");
    await page.getByRole("link", { name: "Open visit" }).click();
    await expect(page.getByRole("textbox", { name: "Subjective" })).toBeVisible();
    await page.getByRole("link", { name: "Open chart" }).click();
    await expect(page.getByRole("tab", { name: "Summary" })).toBeVisible();
  });

  test("C13: a drug that the patient is allergic to is given with a reason or not at all", async () => {
    const { page } = tablet;
    await openChartOf(page, patientId);
    await expect(list(page, "Allergies")).toContainText("Not asked yet");
    await pick(page, "Add allergy", "penicillin");
    await sheet(page).getByRole("button", { name: "Anaphylaxis", exact: true }).click();
    await sheet(page).getByRole("button", { name: "Add allergy" }).click();
    await expect(page.getByRole("region", { name: "Patient" })).toContainText("Penicillins (severe)");
    await pick(page, "Add medication", "amoxicillin");
    const add = sheet(page).getByRole("button", { name: "Add medication" });
    await expect(sheet(page)).toContainText("Allergy to Penicillins (Anaphylaxis)");
    await expect(add).toBeDisabled();
    await sheet(page).getByLabel("Given all the same, because").fill("Desensitized last year");
    await expectAccessible(page, "medication with a warning");
    await add.click();
    await list(page, "Medications")
      .getByRole("button", { name: /^amoxicillin/ })
      .click();
    await expect(sheet(page)).toContainText("Desensitized last year");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Add medication", exact: true }).click();
    await sheet(page).getByRole("combobox").fill("grandmother's tea");
    await page.keyboard.press("Enter");
    await expect(sheet(page)).toContainText("Not checked: “grandmother's tea” is not in the table of drugs.");
    await page.keyboard.press("Escape");
  });

  test("C10: what a nurse reported is confirmed with one tap in the entry", async () => {
    const { page } = tablet;
    expect(
      await nurse.does("problem.add", { id: newId(), patientId, encounterId: null, title: "Migraine" }),
    ).toBe("applied");
    const problems = list(page, "Problems");
    await expect(problems).toContainText("Reported, unverified");
    await problems.getByRole("button", { name: /^Migraine/ }).click();
    await sheet(page).getByRole("button", { name: "Confirm" }).click();
    await expect(problems.getByText("Reported, unverified")).toHaveCount(0);
    await problems.getByRole("button", { name: /^Migraine/ }).click();
    await sheet(page).getByRole("button", { name: "Resolve" }).click();
    await expect(page.getByText("Migraine resolved")).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(problems.getByRole("button", { name: /^Migraine/ })).toBeVisible();
  });

  test("C12: a stop that was decided on an older state waits until the clinician takes it", async () => {
    const { page } = tablet;
    const medications = list(page, "Medications");
    const row = medications.getByRole("button", { name: /^amoxicillin/ });
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    const id = newId();
    await nurse.does("medication.add", {
      id,
      patientId,
      encounterId: null,
      name: "metformin",
      dose: "500 mg",
    });
    await expect(medications).toContainText("metformin");
    // Somebody who never saw the entry as it is now stops it.
    expect(
      await nurse.does("medication.stop", {
        id,
        patientId,
        stoppedOn: "2026-01-05",
        stopReason: "diarrhea",
        seen: newId(),
      }),
    ).toBe("applied");
    await expect(medications).toContainText("STOP pending");
    await medications.getByRole("button", { name: /^metformin/ }).click();
    await expectAccessible(page, "medication, stop pending");
    await sheet(page).getByRole("button", { name: "Stop it" }).click();
    await expect(medications.getByText("STOP pending")).toHaveCount(0);
    await page.keyboard.press("Escape");
    await expect(medications).toContainText("1 stopped or struck");
    await expect(row).toBeVisible();
  });

  test("what was stopped or ended comes back by Undo, also with the keyboard", async () => {
    const { page } = tablet;
    const medications = list(page, "Medications");
    const row = medications.getByRole("button", { name: /^amoxicillin/ });
    await row.click();
    await sheet(page).getByRole("button", { name: "Stop", exact: true }).click();
    await sheet(page).getByRole("button", { name: "Stop medication" }).click();
    await expect(medications).toContainText("2 stopped or struck");
    await expect(page.getByText("amoxicillin stopped")).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).focus();
    await page.keyboard.press("Enter");
    await expect(medications).toContainText("1 stopped or struck");
    await expect(row).toBeVisible();
    const alerts = list(page, "Alerts and code status");
    await page.getByRole("button", { name: "Add alert" }).click();
    await sheet(page).getByLabel("What must be known first").fill("Falls");
    await sheet(page).getByRole("button", { name: "Add alert" }).click();
    await alerts.getByRole("button", { name: /^Falls/ }).click();
    await sheet(page).getByRole("button", { name: "End alert" }).click();
    await expect(alerts).toContainText("1 ended");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(alerts.getByText("1 ended")).toHaveCount(0);
    await expect(alerts.getByRole("button", { name: /^Falls/ })).toBeVisible();
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
  });

  test("trends show a chart and a table, the timeline everything by day", async () => {
    const { page } = tablet;
    for (const [day, systolic] of [
      ["2026-01-05", 142],
      ["2026-02-05", 131],
    ] as const)
      expect(
        await nurse.does("vitals.record", {
          id: newId(),
          patientId,
          encounterId: null,
          takenAt: `${day}T15:00:00.000Z`,
          measurements: [
            { code: "8480-6", value: systolic, unit: "mm[Hg]", confirmed: false },
            { code: "8462-4", value: 84, unit: "mm[Hg]", confirmed: false },
          ],
        }),
      ).toBe("applied");
    await expect(list(page, "Vital signs")).toContainText("131/84");
    await page.getByRole("tab", { name: "Trends" }).click();
    await expect(page.getByRole("img", { name: /Blood pressure over time/ })).toBeVisible();
    await expect(page.getByRole("table")).toContainText("142/84");
    await expectAccessible(page, "trends");
    await page.getByRole("tab", { name: "Timeline" }).click();
    await expect(page.getByText("Medication stopped: metformin")).toBeVisible();
    await page.getByRole("button", { name: "Vital signs" }).click();
    await expect(page.getByText("Medication stopped: metformin")).toHaveCount(0);
    await expectAccessible(page, "timeline");
  });

  test("C05: vital signs of another patient go to the right chart", async () => {
    const { page } = tablet;
    const other = await desk.registers("Dora");
    await page.getByRole("tab", { name: "Summary" }).click();
    await list(page, "Vital signs")
      .getByRole("button", { name: /131\/84/ })
      .click();
    await sheet(page).getByRole("button", { name: "Move to another patient" }).click();
    await sheet(page).getByRole("combobox").fill("dora journey");
    await sheet(page)
      .getByRole("option", { name: /Dora Trial-Journey/ })
      .click();
    await sheet(page).getByLabel("Why is it moved?").fill("Taken of the next patient");
    await sheet(page).getByRole("button", { name: "Move", exact: true }).click();
    await expect(list(page, "Vital signs").getByText("131/84")).toHaveCount(0);
    await openChartOf(page, other);
    await expect(list(page, "Vital signs")).toContainText("131/84");
  });

  test("C01, C03: without the network an unknown chart shows its safety card, not an empty chart", async () => {
    const { page, context } = tablet;
    const far = await desk.registers("Frida");
    const heard = page.waitForResponse(
      async (answer) => answer.url().includes("/api/sync/pull") && (await answer.text()).includes("Epilepsy"),
    );
    await nurse.does("allergy.add", { id: newId(), patientId: far, encounterId: null, substance: "Latex" });
    await nurse.does("problem.add", { id: newId(), patientId: far, encounterId: null, title: "Epilepsy" });
    await goTo(page, "/");
    await heard;
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await openChartOf(page, far);
    await expect(page.getByText("This chart is not on this tablet")).toBeVisible();
    const card = page.getByRole("region", { name: "Safety card" });
    await expect(card).toContainText("Latex");
    await expect(card).toContainText("Epilepsy");
    await expect(page.getByRole("region", { name: "Patient" })).toContainText("from the safety card");
    await expect(list(page, "Medications")).toContainText("Not on this tablet");
    await expect(list(page, "Medications").getByText("Not asked yet")).toHaveCount(0);
    await expectAccessible(page, "chart, not on this tablet");
    await context.setOffline(false);
    await expect(list(page, "Allergies")).toContainText("Latex", { timeout: 60_000 });
    await expect(page.getByText("This chart is not on this tablet")).toHaveCount(0);
  });

  test("C16: a restricted chart is closed to a colleague; words that were under way stay with their reason", async () => {
    const { page } = tablet;
    const colleague = await openBrowser();
    await signIn(colleague.page, practice.url, "clinician2");
    await expect(colleague.page.getByText("All saved to the clinic")).toBeVisible();
    await openChartOf(colleague.page, patientId);
    await expect(list(colleague.page, "Allergies")).toContainText("Penicillins");
    await colleague.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await colleague.context.setOffline(true);
    await colleague.page.getByRole("button", { name: "Add alert" }).click();
    await sheet(colleague.page).getByLabel("What must be known first").fill("Words that were under way");
    await sheet(colleague.page).getByRole("button", { name: "Add alert" }).click();
    await expect(list(colleague.page, "Alerts and code status")).toContainText("Words that were under way");
    await openChartOf(page, patientId);
    await page.getByRole("button", { name: "More for this chart" }).click();
    await page.getByRole("button", { name: "Restrict this chart" }).click();
    await expectAccessible(page, "restrict a chart");
    await sheet(page).getByRole("button", { name: "Restrict chart" }).click();
    await expect(page.getByRole("region", { name: "Patient" })).toContainText("Restricted chart");
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    await colleague.context.setOffline(false);
    await expect(colleague.page.getByText(/restricted to the patient's care team/).first()).toBeVisible({
      timeout: 60_000,
    });
    await expect(colleague.page.getByText("Penicillins")).toHaveCount(0);
    await colleague.page.getByRole("link", { name: /needs attention/ }).click();
    await expect(colleague.page.getByText("New alert")).toBeVisible();
    await expect(colleague.page.getByText(/restricted to the patient's care team/)).toBeVisible();
    await colleague.close();
  });

  test("the front desk is denied a chart, and the denial is recorded", async () => {
    const browser = await openBrowser({ viewport: desktop });
    await signIn(browser.page, practice.url, "frontdesk");
    // The first screen leads the desk to the board; nobody types an address before that.
    await expect(browser.page.getByRole("grid")).toBeVisible();
    await goTo(browser.page, `/patients/${patientId}/chart`);
    await expect(browser.page.getByRole("alert")).toContainText(/recorded in the audit log as number \d+/);
    await browser.close();
  });

  test("C05: sentences drafted from a recording leave the note when it goes to another patient", async () => {
    const { page } = tablet;
    await goTo(page, "/");
    const [, right, wrong] = await visitsOfToday(page);
    const colleague = await Program.signIn(practice.url, "clinician");
    const moved = await recordsOnWrongVisit(colleague, wrong!, right!);
    await goTo(page, `/visits/${wrong!.appointmentId}`);
    const subjective = page.getByRole("textbox", { name: "Subjective" });
    await expect(subjective).toHaveText("Said by somebody else. Typed here.");
    expect(await desk.does("recording.move", moved)).toBe("forbidden");
    expect(await colleague.does("recording.move", moved)).toBe("applied");
    await expect(subjective).toHaveText("Typed here.");
    await expect(page.getByText(/^Recording moved to/)).toBeVisible();
    await expect(page.getByText(saved)).toBeVisible();
  });

  test("C11: words of a template count as nothing until they are accepted with one tap", async () => {
    const { page } = tablet;
    await goTo(page, "/");
    await page
      .getByRole("link", { name: /TRIAL-/ })
      .first()
      .click();
    await page.getByRole("button", { name: "Templates for Exam" }).click();
    await page.getByRole("button", { name: /Heart and lungs, normal/ }).click();
    const waiting = page.getByRole("region", { name: "From a template, not accepted yet" });
    await expect(waiting).toContainText("Heart: regular rate and rhythm, no murmur.");
    await expectAccessible(page, "visit with a template");
    await expect(page.getByText(/Before signing, accept or remove/)).toContainText("Exam");
    await expect(page.getByRole("button", { name: "Review and sign" })).toBeDisabled();
    await waiting.getByRole("button", { name: /^Remove “No leg edema/ }).click();
    await waiting.getByRole("button", { name: "Accept all" }).click();
    await expect(waiting).toHaveCount(0);
    const exam = page.getByRole("textbox", { name: "Exam" });
    await expect(exam).toContainText("Lungs: clear on both sides");
    await expect(exam).not.toContainText("No leg edema");
    const plan = page.getByRole("textbox", { name: "Assessment & plan" });
    await plan.click();
    await page.keyboard.type("Well. /back");
    const found = page.getByRole("listbox", { name: "Templates for Assessment & plan" });
    await expect(found.getByRole("option")).toHaveCount(1);
    await expect(page.getByRole("combobox", { name: "Assessment & plan" })).toHaveAttribute(
      "aria-activedescendant",
      (await found.getByRole("option").getAttribute("id"))!,
    );
    await expectAccessible(page, "templates at a slash");
    await page.keyboard.press("Enter");
    await expect(plan).toContainText("Well. Come back or call at once");
    await expect(plan.locator("[data-origin=template]")).toHaveCount(2);
    await page.keyboard.type(" /");
    await expect(found.getByRole("option")).toHaveCount(3);
    await page.keyboard.press("Escape");
    await expect(found).toHaveCount(0);
    await page.keyboard.press("Backspace");
    await waiting.getByRole("button", { name: "Accept all" }).click();
    await expect(waiting).toHaveCount(0);
    expect(tablet.complaints).toEqual([]);
  });

  test("a reviewed note without open claims is signed in at most three interactions", async () => {
    const { page } = tablet;
    await expect(page.getByText(saved)).toBeVisible();
    const hands = new Hands(page);
    await hands.tap(page.getByRole("button", { name: "Review and sign" }));
    await hands.tap(sheet(page).getByRole("button", { name: "Sign", exact: true }));
    await expect(page.getByText("Signed and sealed")).toBeVisible({ timeout: 30_000 });
    process.stdout.write(`interactions: sign ${hands.count} (≤ 3)\n`);
    expect(hands.count).toBeLessThanOrEqual(3);
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
