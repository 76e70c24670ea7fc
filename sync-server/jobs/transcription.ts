import { LockMode } from "@mikro-orm/core";
import type { AiJob, DraftChart, JobCompletion, JobProgress } from "#domain/ai/job.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { digest } from "#domain/kernel/canonical.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { ageOn, dateIn } from "#domain/kernel/instant.ts";
import { type TranscriptRow, transcriptIdOf } from "#domain/transcript/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Principal } from "#server/identity/principal.ts";
import { PatientEntity } from "#server/patient/patient.entity.ts";
import type { Practice } from "#server/practice/practice.ts";
import { RecordingEntity } from "#server/recording/recording.entity.ts";
import { TranscriptEntity } from "#server/transcript/transcript.entity.ts";
import { sealTranscript } from "#server/transcript/transcript.sealing.ts";
import type { ClaimedJob } from "./job-queue.ts";

const lockRecording = (em: EntityManager, id: string) =>
  em.findOne(RecordingEntity, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });

/** What a node may know of the chart: as little as the wording of a note needs, never a name. */
async function chartFor(practice: Practice, em: EntityManager, patientId: string): Promise<DraftChart> {
  const patient = await em.findOneOrFail(PatientEntity, { id: patientId });
  return { age: ageOn(patient.birthDate, dateIn(practice.info.zone)), sex: patient.sex };
}

/** Hands a claimed job to its node; the recording shows from now on that it is being worked on. */
export async function claimTranscription(
  practice: Practice,
  principal: Principal,
  job: ClaimedJob,
  requestId: string,
): Promise<AiJob> {
  const { result } = await practice.ledger.transact(async ({ em, audit }) => {
    const recording = await lockRecording(em, job.recordingId);
    if (!recording) throw new DomainError("missing_parent");
    recording.status = "transcribing";
    recording.progress = 0;
    await em.execute(
      `insert into ai_claim(job_id, token_id, claimed_at) values (?, ?, ?)
       on conflict (job_id) do update set token_id = excluded.token_id, claimed_at = excluded.claimed_at`,
      [job.id, principal.actor.id, instantNow()],
    );
    audit({
      actor: principal.audit,
      onBehalfOf: recording.clinicianId,
      action: "job.claimed",
      outcome: "ok",
      resource: { type: "recording", id: recording.id },
      patientId: recording.patientId,
      requestId,
    });
    const { parts, gaps, patientId } = recording;
    return {
      id: job.id,
      kind: job.kind,
      attempt: job.attempt,
      recordingId: recording.id,
      language: "en" as const,
      parts: parts.map(({ part, mime, seconds, sha256, startOffset }) => ({
        part,
        mime,
        seconds,
        sha256,
        startOffset,
      })),
      gaps,
      chart: await chartFor(practice, em, patientId),
    };
  });
  return result;
}

/** Whether a job was given to this token last; kept in the database, so that a restarted server knows it too. */
export async function holdsJob(practice: Practice, principal: Principal, jobId: string): Promise<boolean> {
  const [claim]: { token_id: string }[] = await practice.database.em
    .fork()
    .execute("select token_id from ai_claim where job_id = ?", [jobId]);
  return claim?.token_id === principal.actor.id;
}

const stageShare = { decode: [0, 0.1], speech: [0.1, 0.9], draft: [0.9, 1] } as const;

/** Shows progress on the tablets, in steps of a tenth so that it costs few records. */
export async function reportProgress(
  practice: Practice,
  job: ClaimedJob,
  { stage, done }: JobProgress,
): Promise<void> {
  const [from, to] = stageShare[stage];
  const progress = Math.floor((from + (to - from) * done) * 10) / 10;
  const em = practice.database.em.fork();
  const seen = await em.findOne(RecordingEntity, { id: job.recordingId });
  if (seen?.status !== "transcribing" || progress <= seen.progress) return;
  await practice.ledger.transact(async ({ em: writer, audit }) => {
    const recording = await lockRecording(writer, job.recordingId);
    if (recording?.status === "transcribing" && progress > recording.progress) recording.progress = progress;
    audit({
      actor: { type: "system", id: "jobs" },
      action: "job.progressed",
      outcome: "ok",
      resource: { type: "recording", id: job.recordingId },
    });
  });
}

/**
 * Stores transcript and draft in one transaction with their provenance. Idempotent: the transcript's id follows from the
 * recording, and a second completion (of a node that was thought dead) changes nothing.
 */
export async function completeTranscription(
  practice: Practice,
  principal: Principal,
  jobId: string,
  { transcript, draft, inputs }: JobCompletion,
  requestId: string,
): Promise<{ transcriptId: string }> {
  const job = await practice.jobs.find(jobId);
  if (!job) throw new DomainError("job_not_held");
  const id = transcriptIdOf(job.recordingId);
  const done = await practice.database.em.fork().findOne(TranscriptEntity, { id });
  if (done) return { transcriptId: id };
  if (!job.active || !(await holdsJob(practice, principal, jobId))) throw new DomainError("job_not_held");
  await practice.ledger.transact(async ({ em, audit }) => {
    const recording = await lockRecording(em, job.recordingId);
    if (!recording) throw new DomainError("missing_parent");
    if (digest(inputs) !== digest(recording.parts.map((part) => part.sha256)))
      throw new DomainError("checksum_mismatch");
    const row: TranscriptRow = {
      id,
      recordingId: recording.id,
      encounterId: recording.encounterId,
      patientId: recording.patientId,
      segments: transcript.segments,
      gaps: transcript.gaps,
      draft,
      model: transcript.model,
      audioSeconds: transcript.audioSeconds,
      wallSeconds: transcript.wallSeconds,
      createdAt: instantNow(),
    };
    const { segments: _s, gaps: _g, draft: _d, ...columns } = row;
    em.create(TranscriptEntity, { ...columns, sealed: await sealTranscript(practice, row) } as never);
    recording.status = "transcribed";
    recording.progress = 1;
    recording.failure = null;
    const provenance = {
      actor: principal.audit,
      onBehalfOf: recording.clinicianId,
      outcome: "ok" as const,
      patientId: recording.patientId,
      requestId,
    };
    audit({
      ...provenance,
      action: "transcript.created",
      resource: { type: "transcript", id },
      ai: {
        model: transcript.model.id,
        modelSha256: transcript.model.sha256,
        inputs: digest(inputs),
        output: digest(transcript.segments),
      },
    });
    audit({
      ...provenance,
      action: "draft.created",
      resource: { type: "transcript", id },
      ai: {
        engine: draft.engine.id,
        version: draft.engine.version,
        inputs: digest(transcript.segments),
        output: digest(draft.sections),
      },
    });
  });
  await practice.jobs.complete(jobId);
  return { transcriptId: id };
}

/**
 * No try is left: the failure becomes visible on the recording, with its reason. A node that says so itself gives a
 * better reason than the queue's later notice about the same job, so the first one stays.
 */
export async function abandonTranscription(
  practice: Practice,
  recordingId: string,
  code: string,
): Promise<void> {
  const seen = await practice.database.em.fork().findOne(RecordingEntity, { id: recordingId });
  if (seen?.status === "transcribed" || seen?.status === "failed") return;
  await practice.ledger.transact(async ({ em, audit }) => {
    const recording = await lockRecording(em, recordingId);
    if (recording && recording.status !== "transcribed" && recording.status !== "failed") {
      recording.status = "failed";
      recording.failure = code;
    }
    audit({
      actor: { type: "system", id: "jobs" },
      action: "transcript.failed",
      outcome: "error",
      reason: code,
      resource: { type: "recording", id: recordingId },
      ...(recording ? { patientId: recording.patientId } : {}),
    });
  });
}

/** The queue is in no backup: in a restored practice every recording that waits and has no job gets one. */
export const queueAfterRestore = (practice: Practice): Promise<void> =>
  practice.database.em.fork().transactional(async (em) => {
    const waiting: { id: string }[] = await em.execute(
      "select id from recording where status in ('stored', 'transcribing') for update",
    );
    const queued = await practice.jobs.unfinished(em);
    for (const { id } of waiting)
      if (!queued.has(id)) await practice.jobs.enqueue(em, { kind: "transcribe", recordingId: id });
  });
