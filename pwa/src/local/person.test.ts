import { describe, expect, it } from "vitest";
import { mergeLinksOf, noLinks } from "#domain/patient/index.ts";
import { ofThePerson } from "./person.ts";
import { hotRows } from "./store/hot-block.ts";
import type { ConfirmedRow } from "./store/rows.ts";

const links = mergeLinksOf([
  { id: "jon", mergedInto: "john" },
  { id: "john", mergedInto: null },
]);

describe("C07: a list of one patient", () => {
  it("is of all records of the person, whichever is named", () => {
    for (const patientId of ["jon", "john"])
      expect(
        ofThePerson<"allergy">(links, { where: { patientId, status: "active" }, sort: "recordedAt" }),
      ).toEqual({
        where: { patientId: { in: ["john", "jon"] }, status: "active" },
        sort: "recordedAt",
      });
  });

  it("of somebody with one record, or of several people, is as it was asked for", () => {
    const one = { where: { patientId: "ana" } };
    const several = { where: { patientId: { in: ["jon", "ana"] } } };
    expect(ofThePerson<"allergy">(links, one)).toBe(one);
    expect(ofThePerson<"allergy">(links, several)).toBe(several);
    expect(ofThePerson<"allergy">(noLinks, { where: { patientId: "jon" } })).toEqual({
      where: { patientId: "jon" },
    });
  });
});

describe("what unlocking shows first", () => {
  it("has the survivor of a patient who comes today under the merged record", () => {
    const at = Date.UTC(2027, 0, 12, 14);
    const row = (collection: string, id: string, data: Record<string, unknown>) =>
      ({ collection, id, data }) as unknown as ConfirmedRow;
    const shown = hotRows(
      [
        row("appointment", "visit", { start: new Date(at).toISOString(), patientId: "jon" }),
        row("patient", "jon", { mergedInto: "john" }),
        row("patient", "john", { mergedInto: null }),
        row("patient", "ana", { mergedInto: null }),
      ],
      at,
    );
    expect(shown.map(({ id }) => id)).toEqual(["visit", "jon", "john"]);
  });
});
