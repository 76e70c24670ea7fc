import { deriveId } from "#domain/kernel/id.ts";
import { addDays } from "#domain/kernel/instant.ts";
import type { Contact, Patient } from "#domain/patient/index.ts";
import { familyNames, givenNames, moreFamilyNames } from "./trial-people.ts";
import { type TrialRandom, trialRandom } from "./trial-random.ts";

/** Ids of a trial practice follow from their words, so that tests can name them. */
export const trialId = (kind: string, name: string): string => deriveId("trial", kind, name);

/** The people a small trial practice has; the full one has more after them. */
export const smallTrial = 20;
export const fullTrial = 200;

/** Where the people stand whom tests and demonstrations name. */
export const fixedIndex = {
  ana: 0,
  robert: 1,
  roberta: 2,
  aged97: 3,
  restricted: 12,
  newborn: 13,
  deceased: 14,
  guardian: 15,
  neverAsked: 16,
  noneKnown: 17,
} as const;

type Fixed = Pick<Patient, "givenName" | "familyName" | "sex"> &
  Partial<
    Pick<Patient, "preferredName" | "birthDate" | "contacts" | "deceasedOn" | "language" | "interpreter">
  >;

const parent = (name: string, phone: string): Contact => ({
  name,
  relation: "mother",
  kind: "guardian",
  phone,
  mayBeTold: "everything",
});

const fixed = (today: string): Readonly<Record<number, Fixed>> => ({
  [fixedIndex.ana]: { givenName: "Ana", familyName: "Trial-Lopez", sex: "female", birthDate: "1961-03-09" },
  [fixedIndex.robert]: {
    givenName: "Robert",
    familyName: "Trial-Hayes",
    preferredName: "Bob",
    sex: "male",
    birthDate: "1954-11-21",
  },
  [fixedIndex.roberta]: {
    givenName: "Roberta",
    familyName: "Trial-Hayes",
    sex: "female",
    birthDate: "1957-02-14",
  },
  [fixedIndex.aged97]: {
    givenName: "Edna",
    familyName: "Trial-Whitcombe",
    sex: "female",
    birthDate: addDays(today, -Math.floor(97.23 * 365.25)),
  },
  [fixedIndex.restricted]: {
    givenName: "Miriam",
    familyName: "Trial-Vale",
    sex: "female",
    birthDate: addDays(today, -Math.floor(44.4 * 365.25)),
  },
  [fixedIndex.newborn]: {
    givenName: "Noa",
    familyName: "Trial-Brook",
    sex: "female",
    birthDate: addDays(today, -9),
    contacts: [parent("Dana Trial-Brook", "(212) 555-0190")],
  },
  [fixedIndex.deceased]: {
    givenName: "Walter",
    familyName: "Trial-Stone",
    sex: "male",
    birthDate: addDays(today, -Math.floor(81.7 * 365.25)),
    deceasedOn: addDays(today, -41),
  },
  [fixedIndex.guardian]: {
    givenName: "Theo",
    familyName: "Trial-Marsh",
    sex: "male",
    birthDate: addDays(today, -Math.floor(8.3 * 365.25)),
    contacts: [parent("Irene Trial-Marsh", "(212) 555-0191")],
  },
  [fixedIndex.neverAsked]: {
    givenName: "Quentin",
    familyName: "Trial-Ames",
    sex: "male",
    birthDate: addDays(today, -Math.floor(29.1 * 365.25)),
  },
  [fixedIndex.noneKnown]: {
    givenName: "Sofia",
    familyName: "Trial-Clear",
    sex: "female",
    birthDate: addDays(today, -Math.floor(35.8 * 365.25)),
  },
});

/** An age in years such as a family practice sees: every tenth a child, many past sixty. */
function someAge(random: TrialRandom): number {
  const band = random.next();
  if (band < 0.03) return random.next();
  if (band < 0.1) return 1 + random.next() * 11;
  if (band < 0.17) return 12 + random.next() * 6;
  if (band < 0.55) return 18 + random.next() * 37;
  return 55 + random.next() * 38;
}

/** The patients of a trial practice, without record numbers. */
export function trialPatients(seed: number, today: string, count: number): Omit<Patient, "recordNumber">[] {
  const random = trialRandom(seed);
  const known = fixed(today);
  return Array.from({ length: count }, (_, index) => {
    const sex = random.chance(0.5) ? ("female" as const) : ("male" as const);
    const age = index < smallTrial ? 2 + random.next() * 84 : someAge(random);
    const familyName = familyNames[index] ?? random.pick(moreFamilyNames);
    const person: Fixed = known[index] ?? {
      givenName: random.pick(givenNames[sex]),
      familyName: `Trial-${familyName}`,
      sex,
    };
    const minor = age < 18 && !known[index];
    return {
      id: trialId("patient", String(index)),
      givenName: person.givenName,
      familyName: person.familyName,
      preferredName: person.preferredName ?? "",
      birthDate: person.birthDate ?? addDays(today, -Math.floor(365.25 * age)),
      sex: person.sex,
      gender: "",
      pronouns: random.chance(0.08) ? random.pick(["she/her", "he/him", "they/them"]) : "",
      language: "en",
      interpreter: false,
      phone: `(212) 555-01${String((10 + index) % 100).padStart(2, "0")}`,
      email: random.chance(0.6) ? `${person.givenName.toLowerCase()}.${index}@example.org` : "",
      address: random.chance(0.9)
        ? `${10 + random.below(890)} ${random.pick(streets)}, Harbor Falls, NY`
        : "",
      contacts:
        person.contacts ??
        (minor ? [parent(`${random.pick(givenNames.female)} ${person.familyName}`, "(212) 555-0180")] : []),
      deceasedOn: person.deceasedOn ?? null,
      mergedInto: null,
      mergedAt: null,
      mergePending: null,
      active: true,
    };
  });
}

const streets = ["Mill Lane", "Cedar Street", "Quarry Road", "Ferry Street", "Orchard Hill", "Union Avenue"];
