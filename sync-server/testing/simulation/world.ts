import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { encounter, encounterIdOf } from "#domain/encounter/index.ts";
import { instant } from "#domain/kernel/instant.ts";
import { emptyContent, mergeRevision, newNote, noteIdOf } from "#domain/note/index.ts";
import { recording } from "#domain/recording/index.ts";
import { workingHoursIdOf } from "#domain/working-hours/index.ts";
import { AppointmentEntity } from "#server/appointment/appointment.entity.ts";
import { type Config, readConfig } from "#server/config.ts";
import { EncounterEntity } from "#server/encounter/encounter.entity.ts";
import { NoteEntity } from "#server/note/note.entity.ts";
import { type OpenPractice, openPractice } from "#server/practice/open-practice.ts";
import { trialId } from "#server/practice/trial/trial-practice.ts";
import { RecordingEntity } from "#server/recording/recording.entity.ts";
import { WorkingHoursEntity } from "#server/working-hours/index.ts";
import { createTestDatabase, type TestDatabase } from "../database.ts";
import type { TestServer } from "../test-postgres.ts";
import { rememberStart } from "./home.ts";
import { PlayedClock } from "./played-clock.ts";
import { createRandom } from "./random.ts";

/** Tuesday morning in the trial practice's zone. */
export const startOfDay = Date.UTC(2027, 0, 12, 14);
const DAY = 86_400_000;

const patient = (index: number) => trialId("patient", String(index));

/** Patients who were here a while ago: their charts are on the tablets, and nobody needs them today. */
const seenPatients = [6, 7, 8, 9, 10, 11].map(patient);
/** Patients with a planted chart that nobody ever has a reason to hold. */
export const vaultPatients = [15, 16, 17].map(patient);
export const marker = (patientId: string): string => `MARKER-${patientId}`;
/** Two patients whose phone always changes in one commit. */
export const pairPatients = [18, 19].map(patient) as [string, string];

export const silent = pino({ level: "silent" });

/** A founded practice that every seed gets a copy of: plain data, so that it can cross to worker threads. */
export interface World {
  readonly server: TestServer;
  readonly template: string;
  readonly folder: string;
  readonly practiceId: string;
}

export const nameOf = (url: string): string => new URL(url).pathname.slice(1);

export const practiceOptions = (folder: string, database: TestDatabase, practiceId: string) => {
  const config: Config = readConfig({
    JAMEMR_TRIAL: "small",
    JAMEMR_DATA: folder,
    DATABASE_URL: database.ownerUrl,
    JAMEMR_DATABASE_APP_URL: database.appUrl,
    JAMEMR_ARGON2_MEMORY_KIB: "8",
    JAMEMR_LOG_LEVEL: "fatal",
  });
  return {
    config,
    folder: { practiceId, kind: "trial" as const, timezone: "America/New_York" },
    log: silent,
    queueTimes: { heartbeatSeconds: 600, retryDelaySeconds: 600, monitorSeconds: 600 },
  };
};

/** Founds the trial practice once, with the charts and rights that the seeds need. */
export async function foundWorld(server: TestServer): Promise<World> {
  const clock = new PlayedClock(startOfDay, createRandom("world"));
  const folder = await mkdtemp(join(tmpdir(), "jamemr-simulation-"));
  await mkdir(join(folder, "ai-node"));
  const practiceId = "00000000-0000-7000-8000-000000000001";
  const database = await createTestDatabase(server);
  try {
    const practice = await openPractice(practiceOptions(folder, database, practiceId));
    try {
      await plant(practice);
    } finally {
      await practice.close();
    }
    await rememberStart(server, database);
  } finally {
    clock.restore();
  }
  return { server, template: nameOf(database.ownerUrl), folder, practiceId };
}

async function plant(practice: OpenPractice): Promise<void> {
  const actor = { type: "system" as const, id: "simulator" };
  await practice.ledger.transact(async ({ em, audit }) => {
    // Some people work in two roles, so that a scope can shrink and grow.
    for (const [login, roles] of [
      ["nurse", "{nurse,front-desk}"],
      ["clinician2", "{clinician,administrator}"],
    ] as const)
      await em.execute("update staff set roles = ?::text[], version = version + 1 where id = ?", [
        roles,
        trialId("staff", login),
      ]);
    // With hours, desks hold times that they may promise.
    for (const login of ["clinician", "clinician2"])
      for (const weekday of [1, 2, 3, 4, 5]) {
        const clinicianId = trialId("staff", login);
        em.create(WorkingHoursEntity, {
          id: workingHoursIdOf(clinicianId, weekday),
          clinicianId,
          weekday,
          spans: [{ from: "08:00", to: "17:00" }],
          capacity: 1,
        } as never);
      }
    for (const row of openVisits()) {
      em.create(EncounterEntity, row.encounter as never);
      await em.flush();
      em.create(RecordingEntity, row.recording as never);
    }
    for (const [index, patientId] of seenPatients.entries())
      em.create(AppointmentEntity, visitBefore(patientId, index) as never);
    for (const [index, patientId] of vaultPatients.entries()) {
      const rows = vaultRows(patientId, index);
      em.create(AppointmentEntity, rows.appointment as never);
      await em.flush();
      em.create(EncounterEntity, rows.encounter as never);
      await em.flush();
      em.create(NoteEntity, rows.note as never);
      await em.flush();
    }
    audit({ actor, action: "practice.created", outcome: "ok" });
  });
}

/** Visits of today that have begun, each with a recording, so that people have something to write about at once. */
function openVisits() {
  const date = instant(startOfDay).slice(0, 10);
  return [0, 1, 3].map((index, at) => {
    const appointmentId = trialId("appointment", `${date} ${at}`);
    const clinicianId = trialId("staff", "clinician");
    const stamp = {
      mutationId: appointmentId,
      at: instant(startOfDay),
      actor: clinicianId,
      role: "clinician" as const,
    };
    const encounterId = encounterIdOf(appointmentId);
    const about = { encounterId, patientId: patient(index) };
    return {
      encounter: encounter.mutations.start.apply(
        undefined,
        { id: encounterId, appointmentId, patientId: patient(index), clinicianId },
        stamp,
      ),
      recording: {
        ...recording.mutations.begin.apply(
          undefined,
          {
            id: trialId("recording", String(index)),
            ...about,
            consent: { by: "patient", at: instant(startOfDay) },
            sealedKey: "",
          },
          stamp,
        ),
        sealedKey: "",
        deviceId: trialId("device", "none"),
      },
    };
  });
}

const pastAppointment = (id: string, patientId: string, start: string) => ({
  id,
  patientId,
  clinicianId: trialId("staff", "clinician2"),
  visitTypeId: trialId("visit-type", "Follow-up"),
  start,
  minutes: 15,
  lane: 0,
  status: "done",
  reason: "",
  roomId: null,
  walkIn: false,
  overbookReason: "",
  cancelReason: "",
  trail: [],
});

/** A visit inside the window of charts. */
const visitBefore = (patientId: string, index: number) =>
  pastAppointment(
    trialId("appointment", `seen ${index}`),
    patientId,
    instant(startOfDay - 7 * DAY + index * 3_600_000),
  );

/** A visit of long ago with a note that holds the marker: outside every window. */
function vaultRows(patientId: string, index: number) {
  const id = trialId("appointment", `vault ${index}`);
  const appointment = pastAppointment(id, patientId, instant(startOfDay - 60 * DAY + index * 3_600_000));
  const { clinicianId, start: at } = appointment;
  const stamp = { mutationId: id, at, actor: clinicianId, role: "clinician" as const };
  const encounterId = encounterIdOf(id);
  const visit = encounter.mutations.start.apply(
    undefined,
    { id: encounterId, appointmentId: id, patientId, clinicianId },
    stamp,
  );
  const revision = {
    id: trialId("revision", String(index)),
    base: null,
    content: { ...emptyContent(), subjective: [{ text: marker(patientId), origin: "typed" as const }] },
    changed: ["subjective" as const],
    by: clinicianId,
    at,
  };
  const args = {
    id: noteIdOf(encounterId),
    encounterId,
    patientId,
    revisionId: revision.id,
    kind: "visit" as const,
  };
  return { appointment, encounter: visit, note: mergeRevision(newNote(args, stamp), revision, new Set()) };
}

export async function removeWorld(world: World): Promise<void> {
  await rm(world.folder, { recursive: true, force: true });
}
