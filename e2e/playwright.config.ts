import { defineConfig } from "@playwright/test";

/** Real Chromium against real practices that the fixtures start; two cores carry one at a time. */
export default defineConfig({
  testDir: ".",
  outputDir: "../test-results",
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  retries: 0,
  reporter: [["list"]],
});
