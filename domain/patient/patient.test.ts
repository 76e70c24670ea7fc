import { describe, expect, it } from "vitest";
import { newId } from "../kernel/id.ts";
import { isSamePerson, mergeLinksOf, patient, recordsOf, similarNames, survivorOf } from "./index.ts";

const person = (givenName: string, familyName: string, birthDate = "1960-01-01", preferredName = "") => ({
  givenName,
  familyName,
  preferredName,
  birthDate,
});

it.each([
  [person("Robert", "Trial-Hayes"), person("Roberta", "Trial-Hayes", "1957-02-14")],
  [person("Jon", "Smith"), person("John", "Smyth", "1970-01-01")],
  [person("Robert", "Hayes", "1950-01-01", "Bob"), person("Bob", "Hayes", "1990-01-01")],
  [person("Ana", "Ibáñez"), person("Anna", "Ibanez", "1980-01-01")],
  [person("Maria", "Lopez", "2001-05-05"), person("Juan", "Lopez", "2001-05-05")],
])("C04: %o and %o could be taken for one another", (a, b) => {
  expect(similarNames(a, b)).toBe(true);
  expect(similarNames(b, a)).toBe(true);
});

it.each([
  [person("Ana", "Lopez"), person("Juan", "Lopez", "2001-05-05")],
  [person("Ana", "Lopez"), person("Ana", "Whitcombe", "2001-05-05")],
])("C04: %o and %o are told apart", (a, b) => {
  expect(similarNames(a, b)).toBe(false);
});

describe("C07: records of one person", () => {
  const links = mergeLinksOf([
    { id: "a", mergedInto: "b" },
    { id: "b", mergedInto: "c" },
    { id: "d", mergedInto: "c" },
    { id: "c", mergedInto: null },
    { id: "x", mergedInto: null },
  ]);

  it("are led by the one at the end of the links", () => {
    expect(["a", "b", "c", "d", "x"].map((id) => survivorOf(links, id))).toEqual(["c", "c", "c", "c", "x"]);
    expect(recordsOf(links, "b")).toEqual(["c", "a", "b", "d"]);
    expect(recordsOf(links, "x")).toEqual(["x"]);
    expect(isSamePerson(links, "a", "d")).toBe(true);
    expect(isSamePerson(links, "a", "x")).toBe(false);
  });

  it("end somewhere even where a ring was made", () => {
    const ring = mergeLinksOf([
      { id: "a", mergedInto: "b" },
      { id: "b", mergedInto: "a" },
    ]);
    expect(survivorOf(ring, "a")).toBe("a");
    expect(recordsOf(ring, "a")).toContain("a");
  });

  it("are merged by nobody's tablet: no change names the link or the mark", () => {
    const { register, update } = patient.mutations;
    for (const forged of ["mergedInto", "mergedAt", "mergePending"])
      expect(update.args.safeParse({ id: newId(), [forged]: null }).success, forged).toBe(false);
    const args = register.args.parse({
      id: newId(),
      givenName: "Jon",
      familyName: "Smith",
      birthDate: "1960-01-01",
    });
    const stamp = { mutationId: newId(), at: "2026-01-01T00:00:00.000Z", actor: newId(), role: "front-desk" };
    expect(register.apply(undefined, args, stamp as never)).toMatchObject({
      mergedInto: null,
      mergedAt: null,
      mergePending: null,
    });
  });
});
