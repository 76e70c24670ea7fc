import { after, monotonic } from "#domain/kernel/clock.ts";
import { createValue, type Value } from "../local/value.ts";

/** Why somebody is asked whether the recording is meant to go on (C05). */
export type StillReason = "silence" | "another-patient" | "next-visit";

/** Milliseconds without speech after which the question is asked. */
export const LONG_SILENCE = 3 * 60_000;
/** Loudness from which a sound counts as speech, 0…1 on the meter's scale (about −36 dB). */
export const SPEECH = 0.4;

/**
 * Whether somebody came to a room since the recording began who is neither recorded nor on the screen. `known` are the
 * visits that were in a room before; null = the recording has only just begun, and whoever is in a room is no news.
 */
export const nextPatientCame = (
  known: ReadonlySet<string> | null,
  roomed: readonly { readonly id: string; readonly patientId: string }[],
  others: readonly (string | null)[],
): boolean =>
  known !== null && roomed.some(({ id, patientId }) => !known.has(id) && !others.includes(patientId));

/**
 * Watches a running recording and asks "Still recording?" when it may have been forgotten. It only ever asks: nothing
 * stops by itself, and the question stands until it is answered or its reason is gone.
 */
export class StillRecording {
  readonly #question = createValue<StillReason | null>(null);
  #listening = false;
  /** `monotonic()` of the last speech, or of the start or answer since which silence counts. */
  #since = 0;
  #cancel = () => {};

  get question(): Value<StillReason | null> {
    return this.#question;
  }

  /** Whether sound is being taken now; a pause or the end of the recording takes the question away. */
  listen(on: boolean): void {
    if (on === this.#listening) return;
    this.#listening = on;
    this.#question.set(null);
    this.#cancel();
    if (on) this.#restart();
  }

  /** How loud it is now. */
  hear(level: number): void {
    if (level >= SPEECH) this.#since = monotonic();
  }

  ask(reason: StillReason): void {
    if (this.#listening) this.#question.set(reason);
  }

  /** The reason is gone before anybody answered. */
  withdraw(reason: StillReason): void {
    if (this.#question.get() === reason) this.#question.set(null);
  }

  /** "Keep recording": asked again only for a new reason, or after another long silence. */
  keep(): void {
    this.#question.set(null);
    this.#cancel();
    if (this.#listening) this.#restart();
  }

  close(): void {
    this.listen(false);
  }

  #restart(): void {
    this.#since = monotonic();
    this.#wait(LONG_SILENCE);
  }

  #wait(milliseconds: number): void {
    this.#cancel = after(milliseconds, () => {
      const silent = monotonic() - this.#since;
      if (silent < LONG_SILENCE) return this.#wait(LONG_SILENCE - silent);
      // A question that stands already is about more than the silence.
      if (this.#question.get() === null) this.ask("silence");
      this.#wait(LONG_SILENCE);
    });
  }
}
