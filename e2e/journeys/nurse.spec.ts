import { expect, test } from "@playwright/test";
import { type Browser, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { Hands, list, openChartOf, pick, sheet } from "../pages/chart.ts";
import { saved, signIn, unlock } from "../pages/door.ts";

/** Taps and values for blood pressure, pulse, temperature, oxygen and weight. */
const MOST = 12;

test.describe.configure({ mode: "serial" });

test.describe("a nurse rooms a patient", () => {
  let practice: TestPractice;
  let tablet: Browser;
  let patientId: string;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    patientId = await (await Program.signIn(practice.url, "frontdesk")).registers("Nora");
    tablet = await openBrowser();
    await signIn(tablet.page, practice.url, "nurse");
    await expect(tablet.page.getByText("All saved to the clinic")).toBeVisible();
    await openChartOf(tablet.page, patientId);
    await expect(list(tablet.page, "Vital signs")).toContainText("None recorded yet");
  });
  test.afterAll(async () => {
    await tablet?.close();
    await practice?.remove();
  });

  test("C15: vital signs take few interactions, and the body mass index is computed", async () => {
    const { page } = tablet;
    const hands = new Hands(page);
    await hands.tap(page.getByRole("button", { name: "Record vitals" }));
    await expect(page.getByLabel("Systolic")).toBeFocused();
    await hands.types("128");
    await expect(page.getByLabel("Diastolic")).toBeFocused();
    await hands.types("78");
    await hands.types("72");
    await hands.types("98.6");
    await hands.types("97");
    await hands.types("171.5");
    await hands.tap(page.getByRole("button", { name: "Save vitals" }));
    await expect(list(page, "Vital signs")).toContainText("128/78");
    await expect(list(page, "Vital signs")).toContainText("171.5");
    process.stdout.write(`vitals: ${hands.count} interactions (at most ${MOST})\n`);
    expect(hands.count).toBeLessThanOrEqual(MOST);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(list(page, "Vital signs").getByText("128/78")).toHaveCount(0);
  });

  test("C15: an odd value asks for a second tap, an impossible one is refused with words", async () => {
    const { page } = tablet;
    await page.getByRole("button", { name: "Record vitals" }).click();
    await page.getByLabel("Systolic").fill("80");
    await page.getByLabel("Diastolic").fill("120");
    await expect(sheet(page)).toContainText("Are they swapped?");
    await page.getByLabel("Systolic").fill("124");
    await page.getByLabel("Diastolic").fill("76");
    await page.getByLabel("Temperature").fill("36.8");
    await expect(sheet(page)).toContainText("Not possible: between 77 and 113 °F");
    const save = page.getByRole("button", { name: "Save vitals" });
    await expect(save).toBeDisabled();
    await expectAccessible(page, "vital signs, refused");
    await page.getByRole("button", { name: /°F, change to °C/ }).click();
    await expect(sheet(page).getByText("Not possible")).toHaveCount(0);
    await page.getByLabel("Pulse").fill("210");
    await expect(save).toBeDisabled();
    await page.getByRole("button", { name: "It is right" }).click();
    await page.getByLabel("Weight").fill("70");
    await page.getByLabel("Height").fill("66");
    await expect(sheet(page)).toContainText("Body mass index");
    await save.click();
    await expect(list(page, "Vital signs")).toContainText("36.8");
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
  });

  test("the unit stays as it was chosen on this device", async () => {
    const { page } = tablet;
    await page.getByRole("button", { name: "Record vitals" }).click();
    await page.getByRole("button", { name: /°C, change to °F/ }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(list(page, "Vital signs")).toContainText("98.2");
  });

  test("C10, C12: what she enters is reported; confirming and refuting are a clinician's", async () => {
    const { page } = tablet;
    await pick(page, "Add allergy", "penicillin");
    await sheet(page).getByRole("button", { name: "Hives" }).click();
    await sheet(page).getByRole("button", { name: "Add allergy" }).click();
    await pick(page, "Add medication", "lisinopril");
    await sheet(page).getByRole("button", { name: "10 mg", exact: true }).click();
    await expectAccessible(page, "medication form");
    await sheet(page).getByRole("button", { name: "Add medication" }).click();
    await expect(list(page, "Medications")).toContainText("Reported, unverified");
    await expect(list(page, "Medications")).toContainText("10 mg · by mouth · once daily");
    await list(page, "Allergies")
      .getByRole("button", { name: /^Penicillins/ })
      .click();
    await expect(sheet(page).getByRole("button", { name: "Refute" })).toBeDisabled();
    await expect(sheet(page).getByRole("button", { name: "Confirm" })).toBeDisabled();
    await expect(sheet(page)).toContainText("Only a clinician takes an allergy off the list.");
    await expectAccessible(page, "allergy");
    await page.keyboard.press("Escape");
  });

  test("C01, C02: 'not asked', 'none known' with author and date, and an entry that retires it", async () => {
    const { page } = tablet;
    const problems = list(page, "Problems");
    await expect(problems).toContainText("Not asked yet");
    await problems.getByRole("button", { name: "No known problems" }).click();
    await expect(problems).toContainText(/Asked by Jonas Lindqvist, RN, \w+ \d+, \d{4}/);
    await pick(page, "Add problem", "high blood pr");
    await sheet(page).getByRole("button", { name: "Add problem" }).click();
    await expect(problems).toContainText("I10");
    await expect(problems.getByText("No known problems")).toHaveCount(0);
    await expect(problems.getByText("Not asked yet")).toHaveCount(0);
    expect(tablet.complaints).toEqual([]);
  });

  test("C28: nothing reads along in clinical fields, and titles say nothing of the patient", async () => {
    const { page } = tablet;
    await page.getByRole("button", { name: "Add alert" }).click();
    const field = sheet(page).getByLabel("What must be known first");
    await expect(field).toHaveAttribute("spellcheck", "false");
    await expect(field).toHaveAttribute("autocorrect", "off");
    await page.keyboard.press("Escape");
    expect(await page.title()).toBe("JamEMR");
  });

  test("C10: a note of her own needs no visit, outlives a reload as a draft, and is signed by her", async () => {
    const { page } = tablet;
    await openChartOf(page, patientId);
    await page.getByRole("tab", { name: "Notes" }).click();
    await page.getByRole("button", { name: "New nurse note" }).click();
    await sheet(page).getByRole("button", { name: "Injection" }).click();
    const words = sheet(page).getByRole("textbox", { name: "Nurse note" });
    await words.fill("Influenza vaccine,");
    await expect(sheet(page).getByText(saved)).toBeVisible();
    await words.pressSequentially(" left arm.", { delay: 20 });
    await expect(sheet(page)).toContainText("It belongs to no visit.");
    await expect(sheet(page).getByText(saved)).toBeVisible();
    await expectAccessible(page, "nurse note");
    await page.reload();
    await unlock(page);
    await page.getByRole("button", { name: /^Nurse note, draft/ }).click();
    await page.getByRole("button", { name: "Go on writing" }).click();
    await expect(words).toHaveValue("Influenza vaccine, left arm.");
    await sheet(page).getByRole("button", { name: "Sign", exact: true }).click();
    const note = page.getByRole("article", { name: "Nurse note" });
    await expect(note).toContainText("Influenza vaccine, left arm.");
    await expect(note).toContainText("Signed");
    await expect(note.getByRole("button", { name: "Write an addendum" })).toHaveCount(0);
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
    await expectAccessible(page, "notes");
  });
});
