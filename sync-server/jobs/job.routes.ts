import { Readable } from "node:stream";
import * as z from "zod";
import {
  aiJobSchema,
  claimSchema,
  completionSchema,
  failureSchema,
  MAX_COMPLETION_BYTES,
  nodeHeartbeatSchema,
  progressSchema,
} from "#domain/ai/job.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { type Route, type RouteContext, route } from "#server/http/route.ts";
import { partAtRest, RecordingEntity } from "#server/recording/recording.entity.ts";
import {
  abandonTranscription,
  claimTranscription,
  completeTranscription,
  holdsJob,
  reportProgress,
} from "./transcription.ts";
import { waitForJob } from "./wait-for-job.ts";

const jobParams = z.strictObject({ id: idSchema });

/** The job as its node holds it. @throws {DomainError} job_not_held */
async function heldJob({ practice, principal }: RouteContext, id: string) {
  const job = await practice.jobs.find(id);
  if (!job?.active || !(await holdsJob(practice, principal, id))) throw new DomainError("job_not_held");
  return job;
}

export const jobRoutes: Route[] = [
  route({
    method: "post",
    path: "/api/ai/nodes/heartbeat",
    summary: "An AI node says what it is and that it is alive",
    permission: "ai:work",
    audit: { none: "operational state without clinical content" },
    body: nodeHeartbeatSchema,
    handle: async ({ practice, principal, body }) => {
      await practice.database.em.fork().execute(
        `insert into ai_node(id, token_id, name, version, device, models, history_fault, last_heartbeat_at)
         values (?, ?, ?, ?, ?, ?::jsonb, ?, ?)
         on conflict (id) do update set token_id = excluded.token_id, name = excluded.name, version = excluded.version,
           device = excluded.device, models = excluded.models, history_fault = excluded.history_fault,
           last_heartbeat_at = excluded.last_heartbeat_at`,
        [
          body.nodeId,
          principal.actor.id,
          body.name,
          body.version,
          body.device,
          JSON.stringify(body.models),
          body.historyFault,
          instantNow(),
        ],
      );
    },
  }),
  route({
    method: "post",
    path: "/api/ai/jobs/claim",
    summary: "Take a waiting job; waits for one as long as asked",
    permission: "ai:work",
    audit: "job.claimed",
    body: claimSchema,
    response: aiJobSchema,
    handle: async ({ practice, principal, request, body, requestId }) => {
      const job = await waitForJob(practice, principal, body.kinds, body.waitSeconds, request.signal);
      return job ? claimTranscription(practice, principal, job, requestId) : undefined;
    },
  }),
  route({
    method: "get",
    path: "/api/ai/jobs/{id}/audio",
    about: "job",
    summary: "The plain bytes of one part of the job's recording",
    permission: "ai:work",
    audit: { none: "covered by job.claimed, which names the recording" },
    params: jobParams,
    query: z.strictObject({ part: z.coerce.number().int().min(0).max(999) }),
    response: "bytes",
    handle: async (context) => {
      const { practice, params, query } = context;
      const job = await heldJob(context, params.id);
      const recording = await practice.database.em.fork().findOne(RecordingEntity, { id: job.recordingId });
      const key = recording && (await practice.keys.visitKey(recording.encounterId));
      if (!recording || !key) throw new DomainError("not_found");
      const bytes = await practice.recordings.readPart(partAtRest(recording, query.part), key);
      return new Response(Readable.toWeb(bytes) as ReadableStream, {
        headers: { "content-type": "application/octet-stream", "cache-control": "no-store" },
      });
    },
  }),
  route({
    method: "post",
    path: "/api/ai/jobs/{id}/heartbeat",
    about: "job",
    summary: "Keep a job",
    permission: "ai:work",
    audit: { none: "operational state" },
    params: jobParams,
    body: z.strictObject({}),
    handle: async (context) => {
      await heldJob(context, context.params.id);
      if (!(await context.practice.jobs.touch(context.params.id))) throw new DomainError("job_not_held");
    },
  }),
  route({
    method: "post",
    path: "/api/ai/jobs/{id}/progress",
    about: "job",
    summary: "Say how far a job is",
    permission: "ai:work",
    audit: { none: "operational state" },
    params: jobParams,
    body: progressSchema,
    handle: async (context) => {
      const job = await heldJob(context, context.params.id);
      await context.practice.jobs.touch(job.id);
      await reportProgress(context.practice, job, context.body);
    },
  }),
  route({
    method: "post",
    path: "/api/ai/jobs/{id}/complete",
    about: "job",
    summary: "Return transcript and draft; finishing twice gives one result",
    permission: "ai:work",
    audit: "transcript.created",
    params: jobParams,
    body: completionSchema,
    limit: MAX_COMPLETION_BYTES,
    response: z.object({ transcriptId: idSchema }),
    handle: ({ practice, principal, params, body, requestId }) =>
      completeTranscription(practice, principal, params.id, body, requestId),
  }),
  route({
    method: "post",
    path: "/api/ai/jobs/{id}/fail",
    about: "job",
    summary: "Give a job back with a reason",
    permission: "ai:work",
    audit: "transcript.failed",
    params: jobParams,
    body: failureSchema,
    handle: async (context) => {
      const { practice, body } = context;
      const job = await heldJob(context, context.params.id);
      const { last } = await practice.jobs.fail(job.id, body);
      practice.log.warn({ job: job.id, code: body.code, last }, "AI job failed");
      if (last) await abandonTranscription(practice, job.recordingId, body.code);
    },
  }),
];
