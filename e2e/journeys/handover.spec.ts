import { expect, type Page, test } from "@playwright/test";
import { careTeamIdOf } from "../../domain/care-team/index.ts";
import { newId } from "../../domain/kernel/id.ts";
import { trialId } from "../../sync-server/practice/trial/trial-patients.ts";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { goTo, list, openChartOf, pick, sheet } from "../pages/chart.ts";
import { signIn } from "../pages/door.ts";

test.describe.configure({ mode: "serial" });

/** C26: what the clinic refused of somebody is decided by a colleague, under the author's name. */
test.describe("refused work, handed to a colleague", () => {
  let practice: TestPractice;
  let maya: Program;
  let desk: Program;
  let nurse: Browser;
  let colleague: Browser;
  let patientId: string;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    maya = await Program.signIn(practice.url, "clinician");
    desk = await Program.signIn(practice.url, "frontdesk");
    patientId = await desk.registers("Carl");
    nurse = await openBrowser();
    await signIn(nurse.page, practice.url, "nurse");
    await openChartOf(nurse.page, patientId);
    await expect(list(nurse.page, "Allergies")).toContainText("Not asked yet");
    colleague = await openBrowser({ viewport: desktop });
    await signIn(colleague.page, practice.url, "clinician");
  });
  test.afterAll(async () => {
    await nurse?.close();
    await colleague?.close();
    await practice?.remove();
  });

  const item = (page: Page, what = "New allergy") => page.getByRole("listitem").filter({ hasText: what });
  /** A nurse enters an allergy while the chart is closed to her elsewhere. */
  async function writesAllergy(page: Page, substance: string): Promise<void> {
    await pick(page, "Add allergy", substance);
    await sheet(page).getByRole("button", { name: "Hives" }).click();
    await sheet(page).getByRole("button", { name: "Add allergy" }).click();
    await expect(list(page, "Allergies")).toContainText(new RegExp(substance, "i"));
  }

  test("waits on the tablet with its words until the clinic has it, also from offline", async () => {
    const { page, context } = nurse;
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await writesAllergy(page, "penicillin");
    const restricted = await maya.does("care-team.restrict", {
      id: careTeamIdOf(patientId),
      patientId,
      memberIds: [maya.session.user.id],
    });
    expect(restricted).toBe("applied");
    await context.setOffline(false);
    await goTo(page, "/waiting");
    await expect(item(page)).toContainText("Refused", { timeout: 60_000 });
    await item(page).getByRole("button", { name: "What you wrote" }).click();
    await expect(item(page).getByRole("table")).toContainText(/penicillins?/i);
    await expectAccessible(page, "a refused change");

    await context.setOffline(true);
    await item(page).getByRole("button", { name: "Hand to a colleague" }).click();
    // The chart is closed to everybody else.
    await expect(sheet(page).getByRole("group", { name: "Who decides" }).getByRole("button")).toHaveText([
      "Maya Okafor, MD",
    ]);
    await expect(sheet(page).getByRole("button", { name: "Hand over" })).toBeDisabled();
    await sheet(page).getByRole("button", { name: "Maya Okafor, MD" }).click();
    await sheet(page).getByLabel("A few words (optional)").fill("He told me at the door");
    await expectAccessible(page, "handing over");
    await sheet(page).getByRole("button", { name: "Hand over" }).click();
    await expect(item(page)).toContainText("Goes to Maya Okafor, MD");
    await context.setOffline(false);
    await expect(item(page)).toContainText("Handed to Maya Okafor, MD, not decided yet.", {
      timeout: 60_000,
    });
    await expect(item(page)).toHaveCount(1);
    await expectAccessible(page, "handed over");
  });

  test("is opened and taken over by the colleague, under its author's name", async () => {
    const { page, complaints } = colleague;
    await expect(page.getByRole("link", { name: /^Review\s*1/ })).toBeVisible({ timeout: 90_000 });
    await page.getByRole("link", { name: /^Review/ }).click();
    const mine = page.getByRole("region", { name: "Handed to you" });
    await expect(mine).toContainText("Written by Jonas Lindqvist, RN");
    await expect(mine).toContainText("Handed to Maya Okafor, MD. The clinic had refused it:");
    await expect(page.getByText(/penicillin/i)).toHaveCount(0);
    await mine.getByRole("button", { name: "Open", exact: true }).click();
    await expect(mine.getByRole("table")).toContainText(/penicillins?/i);
    await expect(mine).toContainText("He told me at the door");
    await expectAccessible(page, "handed to me");
    await mine.getByRole("button", { name: "Take over" }).click();
    await expect(page.getByRole("region", { name: "Decided" })).toContainText("Taken over");
    await expect(mine).toBeHidden();
    await openChartOf(page, patientId);
    await list(page, "Allergies")
      .getByRole("button", { name: /^penicillins?/i })
      .click();
    await expect(sheet(page)).toContainText("Jonas Lindqvist");
    expect(complaints).toEqual([]);
  });

  test("tells its author what came of it", async () => {
    const { page, complaints } = nurse;
    await expect(item(page)).toContainText("Taken over", { timeout: 60_000 });
    await expect(item(page)).toContainText("Maya Okafor");
    await item(page).getByRole("button", { name: "Remove from this list" }).click();
    await expect(page.getByText("Everything is at the clinic")).toBeVisible();
    expect(complaints).toEqual([]);
  });

  test("that cannot be carried out as it is, is entered another way with its words in sight", async () => {
    const { page, complaints } = colleague;
    const booking = () => ({
      id: newId(),
      patientId,
      clinicianId: maya.session.user.id,
      visitTypeId: trialId("visit-type", "Follow-up"),
      start: "2031-03-04T15:00:00.000Z",
      minutes: 15,
      reason: "Form to be signed",
    });
    expect(await maya.does("appointment.book", booking())).toBe("applied");
    expect(await desk.does("appointment.book", booking())).toBe("slot_taken");
    const refused = desk.last;
    const given = {
      id: newId(),
      toId: maya.session.user.id,
      kind: "administrative",
      mutation: refused,
    } as const;
    expect(await desk.does("handover.give", given)).toBe("applied");
    await goTo(page, "/review");
    const mine = page.getByRole("region", { name: "Handed to you" });
    await expect(mine).toContainText("New appointment", { timeout: 60_000 });
    await mine.getByRole("button", { name: "Open", exact: true }).click();
    await mine.getByRole("button", { name: "Take over" }).click();
    await expect(mine.getByRole("alert")).toContainText("That time was just taken.");
    await mine.getByRole("link", { name: "Open the board" }).click();
    const words = page.getByRole("complementary", { name: "Words at hand" });
    await expect(words).toContainText("Form to be signed");
    await expect(words).toContainText("Written by Priya Nair");
    expect(new URL(page.url()).pathname).toBe("/board");
    await page.getByRole("link", { name: "Patients", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Patients" })).toBeVisible();
    await expectAccessible(page, "words at hand");
    await words.getByRole("link", { name: "Back to the review" }).click();
    await expect(words).toBeHidden();
    await mine.getByRole("button", { name: "Open", exact: true }).click();
    await mine.getByRole("button", { name: "Discard…" }).click();
    await sheet(page).getByRole("button", { name: "Entered corrected" }).click();
    await sheet(page).getByRole("button", { name: "Discard", exact: true }).click();
    await expect(mine).toBeHidden();
    await expect(page.getByRole("region", { name: "Decided" })).toContainText("Discarded");
    expect(complaints.filter((text) => !text.includes("409"))).toEqual([]);
  });
});
