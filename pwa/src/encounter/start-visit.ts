import { type Appointment, mayFollow, mayHappen, roomsByWriting } from "#domain/appointment/index.ts";
import { encounterIdOf } from "#domain/encounter/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { mutate } from "#pwa/local/index.ts";

interface StartVisitOptions {
  readonly appointment: Appointment;
  readonly zone: string;
  /** The encounter is there already. */
  readonly started: boolean;
  /** Who is recorded is in the room; who is written about may still be at home. */
  readonly by: "writing" | "recording";
}

/**
 * Begins the visit of an appointment; the front desk sees when the patient is not in the waiting room any more. Whoever
 * prepares tomorrow's visit brings nobody to a room.
 */
export async function startVisit({ appointment, zone, started, by }: StartVisitOptions): Promise<void> {
  const { id, patientId, clinicianId, status } = appointment;
  if (!started)
    await mutate("encounter.start", { id: encounterIdOf(id), appointmentId: id, patientId, clinicianId });
  const rooms = by === "writing" ? roomsByWriting(appointment) : mayFollow(status, "roomed");
  if (rooms && mayHappen("roomed", appointment, zone, now())) await mutate("appointment.room", { id });
}
