import { useMemo } from "react";
import { instant } from "#domain/kernel/instant.ts";
import { leasedTime, type SlotLease } from "#domain/slot-lease/index.ts";
import { useConnection } from "#pwa/local/index.ts";
import { type DayFrame, QUARTER } from "./day-frame.ts";
import { takenSlot } from "./free-times.ts";
import { promisesOf } from "./leases.ts";
import type { Clinic, ClinicDay } from "./use-clinic.ts";

/** Whether a quarter hour of a column is held: for this desk, while that matters, or for another one. */
export type HeldMark = "mine" | "others";

export interface BoardPromises {
  /** By row, then by clinician. */
  readonly marks: readonly (ReadonlyMap<string, HeldMark> | undefined)[];
  /** What to say of an appointment; undefined while the clinic is at hand, and of what it has confirmed. */
  promise(appointmentId: string): "sure" | "unsure" | undefined;
}

/** What of the day can be promised without the clinic. */
export function usePromises(frame: DayFrame, clinic: Clinic, day: ClinicDay): BoardPromises {
  const offline = useConnection().offlineSince !== null;
  return useMemo(() => {
    const { leases } = clinic;
    const { sure, left } = promisesOf(leases, day.appointments, day.promised);
    const marks: (Map<string, HeldMark> | undefined)[] = [];
    const mark = (lease: SlotLease, what: HeldMark, applies: (at: number) => boolean) => {
      const { from, to } = leasedTime(lease);
      for (const [row, { at }] of frame.quarters.entries())
        if (at < to && at + QUARTER > from && applies(at)) {
          marks[row] ??= new Map();
          marks[row].set(lease.clinicianId, what);
        }
    };
    for (const lease of leases.others)
      mark(lease, "others", (at) => {
        const slot = {
          id: "",
          clinicianId: lease.clinicianId,
          start: instant(at),
          minutes: QUARTER / 60_000,
        };
        return takenSlot(clinic, day, slot)?.byDesk === true;
      });
    if (offline) for (const lease of left) mark(lease, "mine", () => true);
    return {
      marks,
      promise: (id) => (offline && day.promised.has(id) ? (sure.has(id) ? "sure" : "unsure") : undefined),
    };
  }, [frame, clinic, day, offline]);
}
