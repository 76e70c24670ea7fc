import { expect, type Page } from "@playwright/test";

/** From the dashboard, which has devices too: its buttons go away with it. */
export async function openDevices(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Devices" }).click();
  await expect(page.getByRole("heading", { name: "Devices", level: 1 })).toBeVisible();
}
