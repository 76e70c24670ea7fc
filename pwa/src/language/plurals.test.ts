import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** What is counted on any screen: a sentence that has one of these behind a number has to know about one of them. */
const counted =
  "accesses|allergies|appointments|cards|changes|charts|connections|days|devices|entries|hours|items|jobs|minutes|nodes|notes|pages|parts|patients|people|places|records|recordings|requests|rights|roles|rooms|seconds|sessions|tablets|tasks|times|tokens|users|visits|weeks";
const fixed = new RegExp(String.raw`\{\w+\} (more |of |other |service )?(${counted})\b`);

it("no sentence says “1 records”: each has words for one", () => {
  const catalogue = readFileSync(new URL("locales/en.po", import.meta.url), "utf8");
  const sentences = [...catalogue.matchAll(/^msgid "(.*)"$/gm)].map(([, sentence]) => sentence!);
  expect(sentences.length).toBeGreaterThan(1000);
  expect(sentences.filter((sentence) => fixed.test(sentence))).toEqual([]);
});
