import { defineConfig } from "@playwright/test";

/** Real Chromium against real practices that the fixtures start: much of a journey is waiting, so two share two cores. */
export default defineConfig({
  testDir: ".",
  outputDir: "../test-results",
  workers: 2,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  retries: 0,
  reporter: [["list"]],
});
