import { describe, expect, it } from "vitest";
import type { Patient } from "#domain/patient/index.ts";
import { findDuplicates, similarDates } from "./duplicates.ts";
import { similarNames } from "./name-match.ts";

const known = {
  id: "ana",
  givenName: "Ana",
  familyName: "Trial-Lopez",
  preferredName: "",
  birthDate: "1961-03-09",
  phone: "(212) 555-0110",
  mergedInto: null,
  mergedAt: null,
  mergePending: null,
} as Patient;

const typed = (change: Partial<Patient> & { birthDate?: string | null } = {}) => ({
  givenName: "Someone",
  familyName: "Else",
  preferredName: "",
  phone: "",
  birthDate: null,
  ...change,
});
const reasons = (change: Parameters<typeof typed>[0], patients: Patient[] = [known]) =>
  findDuplicates(typed(change), patients).map(({ reason }) => reason);

describe("somebody who is being registered", () => {
  it("may be a patient with the same birth date and a similar name", () => {
    const birthDate = "1961-03-09";
    expect(reasons({ givenName: "Anna", familyName: "Trial Lopez", birthDate })).toEqual([
      "birth-date-and-name",
    ]);
    expect(reasons({ givenName: "Trial-Lopez", familyName: "Ana", birthDate })).toEqual([
      "birth-date-and-name",
    ]);
    expect(reasons({ givenName: "Edna", familyName: "Trial-Whitcombe", birthDate })).toEqual([]);
  });

  it("may be a patient with the same phone, however it is written", () => {
    expect(reasons({ phone: "+1 212 555 0110" })).toEqual(["phone"]);
    expect(reasons({ phone: "0110" })).toEqual([]);
  });

  it("may be a patient of the same name with a mistyped date, or before the date is known", () => {
    const name = { givenName: "ana", familyName: "trial lopez" };
    expect(reasons({ ...name, birthDate: "1961-09-03" })).toEqual(["name-and-date"]);
    expect(reasons({ ...name, birthDate: "1961-03-08" })).toEqual(["name-and-date"]);
    expect(reasons(name)).toEqual(["name"]);
    expect(reasons({ ...name, birthDate: "1990-12-24" })).toEqual([]);
  });

  it("is shown the survivor of a record that was merged away, once", () => {
    const survivor = { ...known, id: "kept", givenName: "Ana Maria", phone: "", birthDate: "1961-09-03" };
    const merged = { ...known, mergedInto: "kept" };
    const found = findDuplicates(typed({ phone: known.phone }), [merged, survivor]);
    expect(found.map(({ patient, reason }) => [patient.id, reason])).toEqual([["kept", "phone"]]);
    const both = typed({ givenName: "Ana Maria", familyName: "Trial-Lopez", phone: known.phone });
    expect(findDuplicates(both, [merged, survivor]).map(({ patient }) => patient.id)).toEqual(["kept"]);
    // A survivor that is not on this tablet cannot be shown, and the merged record is no target.
    expect(reasons({ phone: known.phone }, [{ ...known, mergedInto: "other" }])).toEqual([]);
  });

  it("has a similar date when one digit differs or day and month are swapped", () => {
    expect(similarDates("1961-03-09", "1961-09-03")).toBe(true);
    expect(similarDates("1961-03-09", "1971-03-09")).toBe(true);
    expect(similarDates("1961-03-09", "1972-03-09")).toBe(false);
  });
});

describe("similar names on one day", () => {
  it("are marked both, and nobody else is", () => {
    const people = [
      { id: "1", givenName: "Robert", familyName: "Trial-Hayes", preferredName: "Bob" },
      { id: "2", givenName: "Roberta", familyName: "Trial-Hayes", preferredName: "" },
      { id: "3", givenName: "Ana", familyName: "Trial-Lopez", preferredName: "" },
      { id: "4", givenName: "Keiko", familyName: "Trial-Hayes", preferredName: "" },
    ];
    expect([...similarNames(people)].sort()).toEqual(["1", "2"]);
  });
});
