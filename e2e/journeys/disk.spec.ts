import { expect, test } from "@playwright/test";
import { newId } from "../../domain/kernel/id.ts";
import { type Browser, openBrowser } from "../fixtures/browser.ts";
import { wordsOnDisk } from "../fixtures/disk.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";
import { list, openChartOf, sheet } from "../pages/chart.ts";
import { pin, saved, signIn, trialPassword, unlock } from "../pages/door.ts";

test.describe.configure({ mode: "serial" });

/** Lies readable in the profile on purpose: a search that does not find it proves nothing. */
const readable = "Markerreadable";
const pulse = { code: "8867-4", value: 70, unit: "/min", confirmed: false };
const typed = "Markertypedhere";
/** Words of one chart: problems, allergies, medications, and what was written beside vital signs. */
const markers = Array.from({ length: 200 }, (_, index) => `Marker${String(index).padStart(3, "0")}planted`);
const secrets = [...markers, typed, "Zebulon", "Trial-Journey", "1958-04-12", pin, trialPassword];

/** What a thief finds in the profile of a tablet that showed a chart and was then taken. */
test.describe("a tablet's disk", () => {
  let practice: TestPractice;
  let tablet: Browser;
  let patientId: string;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    patientId = await (await Program.signIn(practice.url, "frontdesk")).registers("Zebulon");
    const colleague = await Program.signIn(practice.url, "clinician");
    for (const [index, marker] of markers.entries()) {
      const at = { id: newId(), patientId, encounterId: null };
      const outcome = await [
        () => colleague.does("problem.add", { ...at, title: marker }),
        () => colleague.does("allergy.add", { ...at, substance: marker }),
        () => colleague.does("medication.add", { ...at, name: marker, dose: "1", route: "", frequency: "" }),
        () =>
          colleague.does("vitals.record", {
            ...at,
            takenAt: new Date().toISOString(),
            measurements: [pulse],
            note: marker,
          }),
      ][index % 4]!();
      expect(outcome).toBe("applied");
    }
  });
  test.afterAll(async () => {
    await tablet?.close();
    await practice?.remove();
  });

  /** The chart stands on the screen. */
  const work = async () => {
    const { page } = tablet;
    await openChartOf(page, patientId);
    await expect(list(page, "Allergies")).toContainText(markers[1]!);
    await expect(list(page, "Problems")).toContainText(markers[0]!);
  };
  const again = async () => {
    tablet = await openBrowser({ profile: tablet.profile });
    await tablet.page.goto(practice.url);
    await unlock(tablet.page);
    await expect(tablet.page.getByRole("banner")).toBeVisible();
    await work();
  };
  const isClean = async () => {
    await tablet.kill();
    expect(await wordsOnDisk(tablet.profile, [readable])).not.toEqual([]);
    expect(await wordsOnDisk(tablet.profile, secrets)).toEqual([]);
  };

  test("has nothing to read when the battery ends in the middle of a note", async () => {
    tablet = await openBrowser();
    const { page } = tablet;
    await signIn(page, practice.url, "nurse");
    await page.evaluate((word) => localStorage.setItem("left-here", word), readable);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await work();
    await page.getByRole("tab", { name: "Notes" }).click();
    await page.getByRole("button", { name: "New nurse note" }).click();
    await sheet(page).getByRole("textbox", { name: "Nurse note" }).fill(typed);
    await expect(sheet(page).getByText(saved)).toBeVisible();
    await isClean();
  });

  test("has nothing to read while it is locked", async () => {
    await again();
    await tablet.page.getByRole("button", { name: /, menu$/ }).click();
    await tablet.page.getByRole("button", { name: "Lock this tablet" }).click();
    await expect(tablet.page.getByLabel("PIN")).toBeVisible();
    await isClean();
  });

  test("has nothing to read after somebody signed out", async () => {
    await again();
    await tablet.page.getByRole("button", { name: /, menu$/ }).click();
    await tablet.page.getByRole("button", { name: "Sign out" }).click();
    await expect(tablet.page.getByLabel("User name").or(tablet.page.getByLabel("PIN"))).toBeVisible();
    await isClean();
  });
});
