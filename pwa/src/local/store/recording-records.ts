import type { Gap, RecordingPart } from "#domain/recording/index.ts";
import type { Sealed } from "../keys/aes.ts";

/** A part as far as the tablet knows it; `done` holds what `recording.complete` will say about it. */
export interface LocalPart {
  readonly part: number;
  readonly mime: RecordingPart["mime"];
  /** Seconds from the recording's start. */
  readonly startOffset: number;
  readonly done: RecordingPart | null;
  /** Where tus goes on; null before the upload was created. */
  readonly uploadUrl: string | null;
  readonly uploaded: boolean;
}

/**
 * A recording on this tablet. Whose visit it is lies sealed; the rest says only that somebody recorded.
 * `open` while sound is taken (or was, when the tablet died) · `stopped` all parts closed, not yet told to the clinic ·
 * `complete` the mutation is in the outbox.
 */
export interface RecordingRecord {
  readonly id: string;
  readonly user: string;
  readonly practice: string;
  readonly state: "open" | "stopped" | "complete";
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Whether `recording.begin` is in the outbox. */
  readonly begun: boolean;
  /** The capture whose sound it is, as the clinic knows it; null for a visit's. */
  readonly captureId: string | null;
  /** Patient, encounter, consent and the key sealed to the clinic ({@link Visit}), under the root key. */
  readonly visit: Sealed;
  /**
   * The content key under the root key: replay and playback. Null where only the clinic opens the sound: that of a capture,
   * and what was recorded before its author forgot a PIN.
   */
  readonly keyLocal: Sealed | null;
  readonly parts: readonly LocalPart[];
  readonly gaps: readonly Gap[];
}

/** Four seconds of sound. `jwe` is what is uploaded; nothing about it can be read without the content key. */
export interface ChunkRecord {
  readonly recording: string;
  readonly part: number;
  readonly chunk: number;
  readonly jwe: string;
  /** Plain bytes. */
  readonly bytes: number;
  /** Seconds of sound from the part's start to this chunk's end. */
  readonly until: number;
  /** SHA-256 of the part up to here, which a tablet that cannot open the sound has no other way to tell. */
  readonly soFar?: string;
}

/** A closed part whose sound the clinic does not have. */
export const partWaits = (part: LocalPart): boolean =>
  part.done !== null && part.done.bytes > 0 && !part.uploaded;

/** Whether something of it is still to reach the clinic: what the chip counts and the outbox page lists. */
export const recordingWaits = ({ state, parts }: RecordingRecord): boolean =>
  state === "open" || parts.some(partWaits);
