import { type Appointment, holdsSlot } from "#domain/appointment/index.ts";
import { addDays, dateIn } from "#domain/kernel/instant.ts";
import type { WaitListEntry } from "#domain/wait-list/index.ts";
import { type Clinic, freedSlots, freeTimes, takenSlot, usualHours } from "#pwa/appointment/index.ts";

/** A free time that somebody on the list could have. */
export interface Offer {
  readonly clinicianId: string;
  readonly start: string;
  /** Somebody gave this time back; it was not simply never taken. */
  readonly freed: boolean;
}

interface Facts {
  readonly clinic: Pick<Clinic, "zone" | "hoursOf" | "leases" | "clinicians" | "types">;
  /** Appointments of the days that are looked at, whatever their status. */
  readonly appointments: readonly Appointment[];
  /** Milliseconds since the epoch: nothing before is offered. */
  readonly now: number;
}

/** How many times are offered to one person, and how many days ahead they are looked for. */
const OFFERS = 3;
export const HORIZON = 21;

const nobodyWaits: ReadonlySet<string> = new Set();

type Wish = Pick<WaitListEntry, "clinicianId" | "visitTypeId" | "from" | "until">;

const minutesOf = (clinic: Facts["clinic"], wish: Wish): number =>
  clinic.types.get(wish.visitTypeId)?.minutes ?? 15;

/** Whether somebody on the list could have a time that came free. */
export function fits(
  { clinic, appointments }: Omit<Facts, "now">,
  wish: Wish,
  slot: Pick<Offer, "clinicianId" | "start">,
): boolean {
  const date = dateIn(clinic.zone, slot.start);
  if (date < wish.from || date > wish.until) return false;
  if (wish.clinicianId !== null && wish.clinicianId !== slot.clinicianId) return false;
  const minutes = minutesOf(clinic, wish);
  const day = {
    appointments: appointments.filter(({ start }) => dateIn(clinic.zone, start) === date),
    waiting: nobodyWaits,
  };
  return (
    takenSlot(clinic, day, { id: "", clinicianId: slot.clinicianId, start: slot.start, minutes }) === null
  );
}

/** The times to offer: those that came free first, then the first free one of each clinician and day, by time. */
export function offersFor({ clinic, appointments, now }: Facts, wish: Wish): readonly Offer[] {
  const { zone } = clinic;
  const today = dateIn(zone, now);
  const last = addDays(today, HORIZON);
  const byDate = Map.groupBy(appointments, ({ start }) => dateIn(zone, start));
  const freed: Offer[] = [];
  const free: Offer[] = [];
  for (
    let date = wish.from > today ? wish.from : today;
    date <= wish.until && date <= last && freed.length < OFFERS;
    date = addDays(date, 1)
  ) {
    const day = { date, appointments: byDate.get(date) ?? [], waiting: nobodyWaits };
    freed.push(...freedOn(clinic, day, wish, now));
    if (free.length < OFFERS) free.push(...freeOn(clinic, day, wish, now));
  }
  const first = freed.sort(byTime).slice(0, OFFERS);
  const isNew = (one: Offer) =>
    !first.some(({ start, clinicianId }) => start === one.start && clinicianId === one.clinicianId);
  return [...first, ...free.sort(byTime).filter(isNew)].slice(0, OFFERS);
}

const byTime = (a: Offer, b: Offer): number => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0);

interface OfferedDay {
  readonly date: string;
  readonly appointments: readonly Appointment[];
  readonly waiting: ReadonlySet<string>;
}

function freedOn(clinic: Facts["clinic"], day: OfferedDay, wish: Wish, now: number): Offer[] {
  if (day.appointments.every(({ status }) => holdsSlot(status))) return [];
  const minutes = minutesOf(clinic, wish);
  return freedSlots(clinic, day, now)
    .filter(({ clinicianId }) => wish.clinicianId === null || wish.clinicianId === clinicianId)
    .filter(({ clinicianId, start }) => !takenSlot(clinic, day, { id: "", clinicianId, start, minutes }))
    .map(({ clinicianId, start }) => ({ clinicianId, start, freed: true }));
}

function freeOn(clinic: Facts["clinic"], day: OfferedDay, wish: Wish, now: number): Offer[] {
  const { zone } = clinic;
  const minutes = minutesOf(clinic, wish);
  const usual = usualHours(zone, day.date);
  return clinic.clinicians
    .filter(({ id }) => wish.clinicianId === null || id === wish.clinicianId)
    .flatMap(({ id: clinicianId }) =>
      freeTimes(clinic, day, { id: "", clinicianId, minutes }, { usual, after: now })
        .slice(0, 1)
        .map((start) => ({ clinicianId, start, freed: false })),
    );
}
