import type { RecordingPart } from "#domain/recording/index.ts";
import type { Bytes } from "../local/keys/aes.ts";
import type { Playback } from "../local/local.ts";
import { LocalError } from "../local/local-error.ts";
import { createValue } from "../local/value.ts";
import type { Sound, Speaker } from "./devices.ts";

const silent: Playback = { state: "idle", recordingId: null, start: 0, end: 0, last: null };

export interface PlayerOptions {
  readonly speaker: Speaker;
  /** The recording's parts, from this tablet or from the chart. */
  readonly parts: (recordingId: string) => Promise<readonly RecordingPart[]>;
  /** A part's plain bytes. @throws {LocalError} no_audio */
  readonly bytes: (recordingId: string, part: number) => Promise<Bytes>;
}

/**
 * Plays what was said. A part is decoded whole, because MediaRecorder's WebM has no index to jump by, and the last one
 * stays decoded for the next sentence. Dropped at lock.
 */
export class Player {
  readonly #options: PlayerOptions;
  readonly state = createValue<Playback>(silent);
  #decoded: { readonly key: string; readonly sound: Sound } | null = null;
  #turn = 0;

  constructor(options: PlayerOptions) {
    this.#options = options;
  }

  /** @throws {LocalError} no_audio */
  async play(recordingId: string, start: number, end: number): Promise<void> {
    this.stop();
    const turn = ++this.#turn;
    const { last } = this.state.get();
    this.state.set({ state: "loading", recordingId, start, end, last });
    try {
      const spans = spansOf(await this.#options.parts(recordingId), start, end);
      if (spans.length === 0) throw new LocalError("no_audio");
      for (const span of spans) {
        const sound = await this.#sound(recordingId, span.part);
        if (turn !== this.#turn) return;
        this.state.set({ state: "playing", recordingId, start, end, last: { recordingId, start, end } });
        await sound.play(span.from, span.to);
        if (turn !== this.#turn) return;
      }
      this.state.set({ ...silent, last: this.state.get().last });
    } catch (error) {
      if (turn !== this.#turn) return;
      this.state.set({ state: "failed", recordingId, start, end, last });
      throw error instanceof LocalError ? error : new LocalError("no_audio", { cause: error });
    }
  }

  stop(): void {
    this.#turn++;
    this.#decoded?.sound.stop();
    if (this.state.get().state !== "idle") this.state.set({ ...silent, last: this.state.get().last });
  }

  /** Forgets the decoded sound. */
  drop(): void {
    this.stop();
    this.#decoded = null;
  }

  async #sound(recordingId: string, part: number): Promise<Sound> {
    const key = `${recordingId}.${part}`;
    if (this.#decoded?.key === key) return this.#decoded.sound;
    this.#decoded = null;
    const sound = await this.#options.speaker(await this.#options.bytes(recordingId, part));
    this.#decoded = { key, sound };
    return sound;
  }
}

/** Which seconds of which parts make up `start`…`end` of a recording. */
export function spansOf(
  parts: readonly RecordingPart[],
  start: number,
  end: number,
): { part: number; from: number; to: number }[] {
  return parts
    .map(({ part, startOffset, seconds }) => ({
      part,
      from: Math.max(0, start - startOffset),
      to: Math.min(seconds, end - startOffset),
    }))
    .filter(({ from, to }) => to > from);
}
