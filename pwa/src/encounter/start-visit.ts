import { type Appointment, mayFollow } from "#domain/appointment/index.ts";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { mutate } from "#pwa/local/index.ts";

/** Begins the visit of an appointment; the front desk sees that the patient is not in the waiting room any more. */
export async function startVisit({ id, patientId, clinicianId, status }: Appointment): Promise<void> {
  await mutate("encounter.start", { id: encounterIdOf(id), appointmentId: id, patientId, clinicianId });
  if (mayFollow(status, "roomed")) await mutate("appointment.room", { id });
}
