import { ageOn } from "../kernel/instant.ts";
import type { Patient } from "./patient.schema.ts";

/** "Ana Trial-Lopez", with the preferred name in quotes where it differs. */
export const patientName = (patient: Pick<Patient, "givenName" | "familyName" | "preferredName">): string =>
  patient.preferredName && patient.preferredName !== patient.givenName
    ? `${patient.givenName} “${patient.preferredName}” ${patient.familyName}`
    : `${patient.givenName} ${patient.familyName}`;

/** Age in the unit people use: days for a newborn, months until two years, then years. */
export function ageOf(
  birthDate: string,
  today: string,
): { readonly unit: "day" | "month" | "year"; readonly count: number } {
  const years = ageOn(birthDate, today);
  if (years >= 2) return { unit: "year", count: years };
  const days = Math.floor(
    (Date.parse(`${today}T00:00:00Z`) - Date.parse(`${birthDate}T00:00:00Z`)) / 86_400_000,
  );
  if (days < 31) return { unit: "day", count: days };
  return { unit: "month", count: Math.floor(days / 30.44) };
}
