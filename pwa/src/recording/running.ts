import type { Gap } from "#domain/recording/index.ts";
import type { RecorderState, RecorderView } from "../local/local.ts";
import type { LocalPart } from "../local/store/recording-records.ts";
import type { PartWriter } from "./chunks.ts";
import type { Capture } from "./devices.ts";

/** A recording that is being made, as the recorder holds it in memory. */
export interface Running {
  readonly id: string;
  /** Null for a capture, of which nobody knows it yet. */
  readonly encounterId: string | null;
  readonly patientId: string | null;
  readonly startedAt: string;
  /** `monotonic()` at the recording's start. */
  readonly zero: number;
  /** Can only seal: this is all that a lock leaves in memory. */
  readonly key: CryptoKey;
  parts: LocalPart[];
  gaps: Gap[];
  recorded: number;
  /** The disk refused what the record says of its parts: said again with the next slice. */
  unsaved: boolean;
  /** The part being taken; null while paused. */
  taking: Taking | null;
  /** Since when nothing is taken, and why. */
  silence: { readonly start: number; readonly reason: Gap["reason"] } | null;
}

export interface Taking {
  readonly capture: Capture;
  readonly writer: PartWriter;
  readonly part: LocalPart;
  /** Writes of slices, one after the other. */
  written: Promise<void>;
}

/** What is shown while nothing is recorded. */
export const idle = {
  state: "idle" as RecorderState,
  recordingId: null,
  encounterId: null,
  patientId: null,
  startedAt: null,
  elapsed: 0,
  recorded: 0,
  gaps: [] as readonly Gap[],
  problem: null,
  interrupted: [] as RecorderView["interrupted"],
};

export const gapEnd = (silence: NonNullable<Running["silence"]>, end: number): Gap => ({
  start: silence.start,
  end: Math.max(silence.start, end),
  reason: silence.reason,
});

export const uploadOf = (part: LocalPart | undefined) =>
  part ? { uploadUrl: part.uploadUrl, uploaded: part.uploaded } : {};
