import type { RecordingPart } from "#domain/recording/index.ts";

/** Sound being taken. Slices come about every four seconds. */
export interface Capture {
  readonly mime: RecordingPart["mime"];
  /** Loudness now, 0…1. */
  level(): number;
  /** Seconds of sound that really came in. Falls behind the clock while the tablet sleeps. */
  heard(): number;
  /** Ends it; the last slice comes before this resolves. */
  stop(): Promise<void>;
}

export interface CaptureEvents {
  /** Encoded bytes, and how many seconds of sound the part holds with them. */
  readonly onSlice: (bytes: Uint8Array<ArrayBuffer>, until: number) => void;
  /** The microphone went away (unplugged, taken by a call). */
  readonly onLost: () => void;
}

/** Opens the microphone. @throws {LocalError} no_microphone */
export type Microphone = (events: CaptureEvents) => Promise<Capture>;

/** Sound that can be played in stretches. */
export interface Sound {
  readonly seconds: number;
  /** Resolves when the stretch was heard or stopped. */
  play(start: number, end: number): Promise<void>;
  stop(): void;
}

/** Decodes a whole part. @throws when the bytes are not sound */
export type Speaker = (bytes: Uint8Array<ArrayBuffer>) => Promise<Sound>;
