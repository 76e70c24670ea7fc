import { expect, type Page, test } from "@playwright/test";
import { type Browser, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { pin } from "../pages/door.ts";

const passwords = {
  helen: "mended-kettle-harbor-41",
  ruth: "copper-lantern-willow-72",
  omar: "quiet-basalt-feather-58",
};
type Login = keyof typeof passwords;

let practice: TestPractice;
const browsers: Browser[] = [];

async function device(): Promise<Page> {
  const browser = await openBrowser();
  browsers.push(browser);
  return browser.page;
}

test.beforeAll(async () => {
  practice = await TestPractice.start({ real: "Harbor Family Practice" });
});
test.afterAll(async () => {
  for (const { close, complaints } of browsers) {
    expect(complaints).toEqual([]);
    await close();
  }
  await practice?.remove();
});

async function choosePin(page: Page): Promise<void> {
  await page.getByLabel("New PIN").fill(pin);
  await page.getByLabel("The same PIN again").fill(pin);
  await page.getByRole("button", { name: "Use this PIN" }).click();
  await expect(page.getByRole("banner")).toBeVisible();
}

/** @returns the one-time password */
async function addPerson(admin: Page, name: string, username: Login): Promise<string> {
  await admin.getByRole("button", { name: "Add a person" }).click();
  const dialog = admin.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await dialog.getByRole("textbox", { name: /User name/ }).fill(username);
  await dialog.getByRole("button", { name: "Add" }).click();
  const oneTime = await dialog.locator("output").innerText();
  await dialog.getByRole("button", { name: "Done" }).click();
  return oneTime;
}

async function nameOfficer(admin: Page, office: string, person: string): Promise<void> {
  await admin.getByRole("button", { name: `Name: ${office}` }).click();
  const dialog = admin.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Person" }).selectOption({ label: person });
  await dialog.getByRole("button", { name: "Name", exact: true }).click();
  await expect(dialog).toBeHidden();
}

/** The officer's first sign-in on a device of their own. */
async function firstSignIn(username: Login, oneTime: string): Promise<Page> {
  const page = await device();
  await page.goto(practice.url);
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(oneTime);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByLabel("New password").fill(passwords[username]);
  await page.getByLabel("The same once more").fill(passwords[username]);
  await page.getByRole("button", { name: "Keep it and sign in" }).click();
  await choosePin(page);
  await page.getByRole("link", { name: "Go on with it" }).click();
  return page;
}

async function accept(page: Page, username: Login): Promise<void> {
  await page.getByRole("button", { name: "Accept" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Your password").fill(passwords[username]);
  await dialog.getByRole("button", { name: "Accept" }).click();
  await expect(dialog).toBeHidden();
}

const officer = (page: Page, office: string) =>
  page.getByRole("listitem").filter({ hasText: office }).first();

async function register(page: Page, givenName: string): Promise<void> {
  await page.getByRole("link", { name: "Patients", exact: true }).click();
  await page.getByRole("link", { name: "New patient" }).click();
  await page.getByLabel("Given name").fill(givenName);
  await page.getByLabel("Family name").fill("Harbor");
  await page.getByLabel("Birth date").fill("3/9/1985");
  await page.getByRole("button", { name: "Register", exact: true }).click();
}

test("an empty folder becomes a practice: entered by its code, opened by its officers, with its first patient", async () => {
  test.setTimeout(240_000);
  expect(practice.said).toContain(`${practice.url}/set-up`);
  const admin = await device();
  await admin.goto(practice.url);
  await expect(admin.getByText("Nobody works at this practice yet")).toBeVisible();
  await admin.getByRole("button", { name: "Enter the code" }).click();
  await admin.getByLabel("Code").fill("00000-00000-00000-00000-00000");
  await admin.getByLabel("Your name").fill("Helen Abara");
  await admin.getByLabel("User name").fill("helen");
  await admin.getByLabel("New password").fill(passwords.helen);
  await admin.getByLabel("The same once more").fill(passwords.helen);
  await admin.getByRole("button", { name: "Set up and sign in" }).click();
  await expect(admin.getByRole("alert")).toContainText("That code is not right");
  await admin.getByLabel("Code").fill(practice.code!.toLowerCase());
  await admin.getByRole("button", { name: "Set up and sign in" }).click();
  await choosePin(admin);
  await expect(admin.getByRole("heading", { name: "Setting up the practice" })).toBeVisible();
  await expect(admin.getByText("Nobody is named yet")).toHaveCount(2);

  await admin.getByRole("link", { name: "Add people" }).click();
  const [ruthsFirst, omarsFirst] = [
    await addPerson(admin, "Ruth Feldman", "ruth"),
    await addPerson(admin, "Omar Haddad", "omar"),
  ];

  // A patient before the officers have accepted stays on the tablet, with the reason.
  await register(admin, "Early");
  await admin.goto(`${practice.url}/waiting`);
  await admin.getByLabel("PIN").fill(pin);
  await admin.getByRole("button", { name: "Unlock", exact: true }).click();
  await expect(admin.getByText(/The practice is still being set up/)).toBeVisible();

  await admin.getByRole("link", { name: "Go on with it" }).click();
  await nameOfficer(admin, "Privacy officer", "Ruth Feldman");
  await nameOfficer(admin, "Security officer", "Omar Haddad");
  await expect(admin.getByText("Has to accept")).toHaveCount(2);

  const ruth = await firstSignIn("ruth", ruthsFirst);
  await accept(ruth, "ruth");
  await expect(officer(ruth, "Privacy officer")).toContainText("Accepted");
  await expect(ruth.getByText(/This practice is being set up/)).toBeVisible();
  const omar = await firstSignIn("omar", omarsFirst);
  await accept(omar, "omar");
  await expect(omar.getByText(/The practice is open/)).toBeVisible();

  await expect(admin.getByText(/The practice is open/)).toBeVisible({ timeout: 30_000 });
  await expect(admin.getByText(/This practice is being set up/)).toBeHidden({ timeout: 30_000 });
  await register(admin, "Rosa");
  await expect(admin.getByRole("heading", { name: "Rosa Harbor" })).toBeVisible();
  await admin.goto(`${practice.url}/set-up`);
});
