import { expect, it } from "vitest";
import { similarNames } from "./index.ts";

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
