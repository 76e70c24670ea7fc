import { useMemo, useRef } from "react";
import type { Appointment, Hours } from "#domain/appointment/index.ts";
import { instant } from "#domain/kernel/instant.ts";
import { type Patient, survivorOf } from "#domain/patient/index.ts";
import type { MutationName } from "#domain/registry.ts";
import type { Room } from "#domain/room/index.ts";
import type { Staff } from "#domain/staff/index.ts";
import type { VisitType } from "#domain/visit-type/index.ts";
import { useMergeLinks, useOutbox, useRows, useSession } from "#pwa/local/index.ts";
import { dayBounds } from "./day-frame.ts";
import type { Leases } from "./leases.ts";
import { useLeases } from "./use-leases.ts";

/** What decides which times are free, besides the appointments. */
export type Timetable = Pick<Clinic, "zone" | "hoursOf" | "leases">;

/** What changes seldom: who sees patients when, and what can be booked. */
export interface Clinic {
  readonly zone: string;
  readonly staff: ReadonlyMap<string, Staff>;
  /** Those who see patients, by name. */
  readonly clinicians: readonly Staff[];
  readonly types: ReadonlyMap<string, VisitType>;
  /** Visit types in use, the shortest first. */
  readonly bookable: readonly VisitType[];
  readonly rooms: readonly Room[];
  readonly hoursOf: (clinicianId: string) => readonly Hours[];
  /** Free times that one desk or another may promise while it is offline. */
  readonly leases: Leases;
  readonly ready: boolean;
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name.localeCompare(b.name);

const noHours: readonly Hours[] = [];

export function useClinic(): Clinic {
  const { practice } = useSession();
  const staff = useRows("staff", {});
  const types = useRows("visit-type", {});
  const rooms = useRows("room", {});
  const hours = useRows("working-hours", {});
  const leases = useLeases();
  const zone = practice?.zone ?? "UTC";
  return useMemo(() => {
    const ofClinician = Map.groupBy(hours.rows, ({ clinicianId }) => clinicianId);
    return {
      zone,
      staff: new Map(staff.rows.map((one) => [one.id, one])),
      clinicians: staff.rows
        .filter(({ active, roles }) => active && roles.includes("clinician"))
        .toSorted(byName),
      types: new Map(types.rows.map((one) => [one.id, one])),
      bookable: types.rows
        .filter(({ active }) => active)
        .toSorted((a, b) => a.minutes - b.minutes || byName(a, b)),
      rooms: rooms.rows.filter(({ active }) => active).toSorted(byName),
      hoursOf: (clinicianId: string) => ofClinician.get(clinicianId) ?? noHours,
      leases,
      ready: staff.ready && types.ready,
    };
  }, [zone, staff, types, rooms, hours, leases]);
}

export interface ClinicDay {
  readonly date: string;
  /** Every appointment that begins on the day, whatever its status, by time. */
  readonly appointments: readonly Appointment[];
  readonly patients: ReadonlyMap<string, Patient>;
  /** Appointments with a change that the clinic has not answered yet. */
  readonly waiting: ReadonlySet<string>;
  /** Those among them that were booked or moved here, in the order in which the clinic will judge them. */
  readonly promised: ReadonlySet<string>;
  readonly ready: boolean;
}

/** A change of an appointment that the clinic may refuse, because somebody else has the time. */
export const takesTime = (name: MutationName): boolean =>
  name === "appointment.book" ||
  name === "appointment.walkIn" ||
  name === "appointment.move" ||
  name === "appointment.undo";

export function useClinicDay(zone: string, date: string): ClinicDay {
  const { from, to } = useMemo(() => dayBounds(zone, date), [zone, date]);
  const { rows, ready } = useRows("appointment", {
    where: { start: { gte: instant(from), lt: instant(to) } },
    sort: "start",
  });
  const patients = usePatients(rows);
  const outbox = useOutbox();
  const { waiting, promised } = useMemo(() => {
    const open = outbox.filter(({ status }) => status !== "refused");
    return {
      waiting: new Set(open.map(({ rowId }) => rowId)),
      promised: new Set(open.filter(({ name }) => takesTime(name)).map(({ rowId }) => rowId)),
    };
  }, [outbox]);
  return useMemo(
    () => ({ date, appointments: rows, patients, waiting, promised, ready }),
    [date, rows, patients, waiting, promised, ready],
  );
}

/** The patients of some rows. Whoever was read once stays while others arrive, so that no name blinks. */
export function usePatients(rows: readonly { readonly patientId: string }[]): ReadonlyMap<string, Patient> {
  const known = useRef<ReadonlyMap<string, Patient>>(new Map());
  const links = useMergeLinks();
  const ids = useMemo(() => [...new Set(rows.map(({ patientId }) => patientId))].sort(), [rows]);
  const wanted = useMemo(
    () => [...new Set([...ids, ...ids.map((id) => survivorOf(links, id))])].sort(),
    [ids, links],
  );
  const { rows: patients } = useRows("patient", { where: { id: { in: wanted } } });
  return useMemo(() => {
    const next = new Map<string, Patient>();
    for (const id of ids) {
      const before = known.current.get(id);
      if (before) next.set(id, before);
    }
    const found = new Map(patients.map((patient) => [patient.id, patient]));
    for (const id of ids) {
      // A merged record shows whom it was merged into.
      const patient = found.get(survivorOf(links, id)) ?? found.get(id);
      if (patient) next.set(id, patient);
    }
    known.current = next;
    return next;
  }, [ids, links, patients]);
}
