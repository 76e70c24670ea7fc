import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import { json } from "node:stream/consumers";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { newId } from "../../domain/kernel/id.ts";
import { type Browser, desktop, openBrowser, tablet } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { expectAccessible } from "../pages/accessible.ts";
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
  browser.page.setDefaultTimeout(15_000);
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

async function nameOfficer(
  admin: Page,
  office: string,
  person: string,
  shown: (dialog: Locator) => Promise<void> = async () => {},
): Promise<void> {
  await admin.getByRole("button", { name: `Name: ${office}` }).click();
  const dialog = admin.getByRole("dialog");
  await shown(dialog);
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

/** Goes to a place of the navigation, behind "More" when it is one of many. */
async function place(page: Page, name: string): Promise<void> {
  const main = page.getByRole("navigation", { name: "Main" });
  const link = main.getByRole("link", { name, exact: true });
  const more = main.getByRole("button");
  if (!(await link.isVisible()) && (await more.isVisible())) await more.click();
  await link.click();
}

/** A sign-in of the administrator on a device that the clinic has not seen. @returns the refusal's code */
async function strange(url: string, asks = ""): Promise<string> {
  const { hostname, port, protocol } = new URL(url);
  const body = JSON.stringify({
    username: "helen",
    password: passwords.helen,
    device: { id: newId(), name: "A stranger" },
  });
  const sent = (protocol === "https:" ? https : http).request({
    hostname,
    port,
    method: "POST",
    path: `${asks}/api/session`,
    headers: { "content-type": "application/json" },
    rejectUnauthorized: false,
  });
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [http.IncomingMessage];
  const { code } = (await json(answer)) as { code?: string };
  return code ?? "signed in";
}

const shots = process.env.JAMEMR_LOOK;
async function look(page: Page, name: string): Promise<void> {
  await expectAccessible(page, name);
  if (!shots) return;
  for (const scheme of ["light", "dark"] as const)
    for (const [size, viewport] of Object.entries({ tablet, desktop })) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize(viewport);
      await page.screenshot({ path: `${shots}/${name}-${size}-${scheme}.png` });
    }
  await page.setViewportSize(tablet);
}

async function register(page: Page, givenName: string): Promise<void> {
  await place(page, "Patients");
  await page.getByRole("button", { name: "New patient" }).click();
  await page.getByLabel("Given name").fill(givenName);
  await page.getByLabel("Family name").fill("Harbor");
  await page.getByLabel("Birth date").fill("3/9/1985");
  await page.getByRole("button", { name: "Register", exact: true }).click();
}

test("an empty folder becomes a practice: entered by its code, opened by its officers, with its first patient", async () => {
  test.setTimeout(150_000);
  await expect.poll(() => practice.said).toContain(`${practice.url}/set-up`);
  const admin = await device();
  await admin.goto(practice.url);
  await expect(admin.getByText("Nobody works at this practice yet")).toBeVisible();
  await look(admin, "door");
  await admin.getByRole("button", { name: "Enter the code" }).click();
  await admin.getByLabel("Code").fill("00000-00000-00000-00000-00000");
  await admin.getByLabel("Your name").fill("Helen Abara");
  await admin.getByLabel("User name").fill("helen");
  await admin.getByLabel("New password").fill(passwords.helen);
  await admin.getByLabel("The same once more").fill(passwords.helen);
  await admin.getByRole("button", { name: "Set up and sign in" }).click();
  await expect(admin.getByRole("alert")).toContainText("That code is not right");
  await look(admin, "enter");
  await admin.getByLabel("Code").fill(practice.code!.toLowerCase());
  await admin.getByRole("button", { name: "Set up and sign in" }).click();
  await choosePin(admin);
  await expect(admin.getByRole("heading", { name: "Setting up the practice" })).toBeVisible();
  await expect(admin.getByText("Nobody is named yet")).toHaveCount(2);
  await look(admin, "set-up-empty");

  await admin.getByRole("link", { name: "Add people" }).click();
  const [ruthsFirst, omarsFirst] = [
    await addPerson(admin, "Ruth Feldman", "ruth"),
    await addPerson(admin, "Omar Haddad", "omar"),
  ];

  // A patient before the officers have accepted stays on the tablet, with the reason.
  await register(admin, "Early");
  await admin.getByRole("link", { name: /needs attention/ }).click();
  await expect(admin.getByText(/The practice is still being set up/)).toBeVisible();
  await expect(admin.getByRole("button", { name: "Send again" })).toBeVisible();

  await admin.getByRole("link", { name: "Go on with it" }).click();
  await nameOfficer(admin, "Privacy officer", "Ruth Feldman");
  await nameOfficer(admin, "Security officer", "Omar Haddad", async (dialog) => {
    await dialog.getByRole("combobox", { name: "Person" }).selectOption({ label: "Ruth Feldman" });
    const why = dialog.getByLabel("Why one person holds more than one of these offices");
    await expect(why).toBeVisible();
    await expect(dialog.getByRole("button", { name: "Name", exact: true })).toBeDisabled();
    await look(admin, "name-officer");
  });
  await expect(admin.getByText("Has to accept")).toHaveCount(2);
  await look(admin, "set-up-named");

  const ruth = await firstSignIn("ruth", ruthsFirst);
  await look(ruth, "officer");
  await accept(ruth, "ruth");
  await expect(officer(ruth, "Privacy officer")).toContainText("Accepted");
  await expect(ruth.getByText("When both officers have accepted, patients can be entered.")).toBeVisible();
  const omar = await firstSignIn("omar", omarsFirst);
  await accept(omar, "omar");
  await expect(omar.getByText(/The practice is open/)).toBeVisible();
  await look(omar, "set-up-open");

  await expect(admin.getByText(/The practice is open/)).toBeVisible({ timeout: 30_000 });
  await register(admin, "Rosa");
  await expect(admin.getByText(/This practice is being set up/)).toBeHidden({ timeout: 30_000 });
  await expect(admin.getByRole("heading", { name: "Rosa Harbor" })).toBeVisible();

  // She is at the clinic: another device finds her, and not the one who came too early.
  await place(ruth, "Patients");
  await ruth.getByRole("main").getByRole("combobox").fill("Harbor");
  await expect(ruth.getByRole("option", { name: /Rosa Harbor/ })).toBeVisible();
  await expect(ruth.getByRole("option", { name: /Early Harbor/ })).toBeHidden();

  // From now on a strange device gets in at the clinic's own machine alone, whatever it says it is asking.
  expect(await strange(`https://localhost:${practice.httpsPort}`)).toBe("device_not_enrolled");
  expect(await strange(`https://localhost:${practice.httpsPort}`, "http://localhost")).toBe(
    "device_not_enrolled",
  );
  expect(await strange(practice.url)).toBe("signed in");
});
