import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));
const tests = ["domain", "sync-server", "ai-node", "pwa", "scripts", "bench", "migrations"].map(
  (folder) => `${folder}/**/*.test.{ts,tsx}`,
);

export default defineConfig({
  test: {
    root,
    reporters: ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          root,
          include: tests,
          exclude: ["**/node_modules/**", "**/*.db.test.ts", "**/*.process.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "database",
          root,
          include: ["**/*.db.test.ts"],
          exclude: ["**/node_modules/**"],
          globalSetup: ["sync-server/testing/global-setup.ts"],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "process",
          root,
          include: ["**/*.process.test.ts"],
          exclude: ["**/node_modules/**"],
          testTimeout: 90_000,
          hookTimeout: 90_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
