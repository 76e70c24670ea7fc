import { Readable } from "node:stream";
import * as z from "zod";
import { streams } from "#domain/access/scope.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { type Route, route } from "#server/http/route.ts";
import { partAtRest, RecordingEntity } from "#server/recording/recording.entity.ts";
import { scopeNow } from "#server/sync/scope-now.ts";
import type { Uploads } from "./uploads.ts";

const uploadParams = z.strictObject({ upload: z.string().max(60) });
const capabilities = {
  "tus-resumable": "1.0.0",
  "tus-version": "1.0.0",
  "tus-extension": "creation",
  "cache-control": "no-store",
};

/** The tus 1.0 endpoints and the listening endpoint. */
export const recordingRoutes = (uploads: Uploads): Route[] => [
  route({
    method: "options",
    path: "/api/recordings",
    summary: "What the upload protocol offers (tus 1.0)",
    permission: "ai:record",
    audit: { none: "describes the protocol only" },
    response: "bytes",
    handle: async () => new Response(null, { status: 204, headers: capabilities }),
  }),
  route({
    method: "post",
    path: "/api/recordings",
    summary: "Create the upload of one part; metadata `id` is <recordingId>.<part> (tus 1.0)",
    permission: "ai:record",
    proof: "device-or-bearer",
    audit: { none: "recorded as recording.part_stored once its bytes are durable" },
    response: "bytes",
    handle: (context) => uploads.create(context.request, context),
  }),
  route({
    method: "head",
    path: "/api/recordings/{upload}",
    about: "recording",
    summary: "How much of a part has arrived (tus 1.0)",
    permission: "ai:record",
    proof: "device-or-bearer",
    audit: { none: "tells an offset to the one who uploads" },
    params: uploadParams,
    response: "bytes",
    handle: (context) => uploads.resume(context.request, context, context.params.upload),
  }),
  route({
    method: "patch",
    path: "/api/recordings/{upload}",
    about: "recording",
    summary: "Send sealed bytes of a part (tus 1.0)",
    permission: "ai:record",
    proof: "device-or-bearer",
    audit: "recording.part_stored",
    params: uploadParams,
    response: "bytes",
    handle: (context) => uploads.resume(context.request, context, context.params.upload),
  }),
  route({
    method: "get",
    path: "/api/recordings/{id}/audio",
    about: "recording",
    summary: "Listen to a part of a recording whose chart the caller may open",
    permission: "ai:read",
    audit: "recording.listened",
    params: z.strictObject({ id: idSchema }),
    query: z.strictObject({ part: z.coerce.number().int().min(0).max(999).default(0) }),
    response: "bytes",
    handle: async ({ practice, principal, requestId, params, query }) => {
      const em = practice.database.em.fork();
      const recording = await em.findOne(RecordingEntity, { id: params.id });
      if (!recording) throw new DomainError("not_found");
      const chart = streams.chart(recording.patientId);
      if (!(await scopeNow(practice, principal, [chart], em)).includes(chart))
        throw new DomainError("forbidden");
      const key = await practice.keys.visitKey(recording.encounterId);
      if (!key) throw new DomainError("not_found");
      const bytes = await practice.recordings.readPart(partAtRest(recording, query.part), key);
      await practice.ledger.record({
        actor: principal.audit,
        action: "recording.listened",
        outcome: "ok",
        resource: { type: "recording", id: recording.id },
        patientId: recording.patientId,
        requestId,
      });
      const mime =
        recording.parts.find((part) => part.part === query.part)?.mime ?? "application/octet-stream";
      return new Response(Readable.toWeb(bytes) as ReadableStream, {
        headers: { "content-type": mime, "cache-control": "no-store" },
      });
    },
  }),
];
