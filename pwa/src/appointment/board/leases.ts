import { type Appointment, appointmentEnd, holdsSlot } from "#domain/appointment/index.ts";
import { fitsLease, leasedTime, type SlotLease } from "#domain/slot-lease/index.ts";

/** Free times that a desk's device may promise without asking the clinic. */
export interface Leases {
  readonly own: readonly SlotLease[];
  readonly others: readonly SlotLease[];
}

export const noLeases: Leases = { own: [], others: [] };

type Time = Pick<SlotLease, "clinicianId" | "start" | "minutes">;

/** What of this desk's times is still to promise, and which bookings that the clinic has not answered are sure. */
export interface Promises {
  readonly left: readonly SlotLease[];
  readonly sure: ReadonlySet<string>;
}

/**
 * Goes through the bookings that wait in the order in which the clinic will judge them. Each lease is good for one: the
 * rest of its time is everybody's, as soon as the clinic hears of the booking.
 * @param waiting ids of the appointments that were booked or moved here, in the order of the queue
 */
export function promisesOf(
  { own }: Leases,
  appointments: readonly Appointment[],
  waiting: Iterable<string>,
): Promises {
  let left = own;
  const sure = new Set<string>();
  for (const id of waiting) {
    const visit = appointments.find((one) => one.id === id);
    if (!visit || !holdsSlot(visit.status)) continue;
    const lease = left.find((one) => fitsLease(one, visit));
    if (lease) sure.add(id);
    left = left.filter((one) => one !== lease && !meets(one, visit));
  }
  return { left, sure };
}

const meets = (lease: SlotLease, visit: Appointment): boolean => {
  const { from, to } = leasedTime(lease);
  return (
    lease.clinicianId === visit.clinicianId && Date.parse(visit.start) < to && from < appointmentEnd(visit)
  );
};

export const leaseFor = (leases: readonly SlotLease[], visit: Time): SlotLease | undefined =>
  leases.find((lease) => fitsLease(lease, visit));

/** The times of this desk that a visit fits into, those nearest to the wanted one first. */
export const promisable = (leases: readonly SlotLease[], wanted: Time): readonly SlotLease[] =>
  leases
    .filter((lease) => fitsLease(lease, { ...wanted, clinicianId: lease.clinicianId, start: lease.start }))
    .toSorted((a, b) => distance(a, wanted) - distance(b, wanted));

const distance = (lease: SlotLease, { start }: Time): number =>
  Math.abs(Date.parse(lease.start) - Date.parse(start));
