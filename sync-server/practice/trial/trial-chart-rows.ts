import { encounter, encounterIdOf } from "#domain/encounter/index.ts";
import { addMinutes, dateIn, timeIn } from "#domain/kernel/instant.ts";
import { type Note, newNote, noteIdOf, noteSections, revisionHash } from "#domain/note/index.ts";
import type { Patient } from "#domain/patient/index.ts";
import { AlertEntity } from "#server/alert/alert.entity.ts";
import { AllergyEntity } from "#server/allergy/allergy.entity.ts";
import { AppointmentEntity } from "#server/appointment/appointment.entity.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import { EncounterEntity } from "#server/encounter/encounter.entity.ts";
import { ImmunizationEntity } from "#server/immunization/immunization.entity.ts";
import { MedicationEntity } from "#server/medication/medication.entity.ts";
import { NoneKnownEntity } from "#server/none-known/none-known.entity.ts";
import { NoteEntity, NoteRevisionEntity } from "#server/note/note.entity.ts";
import { ProblemEntity } from "#server/problem/problem.entity.ts";
import { VitalsEntity } from "#server/vitals/vitals.entity.ts";
import { Scribe, type TrialChart, type TrialSetting, trialChart } from "./trial-charts.ts";
import { Phrases, trialNote } from "./trial-notes.ts";
import { fixedIndex, trialId } from "./trial-patients.ts";
import { trialRooms, trialStaff } from "./trial-people.ts";
import { trialRandom } from "./trial-random.ts";
import { SIGNED, trialSchedule } from "./trial-schedule.ts";
import { nextMeasurements, vitalsSet } from "./trial-vitals.ts";

type Person = Omit<Patient, "recordNumber">;

const loginsOf = (role: string): string[] =>
  trialStaff
    .filter(({ roles }) => (roles as readonly string[]).includes(role))
    .map(({ username }) => username);
const staffId = (login: string): string => trialId("staff", login);

/** Charts, appointments, visits and signed notes of a full trial practice, as rows. Pure: seed and day decide all of it. */
export function trialRows(where: Pick<TrialSetting, "seed" | "today" | "zone">, patients: readonly Person[]) {
  const clinicians = loginsOf("clinician").map((login) => ({ login, id: staffId(login) }));
  const setting: TrialSetting = {
    ...where,
    clinicianIds: clinicians.map(({ id }) => id),
    nurseIds: loginsOf("nurse").map(staffId),
  };
  const scribes = patients.map((patient, index) => new Scribe(index, patient, setting));
  const charts = scribes.map(trialChart);
  const seen = scribes
    .filter(
      ({ index, patient }) =>
        hasStory(charts[index]!) && index !== fixedIndex.restricted && !patient.deceasedOn,
    )
    .map(({ index }) => index);
  const random = trialRandom(where.seed * 104_729 + 3);
  // Ana's last visit is always among them.
  const withNotes = [fixedIndex.ana, ...random.shuffled(seen.filter((index) => index > 4))].slice(0, SIGNED);
  const appointments = trialSchedule(
    {
      ...where,
      clinicians,
      nurseId: setting.nurseIds[0]!,
      deskId: staffId("frontdesk"),
      visitTypes: [
        { id: trialId("visit-type", "Follow-up"), minutes: 15 },
        { id: trialId("visit-type", "Long visit"), minutes: 30 },
      ],
      roomIds: trialRooms.map((name) => trialId("room", name)),
      patientIds: patients.map(({ id }) => id),
    },
    withNotes,
  );
  const phrases = new Phrases(random);
  const visits = appointments
    .filter(({ status }) => status === "done")
    .map((booked) => {
      const index = patients.findIndex(({ id }) => id === booked.patientId);
      return signedVisit(booked, scribes[index]!, charts[index]!, phrases);
    });
  return { charts, appointments, visits };
}

/** Two conditions and an adult's vital signs are enough for a note of four sections. */
const hasStory = ({ problems, vitals }: TrialChart): boolean =>
  problems.length >= 2 && (vitals.at(-1)?.measurements ?? []).some(({ code }) => code === "8480-6");

type Booked = ReturnType<typeof trialSchedule>[number];

function signedVisit(booked: Booked, scribe: Scribe, chart: TrialChart, phrases: Phrases) {
  const encounterId = encounterIdOf(booked.id);
  const stamp = (minutes: number) => ({
    mutationId: trialId("mutation", `${encounterId} ${minutes}`),
    at: addMinutes(booked.start, minutes),
    actor: booked.clinicianId,
    role: "clinician" as const,
  });
  const { zone } = scribe.setting;
  const measured = vitalsSet(
    scribe,
    nextMeasurements(scribe, chart.vitals.at(-1)!.measurements),
    dateIn(zone, booked.start),
    { time: timeIn(zone, addMinutes(booked.start, 4)), encounterId },
  );
  chart.vitals.push(measured);
  const started = encounter.mutations.start.apply(
    undefined,
    {
      id: encounterId,
      appointmentId: booked.id,
      patientId: booked.patientId,
      clinicianId: booked.clinicianId,
    },
    stamp(2),
  );
  const content = trialNote(
    {
      conditions: chart.problems,
      medications: chart.medications.filter(({ status }) => status === "active"),
      vitals: measured,
    },
    phrases,
    scribe.random,
  );
  const id = noteIdOf(encounterId);
  const revisionId = trialId("revision", id);
  const hash = revisionHash(id, content);
  const note: Note = {
    ...newNote({ id, encounterId, patientId: booked.patientId, revisionId, kind: "visit" }, stamp(3)),
    status: "signed",
    content,
    sectionRevisions: Object.fromEntries(
      noteSections.map((name) => [name, revisionId]),
    ) as Note["sectionRevisions"],
    revisionHash: hash,
    signature: { by: booked.clinicianId, at: stamp(booked.minutes).at, revisionId, hash },
    updatedAt: stamp(booked.minutes).at,
  };
  return {
    encounter: encounter.mutations.finish.apply(started, { id: encounterId }, stamp(booked.minutes))!,
    note,
    revision: {
      id: revisionId,
      noteId: id,
      base: null,
      authorId: booked.clinicianId,
      at: stamp(booked.minutes - 1).at,
      content,
      changed: [...noteSections],
      hash,
    },
  };
}

const PAGE = 400;

/** Writes them with one record per chart, and one per signature. */
export async function writeCharts(
  tx: LedgerTransaction,
  where: Pick<TrialSetting, "seed" | "today" | "zone">,
  patients: readonly Person[],
): Promise<void> {
  const { charts, appointments, visits } = trialRows(where, patients);
  const insert = async (
    entity: Parameters<typeof tx.em.insertMany>[0],
    rows: readonly object[],
    versioned = true,
  ) => {
    for (let from = 0; from < rows.length; from += PAGE) {
      const page = rows.slice(from, from + PAGE).map((row) => (versioned ? { ...row, version: 1 } : row));
      await tx.em.insertMany(entity as never, page as never[]);
    }
  };
  await insert(AppointmentEntity, appointments);
  await insert(
    EncounterEntity,
    visits.map((visit) => visit.encounter),
  );
  await insert(
    ProblemEntity,
    charts.flatMap((chart) => chart.problems),
  );
  await insert(
    AllergyEntity,
    charts.flatMap((chart) => chart.allergies),
  );
  await insert(
    MedicationEntity,
    charts.flatMap((chart) => chart.medications),
  );
  await insert(
    ImmunizationEntity,
    charts.flatMap((chart) => chart.immunizations),
  );
  await insert(
    VitalsEntity,
    charts.flatMap((chart) => chart.vitals),
  );
  await insert(
    AlertEntity,
    charts.flatMap((chart) => chart.alerts),
  );
  await insert(
    NoneKnownEntity,
    charts.flatMap((chart) => chart.noneKnown),
  );
  await insert(
    NoteEntity,
    visits.map((visit) => visit.note),
  );
  await insert(
    NoteRevisionEntity,
    visits.map((visit) => visit.revision),
    false,
  );
  const actor = { type: "system", id: "trial" } as const;
  for (const { id } of patients)
    tx.audit({
      actor,
      action: "chart.imported",
      outcome: "ok",
      resource: { type: "patient", id },
      patientId: id,
    });
  for (const { id, patientId } of appointments)
    tx.audit({
      actor,
      action: "appointment.booked",
      outcome: "ok",
      resource: { type: "appointment", id },
      patientId,
    });
  for (const { note } of visits)
    tx.audit({
      actor: { type: "user", id: note.authorId, role: "clinician" },
      action: "note.signed",
      outcome: "ok",
      occurredAt: note.signature!.at,
      resource: { type: "note", id: note.id },
      patientId: note.patientId,
      after: note.revisionHash,
    });
}
