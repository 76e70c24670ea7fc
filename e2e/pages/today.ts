import type { Locator, Page } from "@playwright/test";

/** A visit on Today: its link begins with the time. The one to the chart beside it has the patient's name too. */
export const visitOf = (page: Page, name: string): Locator =>
  page.getByRole("link", { name: new RegExp(`^\\d.*${name}`) });
