import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { readNote } from "#domain/audit/signed-note.ts";
import { type Browser, openBrowser } from "../fixtures/browser.ts";
import { storedBytes } from "../fixtures/disk.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { signIn } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";

/** How many of the clinic's records stand under the newest head that this tablet keeps. */
const witnessed = async (page: Page): Promise<number> => {
  const [{ notes }] = JSON.parse(await storedBytes(page, "history")) as [{ notes: string[] }];
  return readNote(notes.at(-1)!)!.size;
};

test.describe("somebody puts an older copy of the clinic's disk in place of the present one", () => {
  let practice: TestPractice;
  let tablet: Browser;
  let kept: string;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    kept = await mkdtemp(join(tmpdir(), "jamemr-older-"));
    tablet = await openBrowser();
  });
  test.afterAll(async () => {
    await tablet?.close();
    await practice?.remove();
    await rm(kept, { recursive: true, force: true });
  });

  test("the tablet refuses it, keeps the work, and sends it once the right one is back", async () => {
    const { page } = tablet;
    const safe = page.getByText("All saved to the clinic");
    await signIn(page, practice.url, "clinician");
    await visitOf(page, "Ana").click();
    let tries = 0;
    const section = page.getByRole("textbox", { name: "Subjective" });
    await section.fill("Known to both.");
    await expect(safe).toBeVisible();
    await practice.stop();
    await cp(practice.data, join(kept, "older"), { recursive: true });
    await practice.start();
    await section.fill("Known to both. Taken away.");
    await expect(page.getByText("Saved at the clinic")).toBeVisible({ timeout: 60_000 });
    await expect(safe).toBeVisible();
    // Of what no head covers that anybody outside saw, there is no witness: the clinic signs anew when it starts.
    const unsigned = await witnessed(page);
    await practice.stop();
    await practice.start();
    await expect(async () => {
      await section.fill(`Known to both. Taken away${".".repeat(++tries)}`);
      await expect(page.getByText("Saved at the clinic")).toBeVisible();
      expect(await witnessed(page)).toBeGreaterThan(unsigned);
    }).toPass({ timeout: 90_000, intervals: [5000] });
    await section.fill("Known to both. Taken away.");
    await expect(page.getByText("Saved at the clinic")).toBeVisible();
    await expect(safe).toBeVisible();
    await practice.stop();
    await rename(practice.data, join(kept, "present"));
    await rename(join(kept, "older"), practice.data);
    await practice.start();
    const strip = page
      .getByRole("alert")
      .filter({ hasText: "The clinic's records may have been tampered with" });
    await expect(strip).toBeVisible({ timeout: 60_000 });
    await expect(section).toHaveText("Known to both. Taken away.");
    await section.fill("Known to both. Taken away. Written since.");
    await expect(page.getByText("Saved on this tablet")).toBeVisible();
    await expectAccessible(page, "a clinic that is refused");

    const operator = await openBrowser();
    try {
      await signIn(operator.page, practice.url, "it");
      await expect(operator.page.getByText("refuses this clinic's records")).toBeVisible({ timeout: 90_000 });
    } finally {
      await operator.close();
    }

    await practice.stop();
    await rename(practice.data, join(kept, "forged"));
    await rename(join(kept, "present"), practice.data);
    await practice.start();
    await expect(strip).toBeHidden({ timeout: 60_000 });
    await expect(page.getByText("Saved at the clinic")).toBeVisible({ timeout: 60_000 });
    await expect(section).toHaveText("Known to both. Taken away. Written since.");
  });
});
