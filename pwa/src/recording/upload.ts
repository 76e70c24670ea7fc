import { after } from "#domain/kernel/clock.ts";
import { type DeviceIdentity, deviceProof } from "../local/keys/device-identity.ts";
import { LocalError } from "../local/local-error.ts";
import { type LocalDatabase, withReconnect } from "../local/store/database.ts";
import { type LocalPart, partWaits, type RecordingRecord } from "../local/store/recording-records.ts";
import { backoff } from "../local/sync/backoff.ts";
import { createValue } from "../local/value.ts";
import { changeRecord } from "./archive.ts";
import { frames, readChunks } from "./chunks.ts";

/** Sends one part's frames and resolves when the clinic has all of them. `url` is where an earlier try left off. */
export type SendPart = (
  frames: Blob,
  options: {
    readonly id: string;
    readonly endpoint: string;
    readonly url: string | null;
    readonly onUrl: (url: string) => void;
    readonly authorize: (method: string, url: string) => Promise<string>;
  },
) => Promise<void>;

/** The tus protocol: an interrupted upload goes on where it stopped, after a restart too. */
export const sendByTus: SendPart = async (blob, { id, endpoint, url, onUrl, authorize }) => {
  const { Upload } = await import("tus-js-client");
  await new Promise<void>((resolve, reject) => {
    const upload = new Upload(blob, {
      endpoint,
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
  /** Seconds this clock is ahead of the clinic's, as last seen. */
  readonly skew: () => number;
  /** `Bearer …` while this person is signed in, else null: the device then speaks for itself. */
  readonly bearer: (user: string) => Promise<string | null>;
  /** The clinic's history was refused: its sound is kept here. */
  readonly isRefused: () => Promise<boolean>;
}

interface Waiting {
  readonly record: RecordingRecord;
  readonly part: LocalPart;
}

const partName = ({ record, part }: Waiting): string => `${record.id}.${part.part}`;

/**
 * Brings closed parts to the clinic, one at a time, oldest first, for as long as it takes. The sealed frames are sent as
 * they lie on the disk, so that it goes on while the tablet is locked.
 */
export class Uploader {
  readonly #options: UploaderOptions;
  /** The recording whose part is on its way: the clinic has taken it up, it is not only being tried. */
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
    // One that fails does not hold up the others; it gets its turn again later.
    const failed = new Set<string>();
    try {
      for (let next = await this.#next(failed); next && !this.#closed; next = await this.#next(failed)) {
        const name = partName(next);
        await this.#send(next).catch(() => failed.add(name));
        this.sending.set(null);
      }
    } catch {
      failed.add("the disk");
    }
    this.#running = false;
    if (failed.size === 0) this.#failures = 0;
    else if (!this.#closed) this.#cancel = after(backoff(this.#failures++), () => void this.kick());
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  async #next(failed: ReadonlySet<string>): Promise<Waiting | null> {
    const { database, isRefused } = this.#options;
    if (await isRefused()) throw new LocalError("history_refused"); // looked at again later
    const records = await withReconnect(database, () => database.recordings.toArray());
    // The clinic learns of a recording by `recording.begin`; before that it has no place for its sound.
    const ready = records.filter(({ begun }) => begun).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
    for (const record of ready) {
      const part = record.parts.find((one) => partWaits(one) && !failed.has(partName({ record, part: one })));
      if (part) return { record, part };
    }
    return null;
  }

  async #send({ record, part }: Waiting): Promise<void> {
    const { database, send, origin, device, skew, bearer } = this.#options;
    const change = (next: Partial<LocalPart>) =>
      changeRecord(database, record.id, (now) => ({
        ...now,
        parts: now.parts.map((one) => (one.part === part.part ? { ...one, ...next } : one)),
      }));
    await send(frames(await readChunks(database, record.id, part.part)), {
      id: partName({ record, part }),
      endpoint: `${origin}/api/recordings`,
      url: part.uploadUrl,
      onUrl: (uploadUrl) => {
        this.sending.set(record.id);
        void change({ uploadUrl });
      },
      authorize: async (method, url) =>
        (await bearer(record.user).catch(() => null)) ??
        `Device ${await deviceProof(device(), {
          practiceId: record.practice,
          method,
          url: new URL(url, origin).href,
          skew: skew(),
        })}`,
    });
    await change({ uploaded: true });
    this.arrived.update((count) => count + 1);
  }
}
