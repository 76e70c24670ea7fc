import { type Appointment, holdsSlot } from "#domain/appointment/index.ts";
import { addDays, dateIn, instantIn } from "#domain/kernel/instant.ts";
import type { WaitListEntry } from "#domain/wait-list/index.ts";
import { type Clinic, freedSlots, freeTimes, takenSlot } from "#pwa/appointment/index.ts";

/** A free time that somebody on the list could have. */
export interface Offer {
  readonly clinicianId: string;
  readonly start: string;
  /** Somebody gave this time back; it was not simply never taken. */
  readonly freed: boolean;
}

interface Facts {
  readonly clinic: Pick<Clinic, "zone" | "hoursOf" | "clinicians" | "types">;
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

/** The times to offer: those that came free first, then the first free ones, by time. */
export function offersFor({ clinic, appointments, now }: Facts, wish: Wish): readonly Offer[] {
  const { zone } = clinic;
  const today = dateIn(zone, now);
  const last = addDays(today, HORIZON);
  const minutes = minutesOf(clinic, wish);
  const wanted = clinic.clinicians.filter(({ id }) => wish.clinicianId === null || id === wish.clinicianId);
  const byDate = Map.groupBy(appointments, ({ start }) => dateIn(zone, start));
  const freed: Offer[] = [];
  const free: Offer[] = [];
  for (
    let date = wish.from > today ? wish.from : today;
    date <= wish.until && date <= last && freed.length < OFFERS;
    date = addDays(date, 1)
  ) {
    const day = { date, appointments: byDate.get(date) ?? [], waiting: nobodyWaits };
    const someFreed = day.appointments.some(({ status }) => !holdsSlot(status));
    if (free.length >= OFFERS && !someFreed) continue;
    for (const { id: clinicianId } of wanted) {
      if (someFreed)
        for (const slot of freedSlots(clinic, day, now)) {
          const here = slot.clinicianId === clinicianId;
          if (here && !takenSlot(clinic, day, { id: "", clinicianId, start: slot.start, minutes }))
            freed.push({ clinicianId, start: slot.start, freed: true });
        }
      if (free.length < OFFERS) {
        const usual = {
          from: Date.parse(instantIn(zone, date, "08:00")),
          to: Date.parse(instantIn(zone, date, "17:00")),
        };
        for (const start of freeTimes(clinic, day, { id: "", clinicianId, minutes }, { usual, after: now }))
          free.push({ clinicianId, start, freed: false });
      }
    }
  }
  const byTime = (a: Offer, b: Offer) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0);
  const first = freed.sort(byTime).slice(0, OFFERS);
  const rest = free
    .sort(byTime)
    .filter(
      (one) =>
        !first.some(({ start, clinicianId }) => start === one.start && clinicianId === one.clinicianId),
    );
  return [...first, ...rest].slice(0, OFFERS);
}
