import { describe, expect, it } from "vitest";
import { listState } from "#domain/chart/index.ts";
import { checkMedication, drugsInText, judgeVital, problemCodes } from "#domain/code-set/index.ts";
import { digest } from "#domain/kernel/canonical.ts";
import { ageOn } from "#domain/kernel/instant.ts";
import { noteSchema, noteSections, sectionText } from "#domain/note/index.ts";
import { patientSchema } from "#domain/patient/index.ts";
import { type CollectionName, collections } from "#domain/registry.ts";
import { trialRows } from "./trial-chart-rows.ts";
import { trialConditions } from "./trial-conditions.ts";
import { fixedIndex, fullTrial, trialPatients } from "./trial-patients.ts";

const today = "2026-11-23";
const where = { seed: 1, today, zone: "America/New_York" };
const patients = trialPatients(1, today, fullTrial);
const { charts, appointments, visits } = trialRows(where, patients);

const everything = (seed: number, day: string) => {
  const people = trialPatients(seed, day, fullTrial);
  return digest({ people, ...trialRows({ seed, today: day, zone: where.zone }, people) });
};

describe("a full trial practice", () => {
  it("is decided by seed and day, byte for byte", () => {
    expect(everything(1, today)).toBe(everything(1, today));
    expect(everything(2, today)).not.toBe(everything(1, today));
    expect(everything(1, "2026-11-24")).not.toBe(everything(1, today));
  });

  it("holds rows that the domain allows", () => {
    const rows: [CollectionName, readonly object[]][] = [
      ["patient", patients.map((patient) => ({ ...patient, recordNumber: "TRIAL-000001" }))],
      ["problem", charts.flatMap((chart) => chart.problems)],
      ["allergy", charts.flatMap((chart) => chart.allergies)],
      ["medication", charts.flatMap((chart) => chart.medications)],
      ["immunization", charts.flatMap((chart) => chart.immunizations)],
      ["vitals", charts.flatMap((chart) => chart.vitals)],
      ["alert", charts.flatMap((chart) => chart.alerts)],
      ["none-known", charts.flatMap((chart) => chart.noneKnown)],
      ["appointment", appointments],
      ["encounter", visits.map((visit) => visit.encounter)],
      ["note", visits.map((visit) => visit.note)],
    ];
    for (const [name, list] of rows) {
      const ids = new Set<string>();
      for (const row of list) {
        const parsed = collections[name].schema.safeParse(row);
        expect(parsed.error?.issues ?? [], name).toEqual([]);
        ids.add((row as { id: string }).id);
      }
      expect(ids.size, name).toBe(list.length);
      expect(list.length, name).toBeGreaterThan(4);
    }
    expect(patientSchema.shape.givenName).toBeDefined();
  });

  it("has people of all ages, and the fixed ones", () => {
    const ages = patients.map(({ birthDate }) => ageOn(birthDate, today));
    for (const [from, to] of [
      [0, 1],
      [1, 5],
      [5, 12],
      [12, 18],
      [18, 40],
      [40, 65],
      [65, 80],
      [80, 98],
    ] as const)
      expect(ages.filter((age) => age >= from && age < to).length, `${from}–${to}`).toBeGreaterThan(1);
    expect(ages[fixedIndex.aged97]).toBe(97);
    expect(ages[fixedIndex.newborn]).toBe(0);
    expect(patients[fixedIndex.deceased]!.deceasedOn).not.toBeNull();
    expect(patients[fixedIndex.guardian]!.contacts[0]!.kind).toBe("guardian");
    const stopped = charts[fixedIndex.ana]!.medications.find(({ drug }) => drug === "lisinopril");
    expect(stopped).toMatchObject({ status: "stopped", stopReason: "Dry cough" });
    expect(charts[fixedIndex.ana]!.allergies).toMatchObject([
      { allergen: "ace-inhibitors", reactions: ["Cough"] },
    ]);
  });

  it("knows allergies in their three states (C01), and the two who show them", () => {
    const states = charts.map(
      ({ allergies, noneKnown }) =>
        listState(
          true,
          allergies.length,
          noneKnown.find(({ list }) => list === "allergies"),
        ).state,
    );
    for (const state of ["listed", "none-known", "not-asked"])
      expect(states.filter((one) => one === state).length, state).toBeGreaterThan(15);
    expect(states[fixedIndex.neverAsked]).toBe("not-asked");
    expect(states[fixedIndex.noneKnown]).toBe("none-known");
  });
});

describe("a trial chart", () => {
  it("has conditions that fit age and sex, with their official titles, and medicines that fit conditions", () => {
    const titles = new Map(problemCodes().map(({ code, title }) => [code, title]));
    for (const [index, { problems, medications }] of charts.entries()) {
      const { birthDate, sex } = patients[index]!;
      const age = ageOn(birthDate, today);
      for (const { code, title } of problems) {
        const condition = trialConditions.find((one) => one.code === code)!;
        expect(title).toBe(titles.get(code!));
        expect(age).toBeGreaterThanOrEqual(condition.ages[0]);
        expect(age).toBeLessThanOrEqual(condition.ages[1]);
        if (condition.sex) expect(sex).toBe(condition.sex);
      }
      const treated = problems.flatMap(
        ({ code }) => trialConditions.find((one) => one.code === code)!.medications,
      );
      for (const { drug, status } of medications)
        if (status === "active") expect(treated.map((one) => one.drug)).toContain(drug);
    }
  });

  it("gives nobody a medicine they are allergic to", () => {
    for (const { allergies, medications } of charts)
      for (const { id, name, status } of medications) {
        if (status !== "active") continue;
        const { warnings, drugs } = checkMedication(
          { drug: name },
          {
            allergies: allergies.map(({ allergen, substance }) => ({ allergen: allergen ?? substance })),
            medications: medications
              .filter((one) => one.id !== id && one.status === "active")
              .map((one) => ({ drug: one.name })),
          },
        );
        expect(drugs.length, name).toBeGreaterThan(0);
        expect(
          warnings.filter(({ kind }) => kind === "allergy").map(({ against }) => `${name}: ${against.text}`),
        ).toEqual([]);
      }
  });

  it("has vital signs of that age, none of them implausible (C15)", () => {
    let trends = 0;
    for (const [index, { vitals }] of charts.entries()) {
      if (vitals.length >= 3) trends++;
      for (const { takenAt, measurements } of vitals) {
        const ageDays = (Date.parse(takenAt) - Date.parse(patients[index]!.birthDate)) / 86_400_000;
        for (const { code, value, unit } of measurements) {
          const { verdict } = judgeVital({ code, value, unit, ageDays })!;
          expect(["ok", "low", "high"], `${index} ${code} ${value} at ${ageDays} days`).toContain(verdict);
        }
      }
    }
    expect(trends).toBeGreaterThan(100);
  });
});

describe("a trial schedule", () => {
  it("fills two weeks, gives no clinician two patients at once, and books nobody who died", () => {
    const spans = appointments
      .filter(({ status }) => status !== "cancelled" && status !== "no-show")
      .map(({ clinicianId, start, minutes }) => ({ clinicianId, from: Date.parse(start), minutes }));
    for (const [k, a] of spans.entries())
      for (const b of spans.slice(k + 1))
        if (a.clinicianId === b.clinicianId)
          expect(a.from + a.minutes * 60_000 <= b.from || b.from + b.minutes * 60_000 <= a.from).toBe(true);
    const days = new Set(appointments.map(({ start }) => start.slice(0, 10)));
    expect(days.size).toBeGreaterThanOrEqual(10);
    expect(appointments.map(({ patientId }) => patientId)).not.toContain(patients[fixedIndex.deceased]!.id);
  });
});

describe("trial notes", () => {
  const words = (text: string) => text.toLowerCase().match(/[a-z0-9./’'-]+/g) ?? [];
  const textOf = ({ note }: (typeof visits)[number]) =>
    noteSections.map((name) => sectionText(note.content[name])).join(" ");

  it("are 40, signed, of four sections and at least 80 words", () => {
    expect(visits).toHaveLength(40);
    for (const visit of visits) {
      expect(noteSchema.parse(visit.note).status).toBe("signed");
      for (const name of noteSections)
        expect(sectionText(visit.note.content[name]).length).toBeGreaterThan(30);
      expect(words(textOf(visit)).length).toBeGreaterThanOrEqual(80);
    }
  });

  it("share at most 30 % of their 8-word sequences with any other", () => {
    const shingles = visits.map((visit) => {
      const list = words(textOf(visit));
      return new Set(list.slice(7).map((_, k) => list.slice(k, k + 8).join(" ")));
    });
    for (const [k, a] of shingles.entries())
      for (const b of shingles.slice(k + 1)) {
        const shared = [...a].filter((one) => b.has(one)).length;
        expect(shared / Math.min(a.size, b.size)).toBeLessThanOrEqual(0.3);
      }
  });

  it("name no drug and no value that is not in that chart", () => {
    for (const visit of visits) {
      const chart = charts[patients.findIndex(({ id }) => id === visit.note.patientId)]!;
      const text = textOf(visit);
      const taken = chart.medications.flatMap(({ name }) => drugsInText(name).map((drug) => drug.name));
      for (const { name } of drugsInText(text)) expect(taken, text).toContain(name);
      const known = new Set([
        ...chart.vitals.flatMap(({ measurements }) => measurements.map(({ value }) => String(value))),
        ...chart.medications.flatMap(({ dose }) => dose.match(/[0-9.]+/g) ?? []),
      ]);
      for (const number of text.match(/[0-9]+(?:\.[0-9]+)?/g) ?? [])
        expect([...known], text).toContain(number);
    }
  });
});
