import { rm } from "node:fs/promises";
import { join } from "node:path";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { idSchema } from "#domain/kernel/id.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import { storeWhenComplete } from "#server/recording/recording.completion.ts";
import { RecordingEntity, RecordingPartEntity } from "#server/recording/recording.entity.ts";

/** One part of a recording is one upload, always under the same name: repeating it is harmless. */
export interface UploadId {
  readonly recordingId: string;
  readonly part: number;
}

/** Largest upload of one part: 12 hours of sound with its sealing. */
const MAX_UPLOAD = 2_000_000_000;

export function parseUploadId(text: string): UploadId {
  const [recordingId = "", part = ""] = text.split(".");
  if (!idSchema.safeParse(recordingId).success || !/^\d{1,3}$/.test(part) || text.split(".").length !== 2)
    throw new DomainError("malformed_request", "upload id: must be <recordingId>.<part>");
  return { recordingId, part: Number(part) };
}

const uploadIdOf = (metadata: string | null): string => {
  const pair = (metadata ?? "").split(",").map((entry) => entry.trim().split(" "));
  const encoded = pair.find(([name]) => name === "id")?.[1];
  return encoded ? Buffer.from(encoded, "base64").toString() : "";
};

export interface Uploads {
  create(request: Request, principal: Principal): Promise<Response>;
  /** HEAD and PATCH. */
  resume(request: Request, principal: Principal, uploadId: string): Promise<Response>;
}

/** @param folder `uploads/` of the data folder: sealed frames that are still arriving */
export function createUploads(practice: Practice, folder: string): Uploads {
  const tus = new Server({
    path: "/api/recordings",
    datastore: new FileStore({ directory: folder }),
    maxSize: MAX_UPLOAD,
    relativeLocation: true,
    namingFunction: (request) => uploadIdOf(request.headers.get("upload-metadata")),
    async onUploadFinish(_request, upload) {
      await importUpload(practice, join(folder, upload.id), parseUploadId(upload.id), upload.size ?? 0);
      return {};
    },
    onResponseError(_request, error) {
      if (error instanceof DomainError) return { status_code: error.status, body: error.code };
      return undefined;
    },
  });

  /** Only the person who made the recording may send its bytes, and only until every part is safe. */
  const authorize = async (principal: Principal, id: UploadId): Promise<RecordingEntity> => {
    const recording = await practice.database.em.fork().findOne(RecordingEntity, { id: id.recordingId });
    if (!recording) throw new DomainError("missing_parent", "recording.begin has not arrived yet");
    if (recording.clinicianId !== principal.actor.id) throw new DomainError("not_yours");
    return recording;
  };
  const durable = (id: UploadId) => practice.database.em.fork().findOne(RecordingPartEntity, { ...id });

  return {
    async create(request, principal) {
      const name = uploadIdOf(request.headers.get("upload-metadata"));
      const id = parseUploadId(name);
      const recording = await authorize(principal, id);
      const stored = await durable(id);
      if (stored) return finished(201, stored.sealedBytes, `/api/recordings/${name}`);
      if (recording.status !== "recording" && recording.status !== "captured")
        throw new DomainError("recording_closed");
      return noStore(await tus.handleWeb(request));
    },
    async resume(request, principal, name) {
      const id = parseUploadId(name);
      await authorize(principal, id);
      const stored = await durable(id);
      if (stored && request.method === "HEAD") return finished(200, stored.sealedBytes);
      if (stored) throw new DomainError("recording_closed");
      return noStore(await tus.handleWeb(request));
    },
  };
}

const noStore = (response: Response): Response => {
  response.headers.set("cache-control", "no-store");
  return response;
};

const finished = (status: number, size: number, location?: string): Response =>
  new Response(null, {
    status,
    headers: {
      "tus-resumable": "1.0.0",
      "upload-offset": String(size),
      "upload-length": String(size),
      "cache-control": "no-store",
      ...(location ? { location } : {}),
    },
  });

/** Unseals a finished upload, stores it at rest and says so in the ledger; a damaged one is dropped, to be sent again. */
async function importUpload(
  practice: Practice,
  uploaded: string,
  id: UploadId,
  sealedBytes: number,
): Promise<void> {
  const recording = await practice.database.em.fork().findOneOrFail(RecordingEntity, { id: id.recordingId });
  const visitKey = await practice.keys.visitKey(recording.encounterId);
  if (!visitKey) throw new DomainError("recording_closed");
  const contentKey = await practice.keys.openFromTablet(recording.sealedKey);
  try {
    const stored = await practice.recordings.importPart({
      uploaded,
      ...id,
      startedAt: recording.startedAt,
      contentKey,
      visitKey,
    });
    await practice.ledger.transact(async (tx) => {
      tx.em.create(RecordingPartEntity, { ...id, ...stored, sealedBytes, storedAt: instantNow() });
      await tx.em.flush();
      tx.audit({
        actor: { type: "user", id: recording.clinicianId, deviceId: recording.deviceId },
        action: "recording.part_stored",
        outcome: "ok",
        resource: { type: "recording", id: id.recordingId },
        patientId: recording.patientId,
        after: stored.sha256,
      });
      await storeWhenComplete(practice, tx, id.recordingId);
    });
  } finally {
    await rm(uploaded, { force: true });
    await rm(`${uploaded}.json`, { force: true });
  }
}
