import { describe, expect, it } from "vitest";
import type { Patient } from "#domain/patient/index.ts";
import { finderEntry, findPatients } from "./search.ts";

const today = "2026-11-22";

let count = 0;
const person = (givenName: string, familyName: string, change: Partial<Patient> = {}): Patient => {
  count += 1;
  return {
    id: `id-${count}`,
    recordNumber: `TRIAL-${String(count).padStart(6, "0")}`,
    givenName,
    familyName,
    preferredName: "",
    birthDate: "1980-01-01",
    sex: "unknown",
    gender: "",
    pronouns: "",
    language: "en",
    interpreter: false,
    phone: "",
    email: "",
    address: "",
    contacts: [],
    deceasedOn: null,
    mergedInto: null,
    mergedAt: null,
    mergePending: null,
    active: true,
    ...change,
  };
};

const ana = person("Ana", "Trial-Lopez", { birthDate: "1961-03-09", phone: "(212) 555-0110" });
const robert = person("Robert", "Trial-Hayes", { preferredName: "Bob", birthDate: "1954-11-21" });
const roberta = person("Roberta", "Trial-Hayes", { birthDate: "1957-02-14" });
const edna = person("Edna", "Trial-Whitcombe", { birthDate: "1929-08-30" });
const jose = person("José", "Nuñez", { phone: "+1 212-555-0177" });
const gone = person("Anabel", "Trial-Lopez", { deceasedOn: "2020-01-01" });
const entries = [gone, ana, robert, roberta, edna, jose].map((patient) => finderEntry(patient));
const find = (typed: string) => findPatients(entries, typed, today);

describe("the finder", () => {
  it.each([
    ["ana", ana],
    ["lopez", ana],
    ["Trial-Lopez, Ana", ana],
    ["lopez, a", ana],
    ["lop an", ana],
    ["bob hayes", robert],
    ["roberta", roberta],
    ["whitcomb", edna],
    ["whitcmobe", edna],
    ["ednna", edna],
    ["jose nunez", jose],
    ["03/09/1961", ana],
    ["1961-03-09", ana],
    ["9 Mar 1961", ana],
    ["lopez 3/9/61", ana],
    ["555-0110", ana],
    ["(212) 555-0110", ana],
    ["0177", jose],
    ["TRIAL-000004", edna],
    ["trial-4", edna],
  ])("finds by '%s'", (typed, wanted) => {
    expect(find(typed)[0]?.id).toBe(wanted.id);
  });

  it("finds by the bare record number", () => {
    expect(find(String(Number(roberta.recordNumber!.slice(6))))[0]?.id).toBe(roberta.id);
  });

  it("puts who may be booked before the deceased, and the exact name before its longer neighbour", () => {
    expect(find("an lopez").map(({ id }) => id)).toEqual([ana.id, gone.id]);
    expect(find("robert").map(({ id }) => id)).toEqual([robert.id, roberta.id]);
  });

  it("asks that every word fits, and finds nobody for nothing", () => {
    expect(find("ana hayes")).toEqual([]);
    expect(find("hayes, lopez")).toEqual([]);
    expect(find("   ")).toEqual([]);
    expect(find("lopez 3/9/1962")).toEqual([]);
  });

  it("finds the survivor by a merged record's name, birth date and phone, once (C07)", () => {
    const merged = person("Annie", "Oakes", { birthDate: "1961-09-03", phone: "(212) 555-0188" });
    const both = [finderEntry(ana), finderEntry({ ...merged, mergedInto: ana.id }, ana)];
    for (const typed of ["oakes", "9/3/1961", "555-0188", "annie", "ana", "an"])
      expect(findPatients(both, typed, today), typed).toEqual([ana]);
  });

  it("keeps the first few of many that fit alike in their order, each person once", () => {
    const order = [7, 3, 11, 0, 9, 1, 12, 5, 2, 10, 4, 8, 6];
    const people = order.map((place) => person("Al", `Same${String(place).padStart(2, "0")}`));
    const [first] = people.filter(({ familyName }) => familyName === "Same00");
    const records = [
      finderEntry({ ...first!, familyName: "Samesame" }, first!),
      ...people.map((one) => finderEntry(one)),
    ];
    expect(findPatients(records, "same", today).map(({ familyName }) => familyName)).toEqual(
      Array.from({ length: 8 }, (_, place) => `Same0${place}`),
    );
  });

  it("finds the right one among 10,000, slips included", () => {
    const names = ["Ana", "Robert", "Keiko", "Ivan", "Leila", "Carlos", "Grace", "Hassan"];
    const families = ["Castillo", "Kowalski", "Fischer", "Garcia", "Huang", "Ibrahim", "Jensen", "Novak"];
    const many = Array.from({ length: 10_000 }, (_, index) =>
      finderEntry(
        person(names[index % 8]!, `${families[(index >> 3) % 8]}${index}`, { phone: `212555${index}` }),
      ),
    );
    const first = (typed: string) => {
      const [best] = findPatients(many, typed, today);
      return best && `${best.givenName} ${best.familyName.replace(/\d+/, "")}`;
    };
    expect(first("kei")).toMatch(/^Keiko /);
    expect(first("fischer, g")).toBe("Grace Fischer");
    expect(first("kovalsky")).toMatch(/ Kowalski$/);
    expect(first("hasan garsia")).toBe("Hassan Garcia");
    expect(findPatients(many, "2125559042", today).map(({ phone }) => phone)).toEqual(["2125559042"]);
    expect(first("xxqqzz")).toBeUndefined();
  });
});
