import { expect, type Page, test } from "@playwright/test";
import { Secret, TOTP } from "otpauth";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { sheet } from "../pages/chart.ts";
import { signIn, trialPassword, unlock } from "../pages/door.ts";

const menu = async (page: Page, entry: string) => {
  await page.getByRole("button", { name: /, menu$/ }).click();
  await page.locator("#user-menu").getByText(entry, { exact: true }).click();
};

const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });

/** On one's own page, with the recovery codes put away. The code of the step before leaves the present one for the sign-in. */
async function setUp(page: Page): Promise<{ secret: string; codes: string[] }> {
  await menu(page, "Your account");
  await page.getByRole("button", { name: "Set it up" }).click();
  const key = page.getByLabel("Key to type");
  await expect(page.getByRole("img", { name: "QR code for the authenticator app" })).toBeVisible();
  const secret = (await key.innerText()).replace(/\s/g, "");
  await expectAccessible(page, "setting up an authenticator app");
  const field = page.getByLabel("The six digits that the app shows now");
  await field.fill("000000");
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("That code is not right, or was used before.")).toBeVisible();
  await field.fill(codeOf(secret, -1));
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(sheet(page)).toContainText("Your recovery codes");
  const codes = await page.locator("ol li").allInnerTexts();
  expect(codes).toHaveLength(10);
  await page.keyboard.press("Escape"); // nothing closes it but the word
  const done = page.getByRole("button", { name: "Done" });
  await expect(done).toBeDisabled();
  await expectAccessible(page, "recovery codes");
  await page.getByLabel("I have put them in a safe place").check();
  await done.click();
  await expect(page.getByText("10 of 10 left, for the day when the phone is lost.")).toBeVisible();
  return { secret, codes };
}

async function giveNameAndPassword(page: Page, username: string) {
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(trialPassword);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

test.describe("a second factor", () => {
  let practice: TestPractice;
  const open: Browser[] = [];
  const browser = async () => {
    const one = await openBrowser({ viewport: desktop });
    open.push(one);
    return one;
  };
  const refusals = /401|422|Failed to fetch|ERR_INTERNET_DISCONNECTED/;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
  });
  test.afterEach(async () => {
    for (const one of open.splice(0)) {
      expect.soft(one.complaints.filter((words) => !refusals.test(words))).toEqual([]);
      await one.close();
    }
  });
  test.afterAll(() => practice?.remove());

  test("is set up by its owner, asked for after the password only, and never between a tablet and its PIN", async () => {
    const { page, context } = await browser();
    await signIn(page, practice.url, "clinician");
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    const { secret, codes } = await setUp(page);

    await context.setOffline(true);
    await menu(page, "Lock this tablet");
    await unlock(page);
    await expect(page.getByRole("banner")).toBeVisible();
    await context.setOffline(false);

    await menu(page, "Sign out");
    await page.getByLabel("User name").fill("clinician");
    await page.getByLabel("Password", { exact: true }).fill("not this one");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByText("The name or password is not right.")).toBeVisible();
    await expect(page.getByLabel("Code from the app")).toBeHidden();
    await giveNameAndPassword(page, "clinician");
    const field = page.getByLabel("Code from the app");
    await expect(field).toBeFocused();
    await expect(field).toHaveAttribute("autocomplete", "one-time-code");
    await expectAccessible(page, "code at the sign-in");
    await field.fill("000000");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toContainText("That code is not right");
    await expect(field).toBeFocused();
    await expect(field).toHaveValue("");
    await page.getByRole("button", { name: "Back" }).click();
    await expect(page.getByLabel("User name")).toHaveValue("clinician");
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue(trialPassword);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    const code = codeOf(secret);
    await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await page.keyboard.press("Enter");
    await unlock(page);
    await expect(page.getByRole("banner")).toBeVisible();

    await menu(page, "Sign out");
    await giveNameAndPassword(page, "clinician");
    await page.getByRole("button", { name: "Use a recovery code" }).click();
    await page.getByLabel("Recovery code").fill(codes[3]!.toLowerCase());
    await page.keyboard.press("Enter");
    await unlock(page);
    await expect(page.getByText("You used a recovery code. 9 are left.")).toBeVisible();

    await menu(page, "Sign out");
    await giveNameAndPassword(page, "clinician");
    await field.fill(codeOf(secret, 1));
    await page.keyboard.press("Enter");
    await unlock(page);
    await page.getByRole("link", { name: "See when and where" }).click();
    await expect(page.getByRole("heading", { name: "A recovery code was used" })).toBeVisible();
    await expectAccessible(page, "a recovery code was used");
    await page.getByRole("button", { name: "It was me" }).click();
    await expect(page.getByRole("heading", { name: "A recovery code was used" })).toBeHidden();
    await expect(page.getByText("A recovery code was used in your name.")).toBeHidden();

    await page.getByRole("button", { name: "Remove the authenticator app" }).click();
    await page.getByLabel("Password", { exact: true }).fill(trialPassword);
    await page.getByLabel("Code from the app, or a recovery code").fill(codes[5]!);
    await page.getByRole("button", { name: "Remove it" }).click();
    await expect(page.getByRole("button", { name: "Set it up" })).toBeVisible();
  });

  test("lets a short password stand beside it, and a weak one is refused with its reason", async () => {
    const { page } = await browser();
    await signIn(page, practice.url, "nurse");
    await menu(page, "Your account");
    const change = async (password: string, next: string) => {
      await page.getByRole("button", { name: "Change password" }).click();
      await page.getByLabel("Present password").fill(password);
      await page.getByLabel("New password").fill(next);
      await page.getByLabel("The same once more").fill(next);
      await page.getByRole("button", { name: "Use the new password" }).click();
    };
    await change(trialPassword, "k7#pQ2xz");
    await expect(page.getByText("That is too short: use at least 15 characters.")).toBeVisible();
    await page.getByLabel("New password").fill("jonas lindqvist 1");
    await page.getByLabel("The same once more").fill("jonas lindqvist 1");
    await page.getByRole("button", { name: "Use the new password" }).click();
    await expect(page.getByText(/^Your name, your user name and the practice's name/)).toBeVisible();
    await expectAccessible(page, "a weak password");
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "JamEMR" }).click();
    const { secret } = await setUp(page);
    await change(trialPassword, "k7#pQ2xz");
    await expect(
      page.getByText("Your password is changed. You are signed out everywhere else."),
    ).toBeVisible();
    await page.getByRole("button", { name: "Remove the authenticator app" }).click();
    await page.getByLabel("Password", { exact: true }).fill("k7#pQ2xz");
    await page.getByLabel("Code from the app, or a recovery code").fill(codeOf(secret));
    await page.getByRole("button", { name: "Remove it" }).click();
    await expect(page.getByText(/^Choose a password of at least 15 characters first/)).toBeVisible();
  });

  test("one's own sessions end from another device within two seconds", async () => {
    const [here, there] = [await browser(), await browser()];
    await signIn(there.page, practice.url, "frontdesk");
    await signIn(here.page, practice.url, "frontdesk");
    await menu(here.page, "Your account");
    await expect(here.page.getByText("This one", { exact: true })).toHaveCount(2); // session and device
    await here.page.getByRole("button", { name: "End all others" }).click();
    const started = Date.now();
    await sheet(here.page).getByRole("button", { name: "End all others" }).click();
    await expect(there.page.getByText("Please sign in again")).toBeVisible({ timeout: 2500 });
    expect(Date.now() - started).toBeLessThan(2500);
    await expect(here.page.getByRole("button", { name: "End all others" })).toBeDisabled();
    await expect(here.page.getByRole("banner")).toBeVisible();
  });

  test("that was lost is reset by the administrator's request and the security officer's approval", async () => {
    const [tablet, office, security] = [await browser(), await browser(), await browser()];
    await signIn(tablet.page, practice.url, "clinician2");
    await setUp(tablet.page);
    await signIn(office.page, practice.url, "admin");
    await office.page.getByRole("link", { name: "People" }).click();
    const person = office.page.getByRole("listitem").filter({ hasText: "Daniel Reyes" });
    await person.getByRole("button", { name: "Sign-in" }).click();
    await expectAccessible(office.page, "how somebody signs in");
    await office.page.getByRole("button", { name: "Ask for a reset…" }).click();
    await office.page.getByLabel("Why, for the person who decides").fill("Phone lost, known in person");
    await office.page.getByRole("button", { name: "Ask for it" }).click();
    await expect(office.page.getByText("The security officer is asked.", { exact: false })).toBeVisible();

    await signIn(security.page, practice.url, "security");
    await security.page.getByRole("link", { name: "Approvals" }).click();
    await expect(security.page.getByText("Daniel Reyes signs in without the second factor")).toBeVisible();
    await expect(security.page.getByText(/^Whoever knows Daniel Reyes's password signs in/)).toBeVisible();
    await security.page.getByRole("button", { name: "Approve" }).click();
    await sheet(security.page).getByLabel("Password").fill(trialPassword);
    await sheet(security.page).getByRole("button", { name: "Approve" }).click();
    await expect(sheet(security.page)).toBeHidden();

    await office.page.getByRole("link", { name: "Approvals" }).click();
    await office.page.getByRole("button", { name: "Carry out" }).click();
    await sheet(office.page).getByLabel("Password").fill(trialPassword);
    await sheet(office.page).getByRole("button", { name: "Carry out" }).click();
    await expect(tablet.page.getByText("Please sign in again")).toBeVisible();
    await tablet.page.getByLabel("Password", { exact: true }).fill(trialPassword);
    await tablet.page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(tablet.page.getByRole("banner")).toBeVisible();
  });
});
