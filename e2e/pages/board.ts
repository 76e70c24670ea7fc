import { expect, type Locator, type Page } from "@playwright/test";
import { addDays, dateIn } from "../../domain/kernel/instant.ts";

export const maya = "Maya Okafor";
export const daniel = "Daniel Reyes";

/** A Tuesday far enough ahead to be empty; each test takes its own. */
export function quietDay(weeks: number): string {
  let date = addDays(dateIn("America/New_York"), 70);
  while (new Date(`${date}T00:00:00Z`).getUTCDay() !== 2) date = addDays(date, 1);
  return addDays(date, weeks * 7);
}

/** The front desk's board as a person sees it. */
export class Board {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(day: string): Promise<void> {
    await this.page.getByRole("link", { name: "Board" }).first().click();
    await expect(this.page.getByRole("grid")).toBeVisible();
    await this.page.getByLabel("Go to a day").fill(day);
    await expect(this.page).toHaveURL(new RegExp(day));
  }

  /** A quarter hour of somebody's column: `cell("9:00 AM", maya)`. */
  cell(time: string, clinician: string): Locator {
    return this.page.getByRole("gridcell", { name: `${time}, ${clinician}`, exact: true });
  }

  card(name: string | RegExp): Locator {
    return this.page.locator("[data-card-root]").filter({ hasText: name });
  }

  /** What a screen reader says of a card: time, name, status and marks. */
  spoken(name: string | RegExp): Locator {
    return this.card(name).locator("[data-stop]");
  }

  get sheet(): Locator {
    return this.page.getByRole("dialog");
  }

  async book(time: string, clinician: string, typed: string): Promise<void> {
    await this.cell(time, clinician).click();
    await this.sheet.getByRole("combobox", { name: "Patient", exact: true }).fill(typed);
    await this.sheet.getByRole("option", { name: /Born/ }).first().click();
    await this.sheet.getByRole("button", { name: "Book", exact: true }).click();
    await expect(this.sheet).toBeHidden();
  }

  async openCard(name: string | RegExp): Promise<void> {
    await this.spoken(name).click();
    await expect(this.sheet).toBeVisible();
  }

  async close(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await expect(this.sheet).toBeHidden();
  }
}
