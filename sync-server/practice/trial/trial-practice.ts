import { appointment } from "#domain/appointment/index.ts";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { addMinutes, dateIn, instantIn } from "#domain/kernel/instant.ts";
import { workingHoursIdOf } from "#domain/working-hours/index.ts";
import { AppointmentEntity } from "#server/appointment/appointment.entity.ts";
import { CareTeamEntity } from "#server/care-team/care-team.entity.ts";
import { refreshSafetyCards } from "#server/chart/index.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import { hashPassword } from "#server/identity/password.ts";
import { PatientEntity } from "#server/patient/patient.entity.ts";
import { RoomEntity } from "#server/room/room.entity.ts";
import { StaffEntity } from "#server/staff/staff.entity.ts";
import { VisitTypeEntity } from "#server/visit-type/visit-type.entity.ts";
import { WorkingHoursEntity } from "#server/working-hours/working-hours.entity.ts";
import type { Practice } from "../practice.ts";
import { writeCharts } from "./trial-chart-rows.ts";
import { fixedIndex, fullTrial, smallTrial, trialId, trialPatients } from "./trial-patients.ts";
import { trialPassword, trialRooms, trialStaff, trialVisitTypes } from "./trial-people.ts";

export { trialId } from "./trial-patients.ts";

const system = { type: "system", id: "trial" } as const;

/** Who comes today: [login of the clinician, patient's index, time, visit type's index]. */
export const fixedVisits: readonly [string, number, string, number][] = [
  ["clinician", fixedIndex.ana, "09:00", 0],
  ["clinician", fixedIndex.robert, "10:30", 0],
  ["clinician", fixedIndex.aged97, "14:00", 2],
  ["clinician2", fixedIndex.roberta, "09:15", 0],
  ["clinician2", 4, "11:00", 1],
];

async function createStaff(practice: Practice, tx: LedgerTransaction): Promise<void> {
  for (const { username, name, suffix, roles } of trialStaff) {
    const id = trialId("staff", username);
    tx.em.create(StaffEntity, { id, name, suffix, roles: [...roles], active: true } as never);
    await tx.em.flush();
    await tx.em.execute("insert into app_user(id, username, password_hash) values (?, ?, ?)", [
      id,
      username,
      await hashPassword(trialPassword, practice.config.JAMEMR_ARGON2_MEMORY_KIB),
    ]);
    tx.audit({ actor: system, action: "staff.created", outcome: "ok", resource: { type: "staff", id } });
  }
}

async function createPlaces(tx: LedgerTransaction): Promise<void> {
  for (const name of trialRooms) {
    const id = trialId("room", name);
    tx.em.create(RoomEntity, { id, name, active: true } as never);
    tx.audit({ actor: system, action: "room.created", outcome: "ok", resource: { type: "room", id } });
  }
  for (const { name, minutes } of trialVisitTypes) {
    const id = trialId("visit-type", name);
    tx.em.create(VisitTypeEntity, { id, name, minutes, active: true } as never);
    const resource = { type: "visit-type", id };
    tx.audit({ actor: system, action: "visit-type.created", outcome: "ok", resource });
  }
  await tx.em.flush();
}

/** Monday to Friday, with a pause at noon. */
async function createWorkingHours(tx: LedgerTransaction): Promise<void> {
  const rows = trialStaff
    .filter(({ roles }) => roles.includes("clinician"))
    .flatMap(({ username }) => {
      const clinicianId = trialId("staff", username);
      return [1, 2, 3, 4, 5].map((weekday) => ({
        id: workingHoursIdOf(clinicianId, weekday),
        version: 1,
        clinicianId,
        weekday,
        spans: [
          { from: "08:00", to: "12:00" },
          { from: "13:00", to: "17:00" },
        ],
        capacity: 1,
      }));
    });
  await tx.em.insertMany(WorkingHoursEntity, rows as never[]);
  for (const { id } of rows)
    tx.audit({
      actor: system,
      action: "working-hours.set",
      outcome: "ok",
      resource: { type: "working-hours", id },
    });
}

/**
 * Fills a new trial practice: logins, places, hours and, unless it is to be empty, synthetic patients; with charts, two
 * weeks of appointments and signed notes when it is a full one. Seed and day decide every byte.
 */
export async function fillTrialPractice(practice: Practice, tx: LedgerTransaction): Promise<void> {
  const { config, info } = practice;
  await createStaff(practice, tx);
  await createPlaces(tx);
  if (config.JAMEMR_EMPTY === "1") return;
  const full = config.JAMEMR_TRIAL === "full";
  const today = dateIn(info.zone);
  const seed = config.JAMEMR_TRIAL_SEED;
  if (full) await createWorkingHours(tx);
  const patients = trialPatients(seed, today, full ? fullTrial : smallTrial);
  const numbers: { number: string }[] = await tx.em.execute(
    "select nextval('patient_record_number') as number from generate_series(1, ?)",
    [patients.length],
  );
  const rows = patients.map((patient, index) => ({
    ...patient,
    recordNumber: `TRIAL-${numbers[index]!.number.padStart(6, "0")}`,
    version: 1,
  }));
  await tx.em.insertMany(PatientEntity, rows as never[]);
  for (const { id } of patients)
    tx.audit({
      actor: system,
      action: "patient.registered",
      outcome: "ok",
      resource: { type: "patient", id },
      patientId: id,
    });
  if (full) {
    await restrictOne(tx, today, info.zone);
    await writeCharts(tx, { seed, today, zone: info.zone }, patients);
  }
  await refreshSafetyCards(
    tx.em,
    patients.map(({ id }) => id),
  );
}

/** One chart that only its care team opens. */
async function restrictOne(tx: LedgerTransaction, today: string, zone: string): Promise<void> {
  const patientId = trialId("patient", String(fixedIndex.restricted));
  const clinicianId = trialId("staff", "clinician");
  const row = {
    id: careTeamIdOf(patientId),
    version: 1,
    patientId,
    restricted: true,
    memberIds: [clinicianId, trialId("staff", "nurse")],
    setBy: clinicianId,
    setAt: instantIn(zone, today, "00:00"),
  };
  await tx.em.insertMany(CareTeamEntity, [row] as never[]);
  const resource = { type: "care-team", id: row.id };
  tx.audit({ actor: system, action: "chart.restricted", outcome: "ok", resource, patientId });
}

/**
 * Books the trial's visits for the practice's present day, so that Today is never empty however old the trial is. A time
 * that somebody has taken meanwhile, or that a desk may promise offline, stays theirs.
 */
export async function bookTrialDay(practice: Practice): Promise<void> {
  const date = dateIn(practice.info.zone);
  const em = practice.database.em.fork();
  const known = await em.count(PatientEntity, { id: trialId("patient", "0") });
  const booked = await em.count(AppointmentEntity, { id: trialId("appointment", `${date} 0`) });
  if (known === 0 || booked > 0) return;
  await practice.ledger.transact(async (tx) => {
    for (const [index, [login, patientIndex, time, typeIndex]] of fixedVisits.entries()) {
      const type = trialVisitTypes[typeIndex]!;
      const args = {
        id: trialId("appointment", `${date} ${index}`),
        patientId: trialId("patient", String(patientIndex)),
        clinicianId: trialId("staff", login),
        visitTypeId: trialId("visit-type", type.name),
        start: instantIn(practice.info.zone, date, time),
        minutes: type.minutes,
        reason: "",
        overbookReason: "",
      };
      if (await isTaken(tx, args)) continue;
      const stamp = {
        mutationId: args.id,
        at: instantNow(),
        actor: trialId("staff", "frontdesk"),
        role: "front-desk" as const,
      };
      tx.em.create(AppointmentEntity, appointment.mutations.book.apply(undefined, args, stamp) as never);
      tx.audit({
        actor: system,
        action: "appointment.booked",
        outcome: "ok",
        resource: { type: "appointment", id: args.id },
        patientId: args.patientId,
      });
    }
    tx.audit({ actor: system, action: "practice.day_prepared", outcome: "ok" });
  });
}

async function isTaken(
  { em }: LedgerTransaction,
  slot: { clinicianId: string; start: string; minutes: number },
): Promise<boolean> {
  const time = [slot.clinicianId, addMinutes(slot.start, slot.minutes), slot.start];
  const rows: unknown[] = await em.execute(
    `select 1 from appointment where clinician_id = ? and lane = 0 and status not in ('cancelled', 'no-show')
       and start < ? and start + make_interval(mins => minutes) > ?
     union all
     select 1 from slot_lease where clinician_id = ? and lane = 0 and status = 'held' and until > ?
       and start < ? and start + make_interval(mins => minutes) > ?`,
    [...time, slot.clinicianId, instantNow(), ...time.slice(1)],
  );
  return rows.length > 0;
}
