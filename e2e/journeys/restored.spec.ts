import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { type Browser, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { signIn, trialPassword } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";

/** docs/operate/backup.md, done to a running practice. */
test.describe("a practice that goes back to its backup", () => {
  let practice: TestPractice;
  let tablet: Browser;
  let backups: string;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
    backups = await mkdtemp(join(tmpdir(), "jamemr-backups-"));
    tablet = await openBrowser();
  });
  test.afterAll(async () => {
    await tablet?.close();
    await practice?.remove();
    await rm(backups, { recursive: true, force: true });
  });

  test("gets back from the tablet what the backup missed", async () => {
    const { page } = tablet;
    const safe = page.getByText("All saved to the clinic");
    await signIn(page, practice.url, "clinician");
    await visitOf(page, "Ana").click();
    const section = page.getByRole("textbox", { name: "Subjective" });
    await section.fill("Written before the backup.");
    await expect(safe).toBeVisible();

    const written = await practice.jamemr("backup", backups);
    expect(written.code, written.stderr).toBe(0);
    await section.fill("Written before the backup. Written after it.");
    await expect(page.getByText("Saved at the clinic")).toBeVisible();
    await expect(safe).toBeVisible();

    await practice.stop();
    const restored = await practice.jamemr("restore", written.stdout.trim(), "--replace", "--json");
    expect(restored.code, restored.stderr).toBe(0);
    expect(JSON.parse(restored.stdout)).toMatchObject({ sessionsEnded: expect.any(Number), lost: [] });
    await practice.start();

    await expect(page.getByRole("heading", { name: "Please sign in again" })).toBeVisible({
      timeout: 60_000,
    });
    await page.getByLabel("Password", { exact: true }).fill(trialPassword);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    const strip = page.getByRole("status").filter({ hasText: "The clinic restored its records from" });
    await expect(strip).toContainText("This tablet has given back");
    await expectAccessible(page, "a restored clinic");
    await expect(safe).toBeVisible();
    await expect(section).toHaveText("Written before the backup. Written after it.");
    await strip.getByRole("button", { name: "OK" }).click();
    await expect(strip).toBeHidden();
    // Another tablet gets it from the clinic.
    const other = await openBrowser();
    try {
      await signIn(other.page, practice.url, "clinician");
      await visitOf(other.page, "Ana").click();
      await expect(other.page.getByRole("textbox", { name: "Subjective" })).toHaveText(
        "Written before the backup. Written after it.",
      );
    } finally {
      await other.close();
    }
    expect((await practice.jamemr("audit", "verify")).code).toBe(0);
  });
});
