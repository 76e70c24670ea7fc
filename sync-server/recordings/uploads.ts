import { rm } from "node:fs/promises";
import { join } from "node:path";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";
import { DomainError, type ErrorCode } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { idSchema } from "#domain/kernel/id.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { RouteContext } from "#server/http/route.ts";
import type { Practice } from "#server/practice/practice.ts";
import { partAtRest } from "#server/recording/recording.entity.ts";
import { dropLeftovers } from "#server/recording/recording.leftovers.ts";
import { findSound, keepPart, type Sound, storedPart } from "./sound.ts";

/** One part of a recording is one upload, always under the same name: repeating it is harmless. */
export interface UploadId {
  readonly recordingId: string;
  readonly part: number;
}

/** Largest upload of one part: 12 hours of sound with its sealing. */
const MAX_UPLOAD = 2_000_000_000;

export function parseUploadId(text: string): UploadId {
  const [recordingId = "", part = ""] = text.split(".");
  if (
    !idSchema.safeParse(recordingId).success ||
    !/^(?:0|[1-9]\d{0,2})$/.test(part) ||
    text.split(".").length !== 2
  )
    throw new DomainError("malformed_request", "upload id: must be <recordingId>.<part>");
  return { recordingId, part: Number(part) };
}

const uploadIdOf = (metadata: string | null): string => {
  const pair = (metadata ?? "").split(",").map((entry) => entry.trim().split(" "));
  const encoded = pair.find(([name]) => name === "id")?.[1];
  return encoded ? Buffer.from(encoded, "base64").toString() : "";
};

/** Who sends: the person who recorded, or the device it was recorded on while its person is locked out. */
export type Sender = Pick<RouteContext, "principal" | "deviceId" | "requestId">;

export interface Uploads {
  create(request: Request, sender: Sender): Promise<Response>;
  /** HEAD and PATCH. */
  resume(request: Request, sender: Sender, uploadId: string): Promise<Response>;
}

/** @param folder `uploads/` of the data folder: sealed frames that are still arriving */
export function createUploads(practice: Practice, folder: string): Uploads {
  const senders = new Map<string, Sender>();
  const failures = new WeakMap<Request, unknown>();
  const importing = new Map<string, Promise<void>>();
  const store = new FileStore({ directory: folder });

  /** At most one import of an upload at a time; whoever comes second waits for the first. */
  const importOnce = (name: string, size: number, sender: Sender): Promise<void> => {
    const running =
      importing.get(name) ??
      importUpload(practice, join(folder, name), parseUploadId(name), size, sender).finally(() =>
        importing.delete(name),
      );
    importing.set(name, running);
    return running;
  };
  const tus = new Server({
    path: "/api/recordings",
    datastore: store,
    maxSize: MAX_UPLOAD,
    relativeLocation: true,
    namingFunction: (request) => uploadIdOf(request.headers.get("upload-metadata")),
    async onUploadFinish(_request, upload) {
      await importOnce(upload.id, upload.size ?? 0, senders.get(upload.id)!);
      return {};
    },
    onResponseError(request, error) {
      failures.set(request as Request, error);
      return undefined;
    },
  });

  /** The protocol library answers in plain text; every refusal of this server is a problem with a code. */
  const speakTus = async (request: Request, name: string, sender: Sender): Promise<Response> => {
    senders.set(name, sender);
    const response = await tus.handleWeb(request).finally(() => senders.delete(name));
    if (response.status >= 400) {
      const failure = failures.get(request);
      if (failure instanceof Error) throw failure;
      const isBusy = /\block\b/.test(String((failure as { body?: unknown } | undefined)?.body));
      throw new DomainError(isBusy ? "upload_busy" : problemOfStatus(response.status));
    }
    for (const header of [...response.headers.keys()])
      if (header.startsWith("access-control-")) response.headers.delete(header);
    response.headers.set("cache-control", "no-store");
    return response;
  };

  /** Only who made the recording may send its bytes, and only until every part is safe. */
  const authorize = async ({ principal, deviceId }: Sender, id: UploadId): Promise<Sound> => {
    const sound = await findSound(practice.database.em.fork(), id.recordingId);
    if (!sound) throw new DomainError("missing_parent", "recording.begin has not arrived yet");
    const own = deviceId ? sound.deviceId === deviceId : sound.authorId === principal.actor.id;
    if (!own) throw new DomainError("not_yours");
    return sound;
  };
  const durable = (id: UploadId) => storedPart(practice.database.em.fork(), id);
  const assertOpen = ({ open }: Sound) => {
    if (!open) throw new DomainError("recording_closed");
  };
  /** A crash may have come between the last byte and the import. */
  const arrivedSize = async (name: string): Promise<number | null> => {
    const upload = await store.getUpload(name).catch(() => null);
    return upload?.size !== undefined && upload.offset === upload.size ? upload.size : null;
  };

  return {
    async create(request, sender) {
      const name = uploadIdOf(request.headers.get("upload-metadata"));
      const id = parseUploadId(name);
      const sound = await authorize(sender, id);
      const stored = await durable(id);
      if (stored) return finished(201, stored.sealedBytes, `/api/recordings/${name}`);
      assertOpen(sound);
      return speakTus(request, name, sender);
    },
    async resume(request, sender, name) {
      const id = parseUploadId(name);
      const sound = await authorize(sender, id);
      const stored = await durable(id);
      if (stored && request.method === "HEAD") return finished(200, stored.sealedBytes);
      if (stored) throw new DomainError("recording_closed");
      assertOpen(sound);
      const arrived = request.method === "HEAD" ? await arrivedSize(name) : null;
      if (arrived === null) return speakTus(request, name, sender);
      await importOnce(name, arrived, sender);
      return finished(200, arrived);
    },
  };
}

/** What a refusal by the protocol library means here. */
function problemOfStatus(status: number): ErrorCode {
  if (status === 404 || status === 410) return "not_found";
  if (status === 409) return "upload_offset_wrong";
  if (status === 413) return "payload_too_large";
  if (status === 415) return "unsupported_media_type";
  if (status === 423) return "upload_busy";
  // 501 is a part of the protocol that is not offered.
  return status >= 500 && status !== 501 ? "internal_error" : "malformed_request";
}

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

/**
 * It may have gone to another visit (C05), or to its first one, while this part was being unsealed for where it was: the
 * part follows under that visit's key, or nobody could open it any more.
 */
async function followMove(
  practice: Practice,
  tx: LedgerTransaction,
  before: Sound,
  part: number,
  oldKey: Uint8Array,
): Promise<Sound> {
  const now = await findSound(tx.em, before.id, { lock: true });
  if (!now) throw new DomainError("missing_parent");
  if (now.keyOf === before.keyOf) return now;
  const visitKey = await practice.keys.visitKey(now.keyOf);
  if (!visitKey) throw new DomainError("recording_closed");
  const { id, startedAt, keyOf } = before;
  await practice.recordings.resealPart(partAtRest({ id, startedAt, encounterId: keyOf }, part), oldKey, {
    encounterId: now.keyOf,
    visitKey,
  });
  tx.afterCommit(() => dropLeftovers(practice, now.id, [part]));
  return now;
}

/** Unseals a finished upload, stores it at rest and says so in the ledger; a damaged one is dropped, to be sent again. */
async function importUpload(
  practice: Practice,
  uploaded: string,
  id: UploadId,
  sealedBytes: number,
  { principal, deviceId, requestId }: Sender,
): Promise<void> {
  const sound = await findSound(practice.database.em.fork(), id.recordingId);
  const visitKey = sound && (await practice.keys.visitKey(sound.keyOf));
  if (!visitKey) throw new DomainError("recording_closed");
  const contentKey = await practice.keys.openFromTablet(sound.sealedKey);
  try {
    const stored = await practice.recordings.importPart({
      uploaded,
      ...id,
      startedAt: sound.startedAt,
      contentKey,
      visitKey,
    });
    await practice.ledger.transact(async (tx) => {
      const now = await followMove(practice, tx, sound, id.part, visitKey);
      const { of: resource, patientId } = now;
      await keepPart(practice, tx, now, { ...stored, part: id.part, sealedBytes, storedAt: instantNow() });
      tx.audit({
        actor: principal.audit,
        ...(deviceId ? { onBehalfOf: sound.authorId } : {}),
        requestId,
        action: "recording.part_stored",
        outcome: "ok",
        resource,
        ...(patientId && { patientId }),
        after: stored.sha256,
      });
    });
  } finally {
    await rm(uploaded, { force: true });
    await rm(`${uploaded}.json`, { force: true });
  }
}
