import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { screens } from "../e2e/accessibility/screens.ts";
import { screenStates, wordsOf } from "../e2e/states/states.ts";

const keyOf = ({ route, view }: { readonly route: string; readonly view?: string }) =>
  `${route} ${view ?? ""}`;

const catalogue = readFileSync(
  fileURLToPath(new URL("../pwa/src/language/locales/en.po", import.meta.url)),
  "utf8",
);
const sentences = [...catalogue.matchAll(/^msgid "(.+)"$/gm)].map(([, sentence]) => sentence!);

/** Those of the router, as the table of the accessibility journey has them (accessible-screens.test.ts). */
test("every screen says what it does when it is empty, loading, failed and offline", () => {
  expect(screenStates.map(keyOf).toSorted()).toEqual(screens.map(keyOf).toSorted());
});

test("the words of a state are words that the application has", () => {
  for (const { route, empty, loading, error, offline } of screenStates)
    for (const words of [empty, loading, error, offline].map(wordsOf)) {
      if (words === null) continue;
      const known = sentences.some((one) => (typeof words === "string" ? one === words : words.test(one)));
      expect(known, `${route}: ${words}`).toBe(true);
    }
});

test("a state that cannot occur says why", () => {
  for (const screen of screenStates)
    for (const state of [screen.empty, screen.loading, screen.error, screen.offline])
      if (wordsOf(state) === null) expect((state as { never: string }).never.length).toBeGreaterThan(10);
});
