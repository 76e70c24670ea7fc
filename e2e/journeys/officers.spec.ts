import { expect, type Page, test } from "@playwright/test";
import { type Browser, desktop, openBrowser, tablet } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { signIn, trialPassword, unlock } from "../pages/door.ts";

/** Officers, administrator and practice IT: a new colleague gets to work, a token is registered, machines are watched. */
let practice: TestPractice;
const open: Browser[] = [];

test.beforeAll(async () => {
  practice = await TestPractice.start();
});
const shots = process.env.JAMEMR_LOOK;
async function look(page: Page, name: string): Promise<void> {
  if (!shots) return;
  for (const scheme of ["light", "dark"] as const)
    for (const [size, viewport] of Object.entries({ tablet, desktop })) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize(viewport);
      await page.screenshot({ path: `${shots}/${name}-${size}-${scheme}.png` });
    }
  await page.setViewportSize(desktop);
}

test.afterAll(async () => {
  for (const browser of open) await browser.close();
  await practice.remove();
});

async function as(username: string): Promise<Page> {
  const browser = await openBrowser({ viewport: desktop });
  open.push(browser);
  await signIn(browser.page, practice.url, username);
  return browser.page;
}

/** Goes to a place of the navigation, behind "More" when it is one of many. */
async function place(page: Page, name: string): Promise<void> {
  const main = page.getByRole("navigation", { name: "Main" });
  const link = main.getByRole("link", { name });
  const more = main.getByRole("button", { name: /More|People|Approvals|Tokens|Devices/ });
  if (!(await link.isVisible()) && (await more.isVisible())) await more.click();
  await link.click();
}

async function decide(page: Page, what: RegExp): Promise<void> {
  const card = page.getByRole("listitem").filter({ hasText: what });
  await card.getByRole("button", { name: "Approve" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(what);
  await dialog.getByRole("textbox", { name: /password/i }).fill(trialPassword);
  await dialog.getByRole("button", { name: "Approve" }).click();
  await expect(dialog).toBeHidden();
}

async function carryOut(page: Page, what: RegExp): Promise<void> {
  await page
    .getByRole("listitem")
    .filter({ hasText: what })
    .getByRole("button", { name: "Carry out" })
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: /password/i }).fill(trialPassword);
  await dialog.getByRole("button", { name: "Carry out" }).click();
}

test("a new colleague works only after a second person has approved the role", async () => {
  const admin = await as("admin");
  await place(admin, "People");
  await admin.getByRole("button", { name: "Add a person" }).click();
  const dialog = admin.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("Dana Whitfield");
  await dialog.getByRole("textbox", { name: /Title/ }).fill("RN");
  await dialog.getByRole("textbox", { name: /User name/ }).fill("dana");
  await dialog.getByRole("button", { name: "Add" }).click();
  const oneTime = await dialog.locator("output").innerText();
  await dialog.getByRole("button", { name: "Done" }).click();
  const row = admin.getByRole("listitem").filter({ hasText: "Dana Whitfield" });
  await expect(row).toContainText("No role yet");
  await look(admin, "people");
  await row.getByRole("button", { name: "Change role" }).click();
  await expect(dialog.getByRole("combobox", { name: "Change" })).toHaveValue("");
  await expect(dialog.getByRole("button", { name: "Ask for it" })).toBeDisabled();
  await dialog.getByRole("combobox", { name: "Change" }).selectOption({ label: "Give: Nurse" });
  await dialog.getByRole("textbox", { name: /Why/ }).fill("Starts on Monday");
  await dialog.getByRole("button", { name: "Ask for it" }).click();
  await expect(dialog).toBeHidden();

  const privacy = await as("privacy");
  await place(privacy, "Approvals");
  await expect(privacy.getByRole("listitem").filter({ hasText: "Dana Whitfield" })).toContainText(
    /charts of 200 patients/,
  );
  await look(privacy, "approvals");
  await decide(privacy, /Dana Whitfield becomes Nurse/);
  await place(admin, "Approvals");
  await expect(admin.getByText(/Approved by Ruth Feldman/)).toBeVisible();
  await carryOut(admin, /Dana Whitfield becomes Nurse/);
  await expect(admin.getByText("Carried out")).toBeVisible();

  const browser = await openBrowser({ viewport: desktop });
  open.push(browser);
  const { page } = browser;
  await page.goto(practice.url);
  await page.getByLabel("User name").fill("dana");
  await page.getByRole("textbox", { name: "Password" }).fill(oneTime);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("textbox", { name: "New password" }).fill("short");
  await page.getByRole("textbox", { name: "The same once more" }).fill("short");
  await page.getByRole("button", { name: "Keep it and sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("at least 15 characters");
  for (const field of ["New password", "The same once more"])
    await page.getByRole("textbox", { name: field }).fill("seven quiet herons");
  await page.getByRole("button", { name: "Keep it and sign in" }).click();
  await expect(page.getByRole("heading", { name: /PIN/ })).toBeVisible();
});

test("a program gets its token by request and approval, sees it once, and loses it at once", async () => {
  const engineer = await as("it");
  await place(engineer, "Tokens");
  await expect(engineer.getByText("AI node of the trial practice")).toBeVisible();
  await engineer.getByRole("button", { name: "Ask for a token" }).click();
  const dialog = engineer.getByRole("dialog");
  await dialog.getByRole("textbox", { name: /program does/ }).fill("Nightly backup");
  await dialog.getByRole("checkbox", { name: "backup:run" }).check();
  await dialog.getByRole("textbox", { name: /Why/ }).fill("Backups to the second disk");
  await dialog.getByRole("button", { name: "Ask for it" }).click();
  await expect(dialog).toBeHidden();
  const security = await as("security");
  await place(security, "Approvals");
  await decide(security, /Nightly backup/);
  await place(engineer, "Approvals");
  await expect(engineer.getByText(/Approved by Omar Haddad/)).toBeVisible();
  await carryOut(engineer, /Nightly backup/);
  await expect(engineer.getByRole("textbox", { name: "Service token" })).toHaveValue(/^ey/);
  await engineer.getByRole("button", { name: "I have copied it" }).click();
  await place(engineer, "Tokens");
  const row = engineer.getByRole("listitem").filter({ hasText: "Nightly backup" });
  await expect(row).toContainText("Never used");
  await look(engineer, "tokens");
  await row.getByRole("button", { name: "Revoke" }).click();
  await engineer.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(row).toContainText("Revoked");
});

test("practice IT watches devices, nodes, disk, certificate and audit without a clinical word", async () => {
  const engineer = await as("it");
  await place(engineer, "Dashboard");
  await expect(engineer.getByRole("heading", { name: "Sync dashboard" })).toBeVisible();
  const devices = engineer.getByRole("table");
  await expect(devices).toContainText("Lucas Moreau");
  await expect(
    devices.getByRole("row").filter({ hasText: "Lucas Moreau" }).filter({ hasText: "right" }).first(),
  ).toBeVisible({
    timeout: 30_000,
  });
  await expect(engineer.getByText("Audit verified through")).toBeVisible();
  await expect(engineer.getByText(/of \d+ records/)).toBeVisible({ timeout: 30_000 });
  await expect(engineer.getByText(/days/).first()).toBeVisible();
  await look(engineer, "dashboard");
  expect(await engineer.locator("main").innerText()).not.toMatch(/Trial-/);
});

test("nobody opens a place that is not theirs: the attempt has a number", async () => {
  const refused = async (page: Page, path: string) => {
    await page.goto(`${practice.url}${path}`);
    await unlock(page);
    await expect(page.getByText(/recorded in the audit log as number \d+/)).toBeVisible();
  };
  const desk = await as("frontdesk");
  for (const path of ["/people", "/tokens", "/sync-dashboard"]) await refused(desk, path);
  // The desk asks for merges, and sees its own requests: nobody else's.
  await desk.goto(`${practice.url}/approvals`);
  await unlock(desk);
  await expect(desk.getByText("Nothing waits for a second person")).toBeVisible();
  await expect(desk.getByText("Past requests")).toHaveCount(0);
  await refused(await as("nurse"), "/approvals");
});
