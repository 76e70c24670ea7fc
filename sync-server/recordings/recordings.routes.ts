import { Readable } from "node:stream";
import * as z from "zod";
import { DomainError } from "#domain/errors/catalog.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { assertChartOpen, underGlass } from "#server/chart/index.ts";
import { type Route, route } from "#server/http/route.ts";
import { partAtRest } from "#server/recording/recording.entity.ts";
import { scopeNow } from "#server/sync/scope-now.ts";
import { findSound } from "./sound.ts";
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
      const sound = await findSound(em, params.id);
      if (!sound) throw new DomainError("not_found");
      const { keyOf: encounterId, startedAt, patientId, stream } = sound;
      if (stream === null || !(await scopeNow(practice, principal, [stream], em)).includes(stream))
        throw new DomainError("forbidden");
      const { actor, session } = principal;
      const glass =
        patientId && actor.type === "user"
          ? await assertChartOpen(em, { ...actor, deviceId: session?.deviceId ?? null }, patientId)
          : null;
      const key = await practice.keys.visitKey(encounterId);
      if (!key) throw new DomainError("not_found");
      const at = partAtRest({ id: sound.id, startedAt, encounterId }, query.part);
      const bytes = await practice.recordings.readPart(at, key);
      await practice.ledger.record({
        actor: principal.audit,
        action: "recording.listened",
        outcome: "ok",
        resource: sound.of,
        ...(patientId && { patientId }),
        ...underGlass(glass),
        requestId,
      });
      const mime = sound.parts.find(({ part }) => part === query.part)?.mime ?? "application/octet-stream";
      return new Response(Readable.toWeb(bytes) as ReadableStream, {
        headers: { "content-type": mime, "cache-control": "no-store" },
      });
    },
  }),
];
