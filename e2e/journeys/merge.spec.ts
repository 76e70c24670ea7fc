import { expect, type Page, test } from "@playwright/test";
import { newId } from "../../domain/kernel/id.ts";
import { type Browser, desktop, openBrowser, tablet as tabletSize } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { goTo, list } from "../pages/chart.ts";
import { saved, signIn, trialPassword } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";

/** Two records of Ana become one while her note is being written; nothing that anybody entered is lost (C07). */
test.describe.configure({ mode: "serial" });

test.describe("two records of one patient", () => {
  let practice: TestPractice;
  let desk: Browser;
  let officer: Browser;
  let tablet: Browser;
  let nurse: Program;
  let kept: string;
  let merged: string;
  const note = () => tablet.page.getByRole("textbox", { name: "Subjective" });
  const banner = () => tablet.page.getByRole("region", { name: "Patient" });

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    [desk, officer] = [await openBrowser({ viewport: desktop }), await openBrowser({ viewport: desktop })];
    tablet = await openBrowser();
    const colleague = await Program.signIn(practice.url, "frontdesk2");
    nurse = await Program.signIn(practice.url, "nurse");
    kept = newId();
    const twin = { id: kept, givenName: "Ana Maria", familyName: "Trial-Lopez", birthDate: "1961-09-03" };
    expect(await colleague.does("patient.register", { ...twin, phone: "(212) 555-0155" })).toBe("applied");
    await nurse.does("allergy.add", { id: newId(), patientId: kept, encounterId: null, substance: "Latex" });
    const losartan = { patientId: kept, encounterId: null, name: "losartan", dose: "999 mg" };
    await nurse.does("medication.add", { id: newId(), ...losartan });
  });
  test.afterAll(async () => {
    for (const browser of [desk, officer, tablet]) await browser?.close();
    await practice?.remove();
  });

  test("a clinician is writing in one of them when the desk asks for the merge", async () => {
    await signIn(tablet.page, practice.url, "clinician");
    await visitOf(tablet.page, "Ana Trial-Lopez").click();
    await note().fill("Cough for a week.");
    await expect(tablet.page.getByText(saved)).toBeVisible();

    const { page } = desk;
    await signIn(page, practice.url, "frontdesk");
    await page.getByRole("link", { name: "Patients" }).click();
    // The board, which has a finder too, stays until the other screen is here.
    await expect(page.getByRole("heading", { level: 1, name: "Patients" })).toBeVisible();
    await page.getByRole("combobox", { name: "Find a patient" }).fill("Trial-Lopez, Ana 3/9/1961");
    await page.getByRole("option", { name: /Ana Trial-Lopez/ }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Ana Trial-Lopez" })).toBeVisible();
    merged = new URL(page.url()).pathname.split("/").at(-1)!;
    await page.getByRole("button", { name: "Same person as…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox").fill("ana maria");
    await dialog.getByRole("option", { name: /Ana Maria/ }).click();
    await expect(dialog.getByRole("row", { name: /Born/ })).toContainText("differs");
    await dialog.getByRole("radio").last().check();
    await dialog.getByRole("textbox", { name: /Why/ }).fill("Registered twice with month and day swapped");
    await page.setViewportSize(tabletSize);
    await expect(dialog.getByRole("button", { name: "Ask for the merge" })).toBeInViewport({ ratio: 1 });
    await page.setViewportSize(desktop);
    await look(page, "merge-ask");
    await expectAccessible(page, "merge request");
    await dialog.getByRole("button", { name: "Ask for the merge" }).click();
    await expect(dialog).toBeHidden();
  });

  test("both banners warn while it waits", async () => {
    const waiting = /Merge with Ana Maria Trial-Lopez, born .*1961, is waiting for approval/;
    await expect(banner()).toContainText(waiting);
    await expect(desk.page.getByText(waiting)).toBeVisible();
    await expect(desk.page.getByRole("button", { name: "Same person as…" })).toHaveCount(0);
    await look(tablet.page, "merge-visit-pending");
    await look(desk.page, "merge-patient-pending");
    await goTo(desk.page, `/patients/${kept}`);
    await expect(desk.page.getByText(/Merge with Ana Trial-Lopez, born .* is waiting/)).toBeVisible();
  });

  test("the privacy officer sees both records and approves; the desk carries it out", async () => {
    await signIn(officer.page, practice.url, "privacy");
    await officer.page.getByRole("link", { name: "Approvals" }).click();
    await officer.page.getByRole("button", { name: "Approve" }).click();
    const dialog = officer.page.getByRole("dialog");
    await expect(dialog.getByRole("row", { name: /Phone/ })).toContainText("(212) 555-0155");
    await expect(dialog).toContainText("“Registered twice with month and day swapped”");
    await expect(dialog).toContainText(/Asked by Priya Nair, /);
    await officer.page.setViewportSize(tabletSize);
    await expect(dialog.getByRole("button", { name: "Approve" })).toBeInViewport({ ratio: 1 });
    await officer.page.setViewportSize(desktop);
    await look(officer.page, "merge-approve");
    await confirm(officer.page, "Approve");
    await note().click();
    await tablet.page.keyboard.press("Control+End");
    await tablet.page.keyboard.type(" Worse at night.");

    await desk.page.getByRole("link", { name: "Approvals" }).click();
    await expectAccessible(desk.page, "approvals with a merge");
    await look(desk.page, "merge-carry-out");
    await desk.page.getByRole("button", { name: "Carry out" }).click();
    await confirm(desk.page, "Carry out");
    await expect(desk.page.getByText("Nothing waits for a second person")).toBeVisible();
  });

  test("the clinician goes on under the survivor's banner, and signs what she wrote", async () => {
    const { page } = tablet;
    await expect(banner().getByRole("heading", { name: "Ana Maria Trial-Lopez" })).toBeVisible();
    await expect(banner()).toContainText(/Includes the record merged on .*: Ana Trial-Lopez/);
    await expect(banner()).not.toContainText("waiting for approval");
    await expect(banner()).toContainText("Latex");
    await expect(note()).toHaveText("Cough for a week. Worse at night.");
    await note().click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" No fever.");
    await expect(page.getByText(saved)).toBeVisible();
    await look(page, "merge-visit-merged");
    await page.getByRole("button", { name: "Review and sign" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("Ana Maria Trial-Lopez");
    await dialog.getByRole("button", { name: "Sign", exact: true }).click();
    await expect(page.getByText("Signed and sealed")).toBeVisible();
    await expect(page.getByRole("article", { name: "Signed note" })).toContainText(
      "Cough for a week. Worse at night. No fever.",
    );
  });

  test("what still names the merged record stands in the survivor's chart, which both addresses open", async () => {
    const { page } = tablet;
    expect(
      await nurse.does("allergy.add", {
        id: newId(),
        patientId: merged,
        encounterId: null,
        substance: "Peanut",
      }),
    ).toBe("applied");
    for (const id of [merged, kept]) {
      await goTo(page, `/patients/${id}/chart`);
      await expect(banner().getByRole("heading", { name: "Ana Maria Trial-Lopez" })).toBeVisible();
      await expect(list(page, "Allergies")).toContainText("Peanut");
      await expect(list(page, "Allergies")).toContainText("Latex");
      await expect(list(page, "Medications")).toContainText(/losartan/i); // of the merged record
    }
    await look(page, "merge-chart");
    await page.getByRole("tab", { name: "Notes" }).click();
    await expect(page.getByText(/from the record merged on/).first()).toBeVisible();
    await expect(page.getByText("Cough for a week. Worse at night. No fever.")).toBeVisible();
    await look(page, "merge-notes");
    await page.getByRole("tab", { name: "Timeline" }).click();
    await look(page, "merge-timeline");
  });

  test("C12: a medication that both records list is joined by a clinician, who picks the dose; nothing vanishes", async () => {
    const { page } = tablet;
    await goTo(page, `/patients/${kept}/chart`);
    const medications = list(page, "Medications");
    const entries = medications.getByRole("button", { name: /^losartan .*\bmg\b/ });
    await expect(entries).toHaveCount(2);
    await expect(medications.getByText("Listed twice", { exact: true })).toHaveCount(2);
    await look(page, "join-chart");
    const nurses = await openBrowser();
    await signIn(nurses.page, practice.url, "nurse");
    await expect(nurses.page.getByRole("link", { name: "Patients" })).toBeVisible();
    await goTo(nurses.page, `/patients/${kept}/chart`);
    await expect(list(nurses.page, "Medications")).toContainText(
      "A clinician decides whether it is the same.",
    );
    await expect(nurses.page.getByRole("button", { name: /Join/ })).toHaveCount(0);
    await nurses.close();

    await medications.getByRole("button", { name: "losartan: same? Join" }).click();
    const dialog = page.getByRole("dialog");
    const join = dialog.getByRole("button", { name: "Join: keep this one" });
    await expect(join).toBeDisabled();
    await expect(dialog.getByText("differs").first()).toBeVisible();
    await look(page, "join-sheet");
    await expectAccessible(page, "two entries to join");
    await dialog.getByRole("radio", { name: /from this record/ }).check();
    await join.click();
    await expect(medications.getByRole("button", { name: /^losartan 999 mg/ })).toBeVisible();
    await expect(medications.getByText("Listed twice", { exact: true })).toHaveCount(0);
    await expect(medications).toContainText("stopped or struck");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(medications.getByText("Listed twice", { exact: true })).toHaveCount(2);
    await expect(entries).toHaveCount(2);
    await expect(page.getByText("All saved to the clinic")).toBeVisible();
  });

  test("the desk finds the survivor by the merged record's phone, and never the merged one", async () => {
    const { page } = desk;
    await page.getByRole("link", { name: "Patients" }).click();
    // The board, which has a finder too, stays until the other screen is here.
    await expect(page.getByRole("heading", { level: 1, name: "Patients" })).toBeVisible();
    await page.getByRole("combobox", { name: "Find a patient" }).fill("(212) 555-0110");
    const options = page.getByRole("option", { name: /Trial-Lopez/ });
    await expect(options).toHaveCount(1);
    await expect(options).toContainText("Ana Maria Trial-Lopez");
    await look(page, "merge-finder");
    await options.click();
    await expect(page.getByRole("heading", { level: 1, name: "Ana Maria Trial-Lopez" })).toBeVisible();
    await page.getByRole("button", { name: "Not the same person…" }).click();
    await look(page, "merge-part");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: /Why/ }).fill("They are sisters");
    await dialog.getByRole("button", { name: "Ask to part them" }).click();
    await expect(page.getByText(/Parting from Ana Trial-Lopez, born .*1961, is waiting/)).toBeVisible();
    await page.getByRole("link", { name: "Approvals" }).click();
    await expect(page.getByRole("row", { name: /Entries in the chart/ })).toContainText("2 → 3");
    await look(page, "merge-part-request");
  });

  test("the log says who asked, who approved, and which record was named", async () => {
    const { page } = officer;
    await page.getByRole("link", { name: "Audit" }).click();
    await page.getByRole("combobox", { name: "Patient" }).fill("trial-lopez, ana maria");
    await page.getByRole("option", { name: /Ana Maria Trial-Lopez/ }).click();
    const row = (action: string, who: string) =>
      page.getByRole("row").filter({ hasText: action }).filter({ hasText: who }).first();
    for (const action of ["approval.requested", "approval.approved", "patient.merged", "note.signed"])
      await expect(page.getByRole("row").filter({ hasText: action }).first()).toBeVisible();
    await expect(row("allergy.added", "the record named was Ana Trial-Lopez")).toBeVisible();
    expect([desk.complaints, officer.complaints, tablet.complaints]).toEqual([[], [], []]);
    const { stdout } = await practice.jamemr("audit", "verify", "--json");
    expect(JSON.parse(stdout).whole).toBe(true);
  });
});

async function confirm(page: Page, button: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: /password/i }).fill(trialPassword);
  await dialog.getByRole("button", { name: button, exact: true }).click();
  await expect(dialog).toBeHidden();
}

const shots = process.env.JAMEMR_LOOK;
async function look(page: Page, name: string): Promise<void> {
  if (!shots) return;
  const before = page.viewportSize() ?? desktop;
  for (const scheme of ["light", "dark"] as const)
    for (const [size, viewport] of Object.entries({ tablet: tabletSize, desktop })) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize(viewport);
      await page.screenshot({ path: `${shots}/${name}-${size}-${scheme}.png` });
    }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(before);
}
