import { expect, type Page, test } from "@playwright/test";
import { newId } from "../../domain/kernel/id.ts";
import { type Browser, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { Hands, list, openChartOf, pick, sheet } from "../pages/chart.ts";
import { signIn } from "../pages/door.ts";

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
    await hands.tap(page.getByRole("link", { name: /^Chart of/ }).first());
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
    await expectClearOfMainButtons(page);
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
});

/** What was just done never stands on a main button, also when one appears under it, by its style alone. */
async function expectClearOfMainButtons(page: Page): Promise<void> {
  const said = page.getByText("amoxicillin stopped").locator("..");
  // Whoever is about to press it has all the time they need.
  await said.getByRole("button", { name: "Undo" }).focus();
  const bottom = () =>
    page.evaluate(() => {
      const words = document.activeElement?.closest("[role=status] > *");
      return words ? words.getBoundingClientRect().bottom : "what was said is gone";
    });
  const low = await bottom();
  await page.evaluate(() => {
    const button = document.body.appendChild(document.createElement("button"));
    button.id = "appeared";
    button.dataset.variant = "filled";
    button.style.cssText = "display: none; position: fixed; bottom: 0; left: 0; width: 100%; height: 60px";
  });
  await page.evaluate(() => document.getElementById("appeared")!.style.setProperty("display", "block"));
  await expect.poll(bottom).toBeLessThan(page.viewportSize()!.height - 60);
  expect(await placesWithin(page, 1500), "it stays where it went").toHaveLength(1);
  await page.evaluate(() => document.getElementById("appeared")!.remove());
  await expect.poll(bottom).toBe(low);
}

/** Where what was said stands in each frame of these milliseconds. */
const placesWithin = (page: Page, milliseconds: number): Promise<number[]> =>
  page.evaluate(async (most) => {
    const words = document.activeElement!.closest("[role=status] > *")!;
    const places = new Set<number>();
    for (const end = performance.now() + most; performance.now() < end; ) {
      await new Promise((drawn) => requestAnimationFrame(drawn));
      places.add(words.getBoundingClientRect().top);
    }
    return [...places];
  }, milliseconds);
