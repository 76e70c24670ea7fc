import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { screens } from "../e2e/accessibility/screens.ts";
import { chartViews } from "../pwa/src/chart/chart-view.ts";

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), "utf8");

const routesOf = (router: string): string[] =>
  [...router.matchAll(/\bpath: "([^"]+)"/g)].map(([, path]) => path!);

test("every route of the application is judged for accessibility, and every part of the chart", () => {
  const routes = routesOf(read("pwa/src/app/router.tsx"));
  expect(routes.length).toBeGreaterThan(10);
  expect([...new Set(screens.map(({ route }) => route))].toSorted()).toEqual(routes.toSorted());
  expect(screens.flatMap(({ view }) => view ?? [])).toEqual([...chartViews]);
});

test("a route that is not judged would be seen", () => {
  expect(routesOf('const a = createRoute({ path: "/new-place", component });')).toEqual(["/new-place"]);
});
