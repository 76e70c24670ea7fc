import type { MutationName } from "#domain/registry.ts";

/** How often each kind of change is tried. The type demands a number for every mutation of the registry. */
export const actionWeights: Readonly<Record<MutationName, number>> = {
  "patient.register": 3,
  "patient.update": 5,
  "appointment.book": 9,
  "appointment.move": 4,
  "appointment.checkIn": 4,
  "appointment.cancel": 2,
  "encounter.start": 8,
  "encounter.finish": 2,
  "note.revise": 16,
  "note.sign": 4,
  "recording.begin": 3,
  "recording.complete": 2,
};
