import { expect, test } from "vitest";
import { mergeLinksOf } from "#domain/patient/index.ts";
import { type ChartFacts, mayBePutAway } from "./may-be-put-away.ts";

const now = Date.parse("2027-01-12T14:00:00Z");
const facts: ChartFacts = {
  now,
  charts: ["old", "today", "draft", "queued", "opened"],
  opened: [],
  visits: [
    { patientId: "old", start: "2027-01-04T09:00:00Z" },
    { patientId: "today", start: "2027-01-12T09:00:00Z" },
  ],
  drafts: ["draft"],
  waiting: ["queued"],
  links: new Map(),
};

test("charts of visits that are over go; Today's, unsigned, unsent and just opened ones stay", () => {
  expect(mayBePutAway({ ...facts, opened: ["opened"] })).toEqual(["old"]);
  expect(mayBePutAway({ ...facts, opened: ["opened", "1", "2", "3", "4", "5"] })).toEqual(["old", "opened"]);
});

test("who comes again in the days ahead stays, and so does last evening's visit", () => {
  const start = (start: string) => [{ patientId: "old", start }];
  for (const at of ["2027-01-17T09:00:00Z", "2027-01-11T21:00:00Z"])
    expect(mayBePutAway({ ...facts, charts: ["old"], visits: start(at) })).toEqual([]);
});

test("a person's records stay or go together", () => {
  const links = mergeLinksOf([
    { id: "old", mergedInto: "today" },
    { id: "today", mergedInto: null },
  ]);
  expect(mayBePutAway({ ...facts, charts: ["old", "today"], links })).toEqual([]);
});
