import { expect, test } from "@playwright/test";
import { type Browser, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { recordsOnWrongVisit, visitsOfToday } from "../fixtures/wrong-visit.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { goTo, Hands, openChartOf, sheet } from "../pages/chart.ts";
import { saved, signIn } from "../pages/door.ts";

test.describe.configure({ mode: "serial" });

test.describe("a clinician writes a visit's note", () => {
  let practice: TestPractice;
  let tablet: Browser;
  let desk: Program;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    desk = await Program.signIn(practice.url, "frontdesk");
    tablet = await openBrowser();
    await signIn(tablet.page, practice.url, "clinician");
    await expect(tablet.page.getByText("All saved to the clinic")).toBeVisible();
  });
  test.afterAll(async () => {
    await tablet?.close();
    await practice?.remove();
  });

  test("C21: a note that is begun early rooms nobody who is not here; of somebody checked in it does", async () => {
    const { page } = tablet;
    const [visit] = await visitsOfToday(page);
    const { appointmentId, patientId } = visit!;
    await openChartOf(page, patientId);
    await page.getByRole("tab", { name: "Notes" }).click();
    await expect(page.getByRole("button", { name: "New nurse note" })).toBeVisible();
    await page.getByRole("link", { name: /Write the note of today's visit/ }).click();
    const subjective = page.getByRole("textbox", { name: "Subjective" });
    await subjective.fill("Before the visit.");
    await expect(page.getByText(saved)).toBeVisible();
    // A check-in is taken only while the patient is not in a room.
    expect(await desk.does("appointment.checkIn", { id: appointmentId })).toBe("applied");
    await goTo(page, `/patients/${patientId}/chart?view=notes`);
    await page.getByRole("tab", { name: "Notes" }).click();
    await page.getByRole("link", { name: /Go on with the note of today's visit/ }).click();
    await expect(subjective).toHaveText("Before the visit.");
    await subjective.press("Control+End");
    await page.keyboard.type(" In the room");
    // The tablet may hear of the check-in while these words are being saved: the next ones room the patient.
    await expect(async () => {
      await page.keyboard.type(".");
      await expect(page.getByText(saved)).toBeVisible();
      expect(await desk.does("appointment.checkIn", { id: appointmentId })).toBe("status_not_forward");
    }).toPass({ timeout: 30_000 });
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
});
