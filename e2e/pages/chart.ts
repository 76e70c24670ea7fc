import { expect, type Locator, type Page } from "@playwright/test";

/** Counts what a person does: taps, and values typed. */
export class Hands {
  count = 0;
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async tap(control: Locator): Promise<void> {
    this.count++;
    await control.click();
  }

  /** Types where the cursor is. */
  async types(value: string): Promise<void> {
    this.count++;
    await this.page.keyboard.type(value);
  }
}

/** To a place of the application without a reload, which would lock it. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
}

export const openChartOf = async (page: Page, patientId: string): Promise<void> => {
  await goTo(page, `/patients/${patientId}/chart`);
  await expect(page.getByRole("tab", { name: "Summary" })).toBeVisible();
};

/** The list of a chart by its heading. */
export const list = (page: Page, name: string): Locator => page.getByRole("region", { name });

export const sheet = (page: Page): Locator => page.getByRole("dialog");

/** Searches, takes the first answer, and leaves the rest of the form to the caller. */
export async function pick(page: Page, add: string, words: string): Promise<void> {
  await page.getByRole("button", { name: add, exact: true }).click();
  await sheet(page).getByRole("combobox").fill(words);
  await expect(sheet(page).getByRole("option").first()).toBeVisible();
  await page.keyboard.press("Enter");
}
