import { type Appointment, freeLane, type HeldTime, holdsSlot } from "#domain/appointment/index.ts";

type Booked = Pick<Appointment, "id" | "start" | "minutes" | "lane" | "status" | "clinicianId">;

export interface Placed<A extends Booked = Booked> extends HeldTime {
  readonly appointment: A;
}

/** Where a card stands in its clinician's column: the `index`-th of `count` lanes side by side. */
export interface Place {
  readonly index: number;
  readonly count: number;
}

/**
 * What holds a clinician's time, each in a lane. The clinic gives lanes; a booking that still waits on this tablet has
 * lane 0 for now and is put where the clinic would put it, behind what the clinic confirmed.
 */
export function placed<A extends Booked>(
  appointments: readonly A[],
  waiting: ReadonlySet<string> = new Set(),
): Placed<A>[] {
  const result: Placed<A>[] = [];
  const order = appointments
    .filter(({ status }) => holdsSlot(status))
    .toSorted(
      (a, b) =>
        Number(waiting.has(a.id)) - Number(waiting.has(b.id)) ||
        (a.start < b.start ? -1 : a.start > b.start ? 1 : a.lane - b.lane),
    );
  for (const appointment of order) {
    const from = Date.parse(appointment.start);
    const lane =
      freeLane(result, from, appointment.minutes, appointment.lane, 10) ??
      freeLane(result, from, appointment.minutes, 0, 50) ??
      0;
    result.push({ appointment, from, to: from + appointment.minutes * 60_000, lane });
  }
  return result;
}

/** Cards that share a time stand side by side and share the width; the others have the whole column. */
export function sideBySide(held: readonly Placed[]): Map<string, Place> {
  const places = new Map<string, Place>();
  const sorted = held.toSorted((a, b) => a.from - b.from || a.lane - b.lane);
  let group: Placed[] = [];
  let end = Number.NEGATIVE_INFINITY;
  const close = () => {
    const lanes = [...new Set(group.map(({ lane }) => lane))].sort((a, b) => a - b);
    for (const { appointment, lane } of group)
      places.set(appointment.id, { index: lanes.indexOf(lane), count: lanes.length });
    group = [];
  };
  for (const one of sorted) {
    if (one.from >= end) close();
    group.push(one);
    end = Math.max(end, one.to);
  }
  close();
  return places;
}
