import { ageOn } from "../kernel/instant.ts";
import type { Patient } from "./patient.schema.ts";

/** "Ana Trial-Lopez", with the preferred name in quotes where it differs. */
export const patientName = (patient: Pick<Patient, "givenName" | "familyName" | "preferredName">): string =>
  patient.preferredName && patient.preferredName !== patient.givenName
    ? `${patient.givenName} “${patient.preferredName}” ${patient.familyName}`
    : `${patient.givenName} ${patient.familyName}`;

/** Age in the unit people use: "3 days", "5 months", "61". */
export function ageText(birthDate: string, today: string): string {
  const years = ageOn(birthDate, today);
  if (years >= 2) return String(years);
  const days = Math.floor(
    (Date.parse(`${today}T00:00:00Z`) - Date.parse(`${birthDate}T00:00:00Z`)) / 86_400_000,
  );
  if (days < 31) return `${days} ${days === 1 ? "day" : "days"}`;
  const months = Math.floor(days / 30.44);
  return `${months} ${months === 1 ? "month" : "months"}`;
}
