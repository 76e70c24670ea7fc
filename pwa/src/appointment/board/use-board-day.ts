import { useEffect, useMemo, useRef } from "react";
import { appointmentEnd, holdsSlot } from "#domain/appointment/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { addDays, instant, instantIn } from "#domain/kernel/instant.ts";
import type { Staff } from "#domain/staff/index.ts";
import { useAwaiting, useSession } from "#pwa/local/index.ts";
import type { BookingStart } from "./booking-sheet.tsx";
import { type DayFrame, dayFrame, usualHours } from "./day-frame.ts";
import { freeTimes, takenSlot } from "./free-times.ts";
import type { Clinic, ClinicDay } from "./use-clinic.ts";

/** Clinicians, the signed-in one first, and whoever else has appointments on the day. */
export function useColumns(clinic: Clinic, day: ClinicDay): readonly Staff[] {
  const { user } = useSession();
  return useMemo(() => {
    const known = new Set(clinic.clinicians.map(({ id }) => id));
    const others = [...new Set(day.appointments.map(({ clinicianId }) => clinicianId))]
      .filter((id) => !known.has(id))
      .flatMap((id) => clinic.staff.get(id) ?? []);
    const mine = clinic.clinicians.filter(({ id }) => id === user?.id);
    return [...mine, ...clinic.clinicians.filter(({ id }) => id !== user?.id), ...others];
  }, [clinic, day.appointments, user?.id]);
}

/** Whether there is a day to show. One that the clinic has not told yet would look free, and is not shown. */
export function useStage(
  clinic: Clinic,
  day: ClinicDay,
  columns: readonly Staff[],
): "day" | "nobody" | "opening" {
  if (useAwaiting() && day.appointments.length === 0) return "opening";
  if (columns.length > 0) return "day";
  return clinic.ready ? "nobody" : "opening";
}

/** The hours that the board shows: those of everybody on it, and of everything that is booked. */
export function useFrame(
  clinic: Clinic,
  day: ClinicDay,
  columns: readonly Staff[],
  whole: boolean,
): DayFrame {
  const { zone, hoursOf } = clinic;
  const { date, appointments } = day;
  const wide = useMemo(() => {
    const wall = (time: string) => Date.parse(instantIn(zone, date, time));
    const spans = columns.flatMap(({ id }) =>
      hoursOf(id).flatMap(({ spans: open }) =>
        open.map(({ from, to }) => ({ from: wall(from), to: wall(to) })),
      ),
    );
    const booked = appointments
      .filter(({ status }) => holdsSlot(status))
      .map((one) => ({ from: Date.parse(one.start), to: appointmentEnd(one) }));
    const all = [...spans, ...booked];
    return all.length === 0
      ? ""
      : `${Math.min(...all.map(({ from }) => from))} ${Math.max(...all.map(({ to }) => to))}`;
  }, [zone, hoursOf, columns, date, appointments]);
  return useMemo(() => {
    const [from, to] = wide.split(" ").map(Number);
    return dayFrame(zone, date, { whole, spans: from && to ? [{ from, to }] : [] });
  }, [zone, date, whole, wide]);
}

export interface BoardDay {
  readonly clinic: Clinic;
  readonly day: ClinicDay;
  readonly columns: readonly Staff[];
}

/** The first free time of the day that is left, with anybody; the next morning where there is none. */
export function firstFree({ clinic, day, columns }: BoardDay): BookingStart | undefined {
  const [first] = columns;
  if (!first) return undefined;
  const { zone } = clinic;
  const usual = usualHours(zone, day.date);
  const [free] = columns
    .flatMap(({ id: clinicianId }) =>
      freeTimes(clinic, day, { id: "", clinicianId, minutes: 15 }, { usual, after: now() }).map((start) => ({
        clinicianId,
        start,
      })),
    )
    .sort((a, b) => (a.start < b.start ? -1 : 1));
  return free ?? { clinicianId: first.id, start: instantIn(zone, addDays(day.date, 1), "09:00") };
}

/** Now, in steps of five minutes, with whoever could see a walk-in at once. */
export function walkInNow({ clinic, day, columns }: BoardDay): BookingStart | undefined {
  const at = Math.floor(now() / 300_000) * 300_000;
  const start = instant(at);
  const usual = { from: at, to: at + 15 * 60_000 };
  const free = columns.find(
    ({ id }) =>
      takenSlot(clinic, day, { id: "", clinicianId: id, start, minutes: 15 }) === null &&
      (clinic.hoursOf(id).length === 0 ||
        freeTimes(clinic, day, { id: "", clinicianId: id, minutes: 15 }, { usual }).length > 0),
  );
  const clinician = free ?? columns[0];
  return clinician && { clinicianId: clinician.id, start, walkIn: true };
}

/** A link can begin a booking for a patient: at the first free time of the day that is left. */
export function useBookingLink(
  patientId: string | undefined,
  board: BoardDay,
  begin: (from: BookingStart) => void,
): void {
  const begun = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!patientId || begun.current === patientId || !board.clinic.ready || !board.day.ready) return;
    const free = firstFree(board);
    if (!free) return;
    begun.current = patientId;
    begin({ ...free, patientId });
  }, [patientId, board, begin]);
}
