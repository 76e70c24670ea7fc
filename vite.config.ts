import { readFileSync } from "node:fs";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

const repository = import.meta.dirname;
const { version } = JSON.parse(readFileSync(`${repository}/package.json`, "utf8")) as { version: string };
const devServer = process.env.JAMEMR_DEV_SERVER ?? "http://127.0.0.1:8080";

// What every screen needs goes into two files instead of twenty: it is compressed better together.
const everyScreen = {
  libraries:
    /node_modules\/(react|react-dom|scheduler|use-sync-external-store|dexie|zod|@lingui|@noble\/hashes|canonicalize|@tanstack)\//,
  // The page's beginning and what it imports: by itself it would name two hundred parts of the other file by their
  // letters. The button and the icon's frame would otherwise be files of their own, for the screens behind.
  page: /\/pwa\/src\/(app\/main|local\/index|language\/(language|error-text)|design\/state)\.tsx?$|\/(CloseButton|createReactComponent|use-id)\.mjs$/,
};

const jsonSchemaModule = /zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/;

/**
 * Leaves zod's conversion to JSON Schema out of the page: every schema refers to it, no screen uses it, and tablets would
 * fetch it before the first row is seen. What reads limits from a schema stays. Fails the build when zod has changed.
 */
function withoutJsonSchema(): Plugin {
  const absent = "() => { throw new Error('JSON Schema is not part of the page'); }";
  const found = new Set<string>();
  return {
    name: "without-json-schema",
    apply: "build",
    transform(code, id) {
      const [, module] = jsonSchemaModule.exec(id) ?? [];
      if (!module) return null;
      found.add(module);
      const names = [...code.matchAll(/^export (?:const|function|class) (\w+)/gm)].map(([, name]) => name!);
      const end = code.indexOf("export const stringProcessor");
      const kept = end < 0 ? "" : code.slice(0, end).replace(/^import .*to-json-schema\.js";$/m, "");
      const gone = names.filter((name) => !kept.includes(`export function ${name}`));
      const alias = module === "to-json-schema" ? "export { processSchema as process };" : "";
      return {
        code: `${kept}\n${gone.map((name) => `export const ${name} = ${absent};`).join("\n")}\n${alias}`,
        map: null,
      };
    },
    buildEnd(error) {
      if (!error && found.size !== 2) this.error("zod keeps its JSON Schema code elsewhere now");
    },
  };
}

const styleModule = /@mantine\/core\/.*\/(MantineCssVariables|MantineClasses)\.mjs$/;

/**
 * Leaves out what writes Mantine's variables and classes into the page: they come from styles.css (main.tsx), and the provider
 * refers to it all the same. Fails the build when Mantine has changed.
 */
function withoutStyleElements(): Plugin {
  const found = new Set<string>();
  return {
    name: "without-style-elements",
    apply: "build",
    transform(_code, id) {
      const [, name] = styleModule.exec(id) ?? [];
      if (!name) return null;
      found.add(name);
      return { code: `export function ${name}() { return null; }`, map: null };
    },
    buildEnd(error) {
      if (!error && found.size !== 2) this.error("Mantine writes its style elements elsewhere now");
    },
  };
}

export default defineConfig({
  root: `${repository}/pwa`,
  publicDir: "public",
  define: { __JAMEMR_VERSION__: JSON.stringify(version) },
  build: {
    outDir: `${repository}/dist/pwa`,
    emptyOutDir: true,
    target: "es2022",
    sourcemap: true,
    manifest: true,
    // The page names what it starts with. Lists of what every other screen imports would be fetched before the first one, and
    // cannot be compressed; the screens are on the device some seconds later, and their imports come from there.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_file, deps, { hostType }) => (hostType === "html" ? deps : []),
    },
    // One style sheet: a screen whose code is fetched again after a failure must not come without its looks.
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: Object.entries(everyScreen).map(([name, test]) => ({ name, test })),
        },
      },
    },
  },
  resolve: {
    // The build for browsers of the last years: the other one carries a generator for each async function.
    alias: [{ find: /^dexie$/, replacement: `${repository}/node_modules/dexie/dist/modern/dexie.min.mjs` }],
  },
  plugins: [
    react(),
    withoutJsonSchema(),
    withoutStyleElements(),
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src/service-worker",
      filename: "service-worker.ts",
      registerType: "prompt",
      injectRegister: false,
      injectManifest: {
        // A classic script in one piece; the module form asks the bundler for an option that it no longer has.
        rollupFormat: "iife",
        maximumFileSizeToCacheInBytes: 6 * 1024 * 1024,
        globPatterns: ["**/*.{js,css,html,svg,woff2,wasm,webmanifest}"],
      },
      manifest: {
        name: "JamEMR",
        short_name: "JamEMR",
        start_url: "/",
        display: "standalone",
        theme_color: "#0b7285",
        background_color: "#ffffff",
        icons: [{ src: "/icon.svg", sizes: "any", type: "image/svg+xml" }],
      },
      devOptions: { enabled: false },
    }),
  ],
  // The server accepts pages of its own addresses only, so the proxy speaks as one of them.
  server: { proxy: { "/api": { target: devServer, headers: { origin: devServer } } } },
  worker: { format: "es" },
  test: {
    reporters: ["default"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        test: {
          name: "unit",
          root: repository,
          environment: "node",
          include: [
            "domain/**/*.test.ts",
            "sync-server/**/*.test.ts",
            "scripts/**/*.test.ts",
            "bench/**/*.test.ts",
          ],
          exclude: ["**/*.db.test.ts", "**/*.process.test.ts"],
        },
      },
      {
        // Starts whole practices and kills them: one after the other.
        test: {
          name: "process",
          root: repository,
          environment: "node",
          include: ["**/*.process.test.ts"],
          exclude: ["**/node_modules/**"],
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: "database",
          root: repository,
          environment: "node",
          include: ["sync-server/**/*.db.test.ts"],
          globalSetup: [`${repository}/sync-server/testing/global-setup.ts`],
        },
      },
      {
        test: {
          name: "ai-node",
          root: repository,
          environment: "node",
          include: ["ai-node/**/*.test.ts"],
          testTimeout: 120_000,
        },
      },
      {
        test: { name: "pwa", root: repository, environment: "node", include: ["pwa/**/*.test.{ts,tsx}"] },
      },
    ],
  },
});
