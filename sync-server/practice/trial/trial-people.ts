import type { Role } from "#domain/access/roles.ts";

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
  { username: "clinician3", name: "Aisha Rahman", suffix: "MD", roles: ["clinician"] },
  { username: "nurse", name: "Jonas Lindqvist", suffix: "RN", roles: ["nurse"] },
  { username: "nurse2", name: "Carla Mendes", suffix: "LPN", roles: ["nurse"] },
  { username: "frontdesk", name: "Priya Nair", suffix: "", roles: ["front-desk"] },
  { username: "frontdesk2", name: "Tom Becker", suffix: "", roles: ["front-desk"] },
  { username: "admin", name: "Helen Abara", suffix: "", roles: ["administrator"] },
  { username: "it", name: "Lucas Moreau", suffix: "", roles: ["practice-it"] },
  { username: "privacy", name: "Ruth Feldman", suffix: "", roles: ["privacy-officer"] },
  { username: "security", name: "Omar Haddad", suffix: "", roles: ["security-officer"] },
];

/** The first one who works in a role. */
export const loginOf = (role: Role): string =>
  trialStaff.find((person) => person.roles.includes(role))!.username;

export const trialRooms: readonly string[] = ["Exam 1", "Exam 2", "Exam 3"];

export const trialVisitTypes: readonly { name: string; minutes: number }[] = [
  { name: "Follow-up", minutes: 15 },
  { name: "New patient", minutes: 30 },
  { name: "Annual visit", minutes: 45 },
  { name: "Long visit", minutes: 30 },
  { name: "Nurse visit", minutes: 15 },
];

/** Trial patients have names that nobody has by accident: every family name begins with `Trial-`. */
export const givenNames: Readonly<Record<"female" | "male", readonly string[]>> = {
  female: [
    "Carmen",
    "Denise",
    "Fatima",
    "Grace",
    "Ingrid",
    "Joyce",
    "Keiko",
    "Leila",
    "Nora",
    "Olivia",
    "Petra",
    "Rosa",
    "Selma",
    "Tamar",
    "Ulla",
    "Vera",
    "Wanda",
    "Yara",
    "Zoe",
    "Alma",
    "Bella",
    "Clara",
    "Delia",
    "Elena",
    "Frida",
    "Gita",
    "Hanna",
    "Iris",
    "June",
    "Kira",
  ],
  male: [
    "Andre",
    "Brian",
    "Carlos",
    "David",
    "Elias",
    "Frank",
    "George",
    "Hassan",
    "Ivan",
    "James",
    "Karim",
    "Louis",
    "Marco",
    "Nils",
    "Omar",
    "Pavel",
    "Rafael",
    "Simon",
    "Tariq",
    "Umberto",
    "Victor",
    "Wesley",
    "Yusuf",
    "Zane",
    "Aaron",
    "Boris",
    "Cyrus",
    "Dario",
    "Emil",
    "Felix",
    "Gavin",
    "Hugo",
  ],
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

/** Family names of the patients after the first twenty; some share one, as families do. */
export const moreFamilyNames: readonly string[] = (
  "Abbot Aldana Arden Ashby Baldwin Barros Becket Bellamy Birch Bishara Blake Bolton Brandt Calder Carver Chandra " +
  "Clement Corwin Crane Dahl Darby Delgado Denholm Doyle Draper Eklund Ellery Emery Falk Farrow Fenwick Finch Flores " +
  "Forsyth Galvin Garrick Gomes Gray Hadley Halloran Harlow Hawke Hollis Inoue Ivers Jarvis Kaplan Kendall Khan " +
  "Kirkland Lambert Lang Leclair Lindgren Lowell Madden Marlow Mercer Moreno Nash Noble Norwood Okada Ortega Page " +
  "Parrish Pena Pierce Quigley Rahman Ramsey Reid Roland Sadler Santos Sawyer Schaefer Shah Sloan Sorensen Tate " +
  "Thorne Tolliver Underhill Vance Vega Volkov Wade Walsh Webb Whitlock Winters Yates Young Zamora Zeller"
).split(" ");
