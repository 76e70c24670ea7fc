import { after } from "#domain/kernel/clock.ts";
import { type DeviceIdentity, deviceProof } from "../local/keys/device-identity.ts";
import { type LocalDatabase, withReconnect } from "../local/store/database.ts";
import type { LocalPart, RecordingRecord } from "../local/store/recording-records.ts";
import { backoff } from "../local/sync/backoff.ts";
import { createValue } from "../local/value.ts";
import { changeRecord } from "./archive.ts";
import { frames, readChunks } from "./chunks.ts";

/** Sends one part's frames and resolves when the clinic has all of them. `url` is where an earlier try left off. */
export type SendPart = (
  frames: Blob,
  options: {
    readonly id: string;
    readonly url: string | null;
    readonly onUrl: (url: string) => void;
    readonly authorize: (method: string, url: string) => Promise<string>;
  },
) => Promise<void>;

/** The tus protocol: an interrupted upload goes on where it stopped, after a restart too. */
export const sendByTus: SendPart = async (blob, { id, url, onUrl, authorize }) => {
  const { Upload } = await import("tus-js-client");
  await new Promise<void>((resolve, reject) => {
    const upload = new Upload(blob, {
      endpoint: "/api/recordings",
      uploadUrl: url,
      metadata: { id },
      chunkSize: 4 * 1024 * 1024,
      retryDelays: [1000, 3000, 5000],
      storeFingerprintForResuming: false,
      onBeforeRequest: async (request) => {
        request.setHeader("Authorization", await authorize(request.getMethod(), request.getURL()));
      },
      onUploadUrlAvailable: () => {
        if (upload.url) onUrl(upload.url);
      },
      onSuccess: () => resolve(),
      onError: reject,
    });
    upload.start();
  });
};

export interface UploaderOptions {
  readonly database: LocalDatabase;
  readonly send: SendPart;
  readonly origin: string;
  readonly device: () => DeviceIdentity;
  /** `Bearer …` while somebody is signed in, else null: the device then speaks for itself. */
  readonly bearer: () => Promise<string | null>;
  /** Parts that are not at the clinic yet. */
  readonly onWaiting: (recordings: number) => void;
}

/**
 * Brings closed parts to the clinic, one at a time, oldest first, for as long as it takes. The sealed frames are sent as
 * they lie on the disk, so that it goes on while the tablet is locked.
 */
export class Uploader {
  readonly #options: UploaderOptions;
  /** The recording whose part is on its way. */
  readonly sending = createValue<string | null>(null);
  /** Changes whenever a part has arrived. */
  readonly arrived = createValue(0);
  #running = false;
  #failures = 0;
  #cancel = () => {};
  #closed = false;

  constructor(options: UploaderOptions) {
    this.#options = options;
  }

  /** Looks for work now. */
  async kick(): Promise<void> {
    if (this.#running || this.#closed) return;
    this.#running = true;
    this.#cancel();
    try {
      for (let next = await this.#next(); next && !this.#closed; next = await this.#next())
        await this.#send(next.record, next.part);
      this.#failures = 0;
    } catch {
      this.#cancel = after(backoff(this.#failures++), () => void this.kick());
    } finally {
      this.#running = false;
      this.sending.set(null);
    }
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  async #next(): Promise<{ record: RecordingRecord; part: LocalPart } | null> {
    const { database, onWaiting } = this.#options;
    const records = await withReconnect(database, () => database.recordings.toArray());
    const waits = (part: LocalPart) => part.done !== null && part.done.bytes > 0 && !part.uploaded;
    onWaiting(records.filter(({ state, parts }) => state === "open" || parts.some(waits)).length);
    // The clinic learns of a recording by `recording.begin`; before that it has no place for its sound.
    const ready = records.filter(({ begun }) => begun).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
    for (const record of ready) {
      const part = record.parts.find(waits);
      if (part) return { record, part };
    }
    return null;
  }

  async #send(record: RecordingRecord, part: LocalPart): Promise<void> {
    const { database, send, origin, device, bearer } = this.#options;
    this.sending.set(record.id);
    const change = (next: Partial<LocalPart>) =>
      changeRecord(database, record.id, (now) => ({
        ...now,
        parts: now.parts.map((one) => (one.part === part.part ? { ...one, ...next } : one)),
      }));
    await send(frames(await readChunks(database, record.id, part.part)), {
      id: `${record.id}.${part.part}`,
      url: part.uploadUrl,
      onUrl: (uploadUrl) => void change({ uploadUrl }),
      authorize: async (method, url) =>
        (await bearer().catch(() => null)) ??
        `Device ${await deviceProof(device(), {
          practiceId: record.practice,
          method,
          url: new URL(url, origin).href,
        })}`,
    });
    await change({ uploaded: true });
    this.arrived.update((count) => count + 1);
  }
}
