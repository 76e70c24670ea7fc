import { useMemo } from "react";
import { now } from "#domain/kernel/clock.ts";
import { addDays, dateIn, instant, instantIn } from "#domain/kernel/instant.ts";
import { useRows } from "#pwa/local/index.ts";
import { dayBounds } from "./day-frame.ts";
import { nextFree, type WantedSlot } from "./free-times.ts";
import type { Timetable } from "./use-clinic.ts";

/** How many days ahead a free time is looked for. */
const AHEAD = 28;
const nothingWaits: ReadonlySet<string> = new Set();

/** The first free time of a clinician after a day, as far as this tablet knows; null while unknown or when there is none. */
export function useNextFree(
  clinic: Timetable,
  { id, clinicianId, minutes }: Omit<WantedSlot, "start">,
  after: string,
): string | null {
  const { zone } = clinic;
  const { rows, ready } = useRows("appointment", {
    where: {
      clinicianId,
      start: {
        gte: instant(dayBounds(zone, after).to),
        lt: instantIn(zone, addDays(after, AHEAD + 1), "00:00"),
      },
    },
  });
  return useMemo(
    () =>
      ready
        ? nextFree(
            clinic,
            { appointments: rows, waiting: nothingWaits },
            { id, clinicianId, minutes },
            {
              // A day long past leads to the coming ones, not to the day after it.
              from: [addDays(after, 1), dateIn(zone)].toSorted().at(-1)!,
              days: AHEAD,
              now: now(),
            },
          )
        : null,
    [clinic, rows, ready, id, clinicianId, minutes, after, zone],
  );
}
