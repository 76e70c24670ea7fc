import { describe, expect, it } from "vitest";
import {
  type DemographicField,
  type Demographics,
  demographicFields,
  isIdentifying,
  mergeDemographics,
} from "./index.ts";

const contact = (name: string) => ({
  name,
  relation: "sister",
  kind: "emergency" as const,
  phone: "",
  mayBeTold: "nothing" as const,
});

/** Three values of every field: what was seen, what stands now, and what is typed. */
const values: {
  readonly [F in DemographicField]: readonly [Demographics[F], Demographics[F], Demographics[F]];
} = {
  givenName: ["Ana", "Anna", "Hannah"],
  familyName: ["Lopez", "Lopes", "Lopez-Diaz"],
  birthDate: ["1960-01-01", "1960-01-11", "1961-01-01"],
  sex: ["unknown", "female", "other"],
  preferredName: ["", "Annie", "Nan"],
  gender: ["", "woman", "nonbinary"],
  pronouns: ["", "she/her", "they/them"],
  language: ["en", "es", "fr"],
  interpreter: [false, true, false],
  phone: ["", "555-0101", "555-0102"],
  email: ["", "a@example.org", "b@example.org"],
  address: ["", "1 Elm St", "2 Oak St"],
  contacts: [[], [contact("Bea")], [contact("Cleo")]],
};
const record = (column: 0 | 1 | 2) =>
  Object.fromEntries(
    demographicFields.map((field) => [field, values[field][column]]),
  ) as unknown as Demographics;
const [seen, now, typed] = [record(0), record(1), record(2)];
const notOwn = () => false;
const nothing = { take: {}, replaced: [], waits: [] };
const part = <F extends DemographicField>(from: Demographics, field: F) => ({ [field]: from[field] });
/** A yes or no has no third value: whoever changes it away from what was seen means what the others mean. */
const withThree = demographicFields.filter((field) => field !== "interpreter");

describe.each(demographicFields)("%s", (field) => {
  it("is stored where nobody else changed it, whatever else they changed", () => {
    const others = { ...now, [field]: seen[field] };
    const change = part(now, field);
    expect(mergeDemographics(change, seen, others, notOwn)).toEqual({ ...nothing, take: change });
  });

  it("is nothing where both entered the same", () => {
    for (const base of [seen, null])
      expect(mergeDemographics(part(now, field), base, now, notOwn)).toEqual(nothing);
  });

  it("stays as the others changed it where this change leaves it as it was seen", () => {
    expect(mergeDemographics(part(seen, field), seen, now, notOwn)).toEqual(nothing);
  });
});

describe.each(withThree)("%s, changed by both to different values", (field) => {
  const change = part(typed, field);
  it.each([
    ["what was seen is known", seen],
    ["what was seen is not known", null],
  ] as const)("%s", (_, base) => {
    expect(mergeDemographics(change, base, now, notOwn)).toEqual(
      isIdentifying(field) ? { ...nothing, waits: [field] } : { ...nothing, take: change, replaced: [field] },
    );
  });

  it("is stored over an earlier change of the same hand", () => {
    expect(mergeDemographics(change, seen, now, (own) => own === field)).toEqual({
      ...nothing,
      take: change,
    });
  });
});

it("an answer about the interpreter whose base is not known replaces the other, which is kept", () => {
  expect(mergeDemographics({ interpreter: false }, null, now, notOwn)).toEqual({
    take: { interpreter: false },
    replaced: ["interpreter"],
    waits: [],
  });
});

it("decides field by field: one change is stored, replaces and waits at once", () => {
  const others = { ...seen, birthDate: now.birthDate, phone: now.phone };
  const change = { birthDate: typed.birthDate, phone: typed.phone, email: typed.email };
  expect(mergeDemographics(change, seen, others, notOwn)).toEqual({
    take: { phone: typed.phone, email: typed.email },
    replaced: ["phone"],
    waits: ["birthDate"],
  });
});
