/** What can go wrong on the tablet itself. The screens translate the code; `message` is for the console only. */
export const localErrorCodes = [
  /** The change could not be written to this tablet's disk. The words are still only on the screen. */
  "not_saved",
  /** Needs an unlocked session. */
  "locked",
  /** The PIN is not right. */
  "wrong_pin",
  /** Too many wrong PINs: `retryAt` says when the next try is looked at. */
  "pin_wait",
  /** A PIN or passphrase needs at least 8 characters. */
  "pin_too_short",
  /** A PIN that is tried first: `11111111`, `12345678`, `12341234`. */
  "pin_guessable",
  /** Emergency access was used as often, or is as late, as it may be without the clinic. */
  "no_emergency",
  /** The person or the browser gave no passkey, or one that does not open this tablet. */
  "no_passkey",
  /** The clinic's server did not answer (or something that is not the clinic did). */
  "offline",
  /** Another tab of this browser works with the records. */
  "elsewhere",
  /** No such user on this tablet. */
  "unknown_user",
  /** The clinic does not let this session read any more. */
  "session_ended",
  /** The microphone is missing or was refused. */
  "no_microphone",
  /** Too little room on the tablet to start a recording. */
  "no_room",
  /** Another recording is running. */
  "already_recording",
  /** The note that is recorded for has its sound already: it would be written over. */
  "recorded_before",
  /** The audio is neither on this tablet nor reachable at the clinic. */
  "no_audio",
  /** The browser threw this tablet's store away while the page was open. */
  "store_lost",
  /** The clinic's audit log got shorter or different since this tablet last saw it: nothing is taken from it. */
  "history_refused",
  /** What was read back from the disk was changed or damaged. */
  "damaged",
] as const;
export type LocalErrorCode = (typeof localErrorCodes)[number];

export class LocalError extends Error {
  readonly code: LocalErrorCode;
  /** Milliseconds since the epoch, for `pin_wait`. */
  readonly retryAt: number | null;

  constructor(code: LocalErrorCode, options: { retryAt?: number; cause?: unknown } = {}) {
    super(code, { cause: options.cause });
    this.name = "LocalError";
    this.code = code;
    this.retryAt = options.retryAt ?? null;
  }
}
