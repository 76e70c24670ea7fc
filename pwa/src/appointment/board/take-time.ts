import type { Appointment } from "#domain/appointment/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { dateIn } from "#domain/kernel/instant.ts";
import { local, mutate, type OutboxItem } from "#pwa/local/index.ts";
import type { LostTime } from "./call-back.tsx";

interface Chosen {
  readonly task: LostTime;
  /** What stands, or stood, under the appointment's id. */
  readonly appointment: Appointment | undefined;
  readonly zone: string;
  readonly start: string;
  readonly overbookReason: string;
}

/**
 * Gives the patient of a lost time another one. The clinic closes the task with it; a booking under another id closes it
 * from here.
 * @returns what takes it back, and asks for the call again
 */
export async function takeTime(chosen: Chosen): Promise<() => Promise<unknown>> {
  const { task, appointment, zone, start, overbookReason } = chosen;
  const { appointmentId, change, clinicianId, visitTypeId, minutes, reason } = task.callBack;
  const askAgain = () => mutate("task.reopen", { id: task.id });
  if (change === "move") {
    await mutate("appointment.move", { id: appointmentId, clinicianId, start, minutes, overbookReason });
    return async () => {
      if (appointment) await mutate("appointment.move", placeOf(appointment));
      await askAgain();
    };
  }
  const id = appointment ? newId() : appointmentId;
  const visit = { clinicianId, visitTypeId, minutes, reason, start, overbookReason };
  const today = dateIn(zone, start) === dateIn(zone);
  await mutate(change === "walkIn" && today ? "appointment.walkIn" : "appointment.book", {
    id,
    patientId: task.patientId ?? "",
    ...visit,
  });
  if (appointment) await mutate("task.complete", { id: task.id });
  return async () => {
    await mutate("appointment.cancel", { id, cancelReason: "" });
    await askAgain();
  };
}

const placeOf = ({ id, clinicianId, start, minutes, overbookReason }: Appointment) => ({
  id,
  clinicianId,
  start,
  minutes,
  overbookReason,
});

/** The appointment that a change was about. */
export const followed = ({ name, rowId, args }: OutboxItem): string =>
  name === "wait-list.fulfil" ? String(args.appointmentId) : rowId;

/** What was refused because the appointment was not there goes again with it, or is dropped with it. */
export async function lostAgain(
  outbox: readonly OutboxItem[],
  appointmentId: string,
  what: "send" | "drop",
): Promise<void> {
  for (const item of outbox)
    if (item.status === "refused" && followed(item) === appointmentId)
      await (what === "send" ? local().outbox.sendAgain(item.n) : local().outbox.dismiss(item.n));
}
