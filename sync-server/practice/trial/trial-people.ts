import type { Role } from "#domain/access/roles.ts";
import type { Patient } from "#domain/patient/index.ts";

/** The password of every login of a trial practice; no other practice has any of them. */
export const trialPassword = "jamemr-trial-practice";

export interface TrialPerson {
  readonly username: string;
  readonly name: string;
  readonly suffix: string;
  readonly roles: readonly Role[];
}

export const trialStaff: readonly TrialPerson[] = [
  { username: "clinician", name: "Maya Okafor", suffix: "MD", roles: ["clinician"] },
  { username: "clinician2", name: "Daniel Reyes", suffix: "NP", roles: ["clinician"] },
  { username: "nurse", name: "Jonas Lindqvist", suffix: "RN", roles: ["nurse"] },
  { username: "frontdesk", name: "Priya Nair", suffix: "", roles: ["front-desk"] },
  { username: "frontdesk2", name: "Tom Becker", suffix: "", roles: ["front-desk"] },
  { username: "admin", name: "Helen Abara", suffix: "", roles: ["administrator"] },
  { username: "it", name: "Lucas Moreau", suffix: "", roles: ["practice-it"] },
  { username: "privacy", name: "Ruth Feldman", suffix: "", roles: ["privacy-officer"] },
  { username: "security", name: "Omar Haddad", suffix: "", roles: ["security-officer"] },
];

export const trialRooms: readonly string[] = ["Exam 1", "Exam 2", "Exam 3"];

export const trialVisitTypes: readonly { name: string; minutes: number }[] = [
  { name: "Follow-up", minutes: 15 },
  { name: "New patient", minutes: 30 },
  { name: "Annual visit", minutes: 45 },
];

type Demographics = Pick<Patient, "givenName" | "familyName" | "sex"> & {
  preferredName?: string;
  birthDate?: string;
};

/** People whom tests and demonstrations name; the generator adds others around them. */
export const fixedPatients: readonly Demographics[] = [
  { givenName: "Ana", familyName: "Trial-Lopez", sex: "female", birthDate: "1961-03-09" },
  {
    givenName: "Robert",
    familyName: "Trial-Hayes",
    preferredName: "Bob",
    sex: "male",
    birthDate: "1954-11-21",
  },
  { givenName: "Roberta", familyName: "Trial-Hayes", sex: "female", birthDate: "1957-02-14" },
  { givenName: "Edna", familyName: "Trial-Whitcombe", sex: "female", birthDate: "1929-08-30" },
];

export const givenNames: Readonly<Record<"female" | "male", readonly string[]>> = {
  female: ["Carmen", "Denise", "Fatima", "Grace", "Ingrid", "Joyce", "Keiko", "Leila", "Nora", "Olivia"],
  male: ["Andre", "Brian", "Carlos", "David", "Elias", "Frank", "George", "Hassan", "Ivan", "James"],
};
export const familyNames: readonly string[] = [
  "Adams",
  "Bauer",
  "Castillo",
  "Diallo",
  "Evans",
  "Fischer",
  "Garcia",
  "Huang",
  "Ibrahim",
  "Jensen",
  "Kowalski",
  "Larsen",
  "Mendez",
  "Novak",
  "Osei",
  "Patel",
  "Quinn",
  "Rossi",
  "Silva",
  "Tanaka",
];
