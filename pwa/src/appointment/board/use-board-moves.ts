import { useMemo, useState } from "react";
import type { Appointment } from "#domain/appointment/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { dateIn } from "#domain/kernel/instant.ts";
import { type FreeSlot, fits, useWaiting } from "#pwa/wait-list/index.ts";
import { freedSlots, takenSlot } from "./free-times.ts";
import type { Dropped } from "./use-board-drag.ts";
import type { Clinic, ClinicDay } from "./use-clinic.ts";
import type { Desk } from "./use-desk.ts";

/** A taken time, refused here before anything was written. */
export interface Refused extends Dropped {
  /** What was wanted: another time for it, or its own time back. */
  readonly wanted: "move" | "putBack";
  readonly nearest: readonly string[];
}

/** Moving on the board. A taken time is refused here, and a time that a move left is remembered for the wait list. */
export function useBoardMoves(clinic: Clinic, day: ClinicDay, desk: Desk) {
  const [refused, setRefused] = useState<Refused | null>(null);
  const [movedAway, setMovedAway] = useState<readonly FreeSlot[]>([]);
  const left = (appointment: Appointment, to: FreeSlot) => {
    if (appointment.start !== to.start || appointment.clinicianId !== to.clinicianId)
      setMovedAway((before) => [...before, appointment]);
  };
  const move = async (dropped: Dropped, overbookReason = "") => {
    const appointment = day.appointments.find(({ id }) => id === dropped.id);
    if (!appointment) return;
    const taken = overbookReason === "" ? takenSlot(clinic, day, dropped) : null;
    if (taken) {
      setRefused({ ...dropped, wanted: "move", nearest: taken.nearest });
      return;
    }
    if (!(await desk.move(appointment, dropped, overbookReason))) return;
    setRefused(null);
    left(appointment, dropped);
  };
  return { refused, refuse: setRefused, move, left, movedAway };
}

/** A time that came free, by a move or otherwise, and that somebody on the wait list could have. */
export function useOffer(clinic: Clinic, day: ClinicDay, movedAway: readonly FreeSlot[]) {
  const { zone } = clinic;
  const { entries: waiting } = useWaiting(zone);
  const freed = useMemo(
    () => [
      ...freedSlots(clinic, day, now()),
      ...movedAway.filter(({ start }) => dateIn(zone, start) === day.date),
    ],
    [clinic, day, movedAway, zone],
  );
  const offer = freed.find(
    (slot) =>
      Date.parse(slot.start) > now() &&
      waiting.some((entry) => fits({ clinic, appointments: day.appointments }, entry, slot)),
  );
  return { waiting, offer };
}
