import { newId } from "#domain/kernel/id.ts";
import type { ArgsOf } from "#domain/registry.ts";

/** Demographics for `patient.register`. */
export const registration = (familyName: string, id = newId()): ArgsOf<"patient.register"> => ({
  id,
  givenName: "Ana",
  familyName,
  preferredName: "",
  birthDate: "1961-03-09",
  sex: "female",
  phone: "",
});

/** The same person as the clinic holds them. */
export const patientRow = (familyName: string, id = newId()) => ({
  ...registration(familyName, id),
  recordNumber: null,
  active: true,
});

/** A clock that a test can move. `install` with `useClock`. */
export function movableClock(start = Date.UTC(2027, 0, 12, 14)) {
  let at = start;
  return {
    now: () => at,
    set: (next: number) => {
      at = next;
    },
    pass: (milliseconds: number) => {
      at += milliseconds;
    },
  };
}
