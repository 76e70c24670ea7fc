import { mergeLinksOf, type Patient, survivorOf } from "#domain/patient/index.ts";
import { digitsOf } from "./finder/search.ts";
import { namesAlike, nameWords } from "./name-match.ts";

export type DuplicateReason = "birth-date-and-name" | "phone" | "name-and-date" | "name";

export interface Duplicate {
  readonly patient: Patient;
  readonly reason: DuplicateReason;
}

export type Registering = Pick<Patient, "givenName" | "familyName" | "preferredName" | "phone"> & {
  readonly birthDate: string | null;
};

const whole = ({ givenName, familyName }: Pick<Patient, "givenName" | "familyName">): string =>
  nameWords(`${givenName} ${familyName}`).join(" ");

/** The last ten digits are compared: people write the country code or leave it out. */
const phoneKey = (phone: string): string => {
  const digits = digitsOf(phone);
  return digits.length >= 7 ? digits.slice(-10) : "";
};

/** One digit differs, or month and day are swapped: how birth dates are mistyped. */
export function similarDates(a: string, b: string): boolean {
  const [ya, ma, da] = a.split("-");
  const [yb, mb, db] = b.split("-");
  if (ya === yb && ma === db && da === mb) return true;
  return [...a].filter((letter, index) => letter !== b[index]).length <= 1;
}

/** Patients whom somebody who is being registered may already be, the surest first. */
export function findDuplicates(person: Registering, patients: Iterable<Patient>): readonly Duplicate[] {
  const name = person.givenName.trim() && person.familyName.trim() ? whole(person) : "";
  const phone = phoneKey(person.phone);
  const records = [...patients];
  const links = mergeLinksOf(records);
  const byId = new Map(records.map((patient) => [patient.id, patient]));
  const found: Duplicate[] = [];
  for (const record of records) {
    // Whoever is known by the name of a merged record is known: the survivor is proposed.
    const patient = byId.get(survivorOf(links, record.id));
    const reason = patient && duplicateReason(person, name, phone, record);
    if (patient && reason) found.push({ patient, reason });
  }
  const order: readonly DuplicateReason[] = ["birth-date-and-name", "phone", "name-and-date", "name"];
  const sorted = found.sort((a, b) => order.indexOf(a.reason) - order.indexOf(b.reason));
  return sorted
    .filter(({ patient }, index) => sorted.findIndex((other) => other.patient.id === patient.id) === index)
    .slice(0, 5);
}

function duplicateReason(
  person: Registering,
  name: string,
  phone: string,
  patient: Patient,
): DuplicateReason | null {
  const { birthDate } = person;
  if (name && birthDate === patient.birthDate && namesAlike(person, patient)) return "birth-date-and-name";
  if (phone && phoneKey(patient.phone) === phone) return "phone";
  if (name && whole(patient) === name) {
    if (birthDate === null) return "name";
    if (similarDates(birthDate, patient.birthDate)) return "name-and-date";
  }
  return null;
}
