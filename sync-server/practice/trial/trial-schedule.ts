import type { Appointment } from "#domain/appointment/index.ts";
import { addDays, addMinutes, instantIn } from "#domain/kernel/instant.ts";
import { weekdayOf } from "#domain/working-hours/index.ts";
import { fixedIndex, trialId } from "./trial-patients.ts";
import { type TrialRandom, trialRandom } from "./trial-random.ts";

export interface ScheduleSetting {
  readonly seed: number;
  readonly today: string;
  readonly zone: string;
  /** Staff ids by login: clinicians in the order of their columns. */
  readonly clinicians: readonly { readonly login: string; readonly id: string }[];
  readonly nurseId: string;
  readonly deskId: string;
  readonly visitTypes: readonly { readonly id: string; readonly minutes: number }[];
  readonly roomIds: readonly string[];
  readonly patientIds: readonly string[];
}

/** Days before and after today that are filled: two weeks. */
const REACH = 7;
/** Visits of the past days that end as signed notes. */
export const SIGNED = 40;

/** Times that the fixed visits of today may stand in on any day, and are left free. */
const kept: Readonly<Record<string, readonly string[]>> = {
  clinician: ["09:00", "10:30", "14:00", "14:15", "14:30"],
  clinician2: ["09:00", "09:15", "09:30", "10:45", "11:00", "11:15", "11:30"],
};

/** Quarter hours in which visits begin: 8:00–12:00 and 13:00–16:30. */
const quarters: readonly string[] = Array.from({ length: 36 }, (_, k) => {
  const minutes = 8 * 60 + k * 15;
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}).filter((time) => time < "12:00" || time >= "13:00");

const isWorkday = (date: string): boolean => weekdayOf(date) <= 5;

/** Who may be booked by the generator: not the newborn's mother's doctor's patients of today, not the dead. */
const bookable = (setting: ScheduleSetting): number[] =>
  setting.patientIds.map((_, index) => index).filter((index) => index > 4 && index !== fixedIndex.deceased);

const trail = (steps: readonly (readonly [Appointment["status"], string, string])[]): Appointment["trail"] =>
  steps.map(([status, at, by]) => ({ status, at, by }));

/** Two weeks of appointments around today, today's fixed visits apart. No two of a clinician overlap. */
export function trialSchedule(setting: ScheduleSetting, withNotes: readonly number[]): Appointment[] {
  const random = trialRandom(setting.seed * 7919 + 1);
  const days = Array.from({ length: 2 * REACH + 1 }, (_, k) => addDays(setting.today, k - REACH)).filter(
    isWorkday,
  );
  const past = days.filter((date) => date < setting.today);
  const coming = days.filter((date) => date > setting.today);
  const others = random.shuffled(bookable(setting).filter((index) => !withNotes.includes(index)));
  const next = () => {
    const index = others.shift()!;
    others.push(index);
    return index;
  };
  const book = booker(setting, random);
  const appointments: Appointment[] = [];
  withNotes.slice(0, SIGNED).forEach((index, k) => {
    appointments.push(book(past[k % past.length]!, k % setting.clinicians.length, index, "done"));
  });
  for (const date of past)
    for (const [column] of setting.clinicians.entries())
      if (random.chance(0.4))
        appointments.push(book(date, column, next(), random.chance(0.5) ? "no-show" : "cancelled"));
  for (const date of coming)
    for (const [column] of setting.clinicians.entries())
      for (let count = 6 + random.below(4); count > 0; count--)
        appointments.push(book(date, column, next(), random.chance(0.45) ? "confirmed" : "booked"));
  for (const [column] of setting.clinicians.entries())
    for (let count = column === 0 ? 0 : 5 + random.below(3); count > 0; count--)
      appointments.push(book(setting.today, column, next(), random.chance(0.5) ? "confirmed" : "booked"));
  return appointments;
}

/** Books into free quarters; a full day gives the last free one it has, and there are always some. */
function booker(setting: ScheduleSetting, random: TrialRandom) {
  const free = new Map<string, string[]>();
  return (date: string, column: number, patientIndex: number, status: Appointment["status"]): Appointment => {
    const { login, id: clinicianId } = setting.clinicians[column]!;
    const day = `${date} ${login}`;
    const times = free.get(day) ?? quarters.filter((time) => !kept[login]?.includes(time));
    const at = random.below(times.length);
    const time = times[at]!;
    const following = times[at + 1];
    const start = instantIn(setting.zone, date, time);
    const longer =
      following !== undefined && instantIn(setting.zone, date, following) === addMinutes(start, 15);
    const type = setting.visitTypes[longer && random.chance(0.3) ? 1 : 0]!;
    free.set(
      day,
      times.filter((_, k) => k !== at && !(type.minutes > 15 && k === at + 1)),
    );
    const by = setting.deskId;
    const bookedAt = instantIn(setting.zone, addDays(date, -9 - random.below(20)), "11:10");
    const steps: [Appointment["status"], string, string][] = [["booked", bookedAt, by]];
    if (status === "done")
      steps.push(
        ["arrived", addMinutes(start, -8), by],
        ["roomed", addMinutes(start, 2), setting.nurseId],
        ["done", addMinutes(start, type.minutes), clinicianId],
      );
    else if (status !== "booked")
      steps.push([status, instantIn(setting.zone, addDays(date, -1), "15:30"), by]);
    return {
      id: trialId("appointment", `${date} ${login} ${time}`),
      patientId: setting.patientIds[patientIndex]!,
      clinicianId,
      visitTypeId: type.id,
      start,
      minutes: type.minutes,
      lane: 0,
      status,
      reason: "",
      roomId: status === "done" ? setting.roomIds[column % setting.roomIds.length]! : null,
      walkIn: false,
      overbookReason: "",
      cancelReason: status === "cancelled" ? "Patient called" : "",
      trail: trail(steps),
    };
  };
}
