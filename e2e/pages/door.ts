import { expect, type Page } from "@playwright/test";

export const trialPassword = "jamemr-trial-practice";
export const pin = "25081975";

/** What a note says once its words are on the disk: with the clinic there it goes on to say so at once. */
export const saved = /^Saved (on this tablet|at the clinic)$/;

/** Signs in for the first time on a device and chooses the PIN. */
export async function signIn(page: Page, url: string, username: string): Promise<void> {
  await page.goto(url);
  await signInHere(page, username);
}

/** The same where the sign-in page stands already, as after somebody else signed out. */
export async function signInHere(page: Page, username: string): Promise<void> {
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(trialPassword);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByLabel("New PIN").fill(pin);
  await page.getByLabel("The same PIN again").fill(pin);
  await page.getByRole("button", { name: "Use this PIN" }).click();
  await expect(page.getByRole("banner")).toBeVisible();
}

export async function unlock(page: Page, code = pin): Promise<void> {
  await page.getByLabel("PIN").fill(code);
  await page.getByRole("button", { name: "Unlock", exact: true }).click();
}
