import { appointment } from "#domain/appointment/index.ts";
import type { Row } from "#domain/collection.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { deriveId } from "#domain/kernel/id.ts";
import { addDays, dateIn, instantIn } from "#domain/kernel/instant.ts";
import type { Patient } from "#domain/patient/index.ts";
import { AppointmentEntity } from "#server/appointment/appointment.entity.ts";
import { refreshSafetyCards } from "#server/chart/index.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import { hashPassword } from "#server/identity/password.ts";
import { PatientEntity } from "#server/patient/patient.entity.ts";
import { RoomEntity } from "#server/room/room.entity.ts";
import { StaffEntity } from "#server/staff/staff.entity.ts";
import { VisitTypeEntity } from "#server/visit-type/visit-type.entity.ts";
import type { Practice } from "../practice.ts";
import {
  familyNames,
  fixedPatients,
  givenNames,
  trialPassword,
  trialRooms,
  trialStaff,
  trialVisitTypes,
} from "./trial-people.ts";

/** How many patients a trial practice has. */
const PATIENTS = 20;
const system = { type: "system", id: "trial" } as const;

/** Ids of a trial practice follow from their words, so that tests can name them. */
export const trialId = (kind: string, name: string): string => deriveId("trial", kind, name);

/** Numbers that follow from the seed alone (mulberry32): the same seed makes the same practice, byte for byte. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The patients of a trial practice, without record numbers. */
export function trialPatients(seed: number, today: string): Omit<Patient, "recordNumber">[] {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  return Array.from({ length: PATIENTS }, (_, index) => {
    const fixed = fixedPatients[index];
    const sex = random() < 0.5 ? "female" : "male";
    const birthDate = addDays(today, -Math.floor(365.25 * (2 + random() * 84)));
    const person = fixed ?? {
      givenName: pick(givenNames[sex]),
      familyName: `Trial-${familyNames[index]}`,
      sex,
    };
    return {
      id: trialId("patient", String(index)),
      givenName: person.givenName,
      familyName: person.familyName,
      preferredName: fixed?.preferredName ?? "",
      birthDate: fixed?.birthDate ?? birthDate,
      sex: person.sex,
      gender: "",
      pronouns: "",
      language: "en",
      interpreter: false,
      phone: `(212) 555-01${String(10 + index).padStart(2, "0")}`,
      email: "",
      address: "",
      contacts: [],
      deceasedOn: null,
      mergedInto: null,
      active: true,
    };
  });
}

/** Who comes today: [login of the clinician, patient's index, time, visit type's index]. */
const today: readonly [string, number, string, number][] = [
  ["clinician", 0, "09:00", 0],
  ["clinician", 1, "10:30", 0],
  ["clinician", 3, "14:00", 2],
  ["clinician2", 2, "09:15", 0],
  ["clinician2", 4, "11:00", 1],
];

function create(
  tx: LedgerTransaction,
  entity: Parameters<typeof tx.em.create>[0],
  row: Row | Record<string, unknown>,
): void {
  tx.em.create(entity, row as never);
}

async function createStaff(practice: Practice, tx: LedgerTransaction): Promise<void> {
  for (const { username, name, suffix, roles } of trialStaff) {
    const id = trialId("staff", username);
    create(tx, StaffEntity, { id, name, suffix, roles: [...roles], active: true });
    await tx.em.flush();
    await tx.em.execute("insert into app_user(id, username, password_hash) values (?, ?, ?)", [
      id,
      username,
      await hashPassword(trialPassword, practice.config.JAMEMR_ARGON2_MEMORY_KIB),
    ]);
    tx.audit({ actor: system, action: "staff.created", outcome: "ok", resource: { type: "staff", id } });
  }
}

function createPlaces(tx: LedgerTransaction): void {
  for (const name of trialRooms) {
    const id = trialId("room", name);
    create(tx, RoomEntity, { id, name, active: true });
    tx.audit({ actor: system, action: "room.created", outcome: "ok", resource: { type: "room", id } });
  }
  for (const { name, minutes } of trialVisitTypes) {
    const id = trialId("visit-type", name);
    create(tx, VisitTypeEntity, { id, name, minutes, active: true });
    tx.audit({
      actor: system,
      action: "visit-type.created",
      outcome: "ok",
      resource: { type: "visit-type", id },
    });
  }
}

/** Fills a new trial practice: logins, rooms, visit types and, unless it is to be empty, synthetic patients. */
export async function fillTrialPractice(practice: Practice, tx: LedgerTransaction): Promise<void> {
  await createStaff(practice, tx);
  createPlaces(tx);
  if (practice.config.JAMEMR_EMPTY === "1") return;
  const date = dateIn(practice.info.zone);
  for (const patient of trialPatients(practice.config.JAMEMR_TRIAL_SEED, date)) {
    const [{ number }]: [{ number: string }] = await tx.em.execute(
      "select nextval('patient_record_number') as number",
    );
    create(tx, PatientEntity, { ...patient, recordNumber: `TRIAL-${number.padStart(6, "0")}` });
    tx.audit({
      actor: system,
      action: "patient.registered",
      outcome: "ok",
      resource: { type: "patient", id: patient.id },
      patientId: patient.id,
    });
  }
  await tx.em.flush();
  const ids = trialPatients(practice.config.JAMEMR_TRIAL_SEED, date).map(({ id }) => id);
  await refreshSafetyCards(tx.em, ids);
}

/** Books the trial's visits for the practice's present day, so that Today is never empty however old the trial is. */
export async function bookTrialDay(practice: Practice): Promise<void> {
  const date = dateIn(practice.info.zone);
  const em = practice.database.em.fork();
  const known = await em.count(PatientEntity, { id: trialId("patient", "0") });
  const booked = await em.count(AppointmentEntity, { id: trialId("appointment", `${date} 0`) });
  if (known === 0 || booked > 0) return;
  await practice.ledger.transact(async (tx) => {
    for (const [index, [login, patientIndex, time, typeIndex]] of today.entries()) {
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
      const stamp = {
        mutationId: args.id,
        at: instantNow(),
        actor: trialId("staff", "frontdesk"),
        role: "front-desk" as const,
      };
      create(tx, AppointmentEntity, appointment.mutations.book.apply(undefined, args, stamp)!);
      tx.audit({
        actor: system,
        action: "appointment.booked",
        outcome: "ok",
        resource: { type: "appointment", id: args.id },
        patientId: args.patientId,
      });
    }
  });
}
