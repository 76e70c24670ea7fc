import { expect, type Page, test } from "@playwright/test";
import { type Browser, desktop, openBrowser } from "../fixtures/browser.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { expectAccessible } from "../pages/accessible.ts";
import { sheet } from "../pages/chart.ts";
import { pin, signIn, unlock } from "../pages/door.ts";
import { visitOf } from "../pages/today.ts";

/** A fingerprint reader that always finds the right finger; `hasPrf` as today's phones and laptops have it. */
async function plugIn(page: Page, hasPrf: boolean): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      hasPrf,
      automaticPresenceSimulation: true,
    },
  });
}

/** Credential ids of the wraps that lie on the tablet's disk. */
const wrapsOnDisk = (page: Page): Promise<string[]> =>
  page.evaluate(
    () =>
      new Promise<string[]>((resolve, reject) => {
        const request = indexedDB.open("jamemr");
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const users = request.result.transaction("users").objectStore("users").getAll();
          users.onerror = () => reject(users.error);
          users.onsuccess = () => {
            request.result.close();
            resolve(
              (users.result as { keys: { passkeys?: { credentialId: string }[] } }[]).flatMap(({ keys }) =>
                (keys.passkeys ?? []).map(({ credentialId }) => credentialId),
              ),
            );
          };
        };
      }),
  );

const menu = async (page: Page, entry: string) => {
  await page.getByRole("button", { name: /, menu$/ }).click();
  await page.locator("#user-menu").getByText(entry, { exact: true }).click();
};

async function addPasskey(page: Page, name: string): Promise<void> {
  await menu(page, "Your account");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByLabel("Name of the passkey").fill(name);
  await page.getByLabel("Your PIN on this tablet").fill(pin);
  await page.getByRole("button", { name: "Go on" }).click();
}

const today = (page: Page) => visitOf(page, "Ana Trial-Lopez");

test.describe("passkeys", () => {
  let practice: TestPractice;
  let tablet: Browser;

  test.beforeAll(async () => {
    practice = await TestPractice.start();
  });
  test.beforeEach(async () => {
    tablet = await openBrowser();
  });
  test.afterEach(async () => {
    await tablet.close();
  });
  test.afterAll(async () => {
    await practice?.remove();
  });

  test("one opens the tablet without the network, signs in with a single touch, and is gone once removed", async () => {
    const { page, context } = tablet;
    await plugIn(page, true);
    await signIn(page, practice.url, "clinician");
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    expect(await wrapsOnDisk(page)).toEqual([]);
    await addPasskey(page, "Exam room finger");
    await expect(page.getByText("Exam room finger signs you in and unlocks this tablet.")).toBeVisible();
    await expect(page.getByText("Unlocks this tablet", { exact: true })).toBeVisible();
    expect(await wrapsOnDisk(page)).toHaveLength(1);
    await page.getByRole("link", { name: "JamEMR" }).click();
    await expect(today(page)).toBeVisible();

    await context.setOffline(true);
    await menu(page, "Lock this tablet");
    const open = page.getByRole("button", { name: "Unlock with passkey" });
    await expect(open).toBeVisible();
    const touched = Date.now();
    await open.click();
    await expect(today(page)).toBeVisible();
    expect(Date.now() - touched).toBeLessThan(2000);

    await context.setOffline(false);
    await menu(page, "Sign out");
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await expect(today(page)).toBeVisible();
    await menu(page, "Your account");
    await page.getByRole("button", { name: "Remove Exam room finger" }).click();
    await page.getByRole("button", { name: "Remove this passkey" }).click();
    await expect(page.getByText("No passkeys yet")).toBeVisible();
    expect(await wrapsOnDisk(page)).toEqual([]);

    await menu(page, "Lock this tablet");
    await expect(page.getByLabel("PIN")).toBeVisible();
    await expect(page.getByRole("button", { name: "Unlock with passkey" })).toBeHidden();
    await page.getByRole("button", { name: "Sign in with a password" }).click();
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await expect(page.getByText("That passkey was not accepted.")).toBeVisible();
    expect(tablet.complaints).toEqual([]);
  });

  test("one that only signs in leaves the tablet to the PIN", async () => {
    const { page } = tablet;
    await plugIn(page, false);
    await signIn(page, practice.url, "nurse");
    await addPasskey(page, "Old key");
    await expect(page.getByText("Old key signs you in. This tablet still opens with the PIN.")).toBeVisible();
    expect(await wrapsOnDisk(page)).toEqual([]);
    await menu(page, "Sign out");
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await expect(page.getByText("Enter your PIN to unlock this tablet.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Unlock with passkey" })).toBeHidden();
    await unlock(page);
    await expect(page.getByRole("banner")).toBeVisible();
    expect(tablet.complaints).toEqual([]);
  });

  test("one that was lost is taken off by the security officer", async () => {
    const { page } = tablet;
    await plugIn(page, false);
    await signIn(page, practice.url, "nurse2");
    await addPasskey(page, "Lost key");
    const office = await openBrowser({ viewport: desktop });
    await signIn(office.page, practice.url, "security");
    await office.page.getByRole("link", { name: "People" }).click();
    const person = (name: string) => office.page.getByRole("listitem").filter({ hasText: name });
    await person("Priya Nair").getByRole("button", { name: "Sign-in" }).click();
    await expect(sheet(office.page)).toContainText("The password alone lets Priya Nair in.");
    await office.page.keyboard.press("Escape");
    await person("Carla Mendes").getByRole("button", { name: "Sign-in" }).click();
    await sheet(office.page).getByRole("button", { name: "Remove Lost key" }).click();
    await expectAccessible(office.page, "passkeys of a person");
    await sheet(office.page).getByRole("button", { name: "Remove this passkey" }).click();
    await expect(sheet(office.page)).toContainText("No passkeys");
    await office.close();
    await menu(page, "Sign out");
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await expect(page.getByText("That passkey was not accepted.")).toBeVisible();
  });

  test("at a bare address only the password and the PIN are offered", async () => {
    const { page } = tablet;
    const address = practice.url.replace("localhost", "127.0.0.1");
    await page.goto(address);
    await expect(page.getByLabel("User name")).toBeVisible();
    await expect(page.getByRole("button", { name: "Sign in with a passkey" })).toBeHidden();
    await signIn(page, address, "clinician2");
    await menu(page, "Your account");
    await expect(page.getByText("Passkeys need the clinic's name in the address.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Add a passkey" })).toBeDisabled();
  });
});
