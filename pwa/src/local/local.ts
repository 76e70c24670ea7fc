import type { ZodType } from "zod";
import type { Role } from "#domain/access/roles.ts";
import type { HistoryFault } from "#domain/audit/history-fault.ts";
import type { ClientMark } from "#domain/operations/dashboard.ts";
import type { MergeLinks } from "#domain/patient/index.ts";
import type { Companion, Gap } from "#domain/recording/index.ts";
import type { ArgsOf, CollectionName, MutationName, RowOf } from "#domain/registry.ts";
import type { MutationResult, PushedMutation, Restored } from "#domain/sync/protocol.ts";
import type { Session } from "#domain/sync/session.ts";
import type { MakePasskey } from "../session/passkeys.ts";
import type { DeviceWipe } from "./keys/device-identity.ts";
import type { KeptWords } from "./store/kept-words.ts";
import type { Replica } from "./sync/replica.ts";
import type { Value, WritableValue } from "./value.ts";

/**
 * Where the session stands.
 *
 * `starting` before the disk was read · `signed-out` nobody is known or chosen · `set-pin` first sign-in on this tablet ·
 * `locked` the PIN opens · `unlocked` · `expired` unlocked, but the offline time is over: nothing is shown, capture still
 * works · `emergency` the same, with today's list and the safety cards shown for a while (C23)
 * saves · `reauth` the clinic ended the session: ask for the password, keep what is on the screen underneath ·
 * `elsewhere` another tab works · `wiped` the clinic had everything destroyed that could be read here; what was not sent is
 * still delivered.
 */
export type SessionState =
  | "starting"
  | "signed-out"
  | "set-pin"
  | "locked"
  | "unlocked"
  | "expired"
  | "emergency"
  | "reauth"
  | "elsewhere"
  | "wiped";

export interface KnownUser {
  readonly id: string;
  readonly name: string;
  readonly username: string;
}

export interface SessionView {
  readonly state: SessionState;
  /** This browser profile, as the clinic knows it. */
  readonly deviceId: string | null;
  /** Who works, or whose PIN is asked for. `role` is the one worked in now. */
  readonly user: Session["user"] | null;
  readonly practice: Session["practice"] | null;
  /** Everybody with keys on this tablet, for quick switch. */
  readonly users: readonly KnownUser[];
  /** RFC 3339; null before the first sign-in. */
  readonly offlineUntil: string | null;
  /** Milliseconds since the epoch of the last PIN, for "signing needs an unlock of the last 15 minutes". */
  readonly unlockedAt: number | null;
  readonly wrongPins: number;
  /** Milliseconds since the epoch until which no PIN is looked at; null when none. */
  readonly pinWaitUntil: number | null;
  /** Credential ids of the passkeys that unlock this tablet for `user`. */
  readonly passkeys: readonly string[];
  /** An access token for the server is at hand (the session was confirmed since the last unlock). */
  readonly online: boolean;
  /** The clinic does not know this browser's session any more: work goes on, and a password sends it. */
  readonly signInWanted: boolean;
  /** The clinic said that this person has no access any more. */
  readonly accessEnded: boolean;
  /** What the clinic said of recovery codes; null where there is nothing to say. */
  readonly recovery: NonNullable<Session["recovery"]> | null;
  /** When the running emergency access ends (C23); RFC 3339. */
  readonly emergencyUntil: string | null;
  /** How many emergency accesses are left until the clinic answers. */
  readonly emergencyLeft: number;
  /** Null unless the clinic had this tablet wiped. */
  readonly wipe: DeviceWipe | null;
}

export interface SignInWords {
  readonly username: string;
  readonly password: string;
  readonly code?: string;
  readonly role?: Role;
}

export interface SessionActions {
  /** @throws {LocalError} offline · {ApiError} wrong_credentials, device_not_enrolled, too_many_requests … */
  signIn(words: SignInWords): Promise<void>;
  /** Whoever the passkey belongs to. @throws {LocalError} offline, no_passkey · {ApiError} passkey_refused … */
  signInByPasskey(): Promise<void>;
  /** Replaces a one-time password by the person's own; they sign in with it then. @throws {ApiError} weak_password … */
  choosePassword(
    words: SignInWords & { readonly newPassword: string; readonly deviceId?: string },
  ): Promise<void>;
  /** A question that needs no session: of a GET without a body, else of a POST. @throws {LocalError} offline · {ApiError} */
  askAtDoor<T = void>(path: string, answer: ZodType<T> | null, body?: unknown): Promise<T>;
  /** Ends `set-pin`. @throws {LocalError} pin_too_short, pin_guessable, not_saved */
  setPin(pin: string): Promise<void>;
  /** Works without a server. @throws {LocalError} wrong_pin, pin_wait (with retryAt) */
  unlock(pin: string): Promise<void>;
  /** Works without a server, and while a wrong PIN has to wait. @throws {LocalError} no_passkey */
  unlockByPasskey(): Promise<void>;
  /** Lets a passkey unlock this tablet. @returns false for one that cannot. @throws {LocalError} wrong_pin, pin_wait, no_passkey */
  addPasskey(pin: string, make: MakePasskey): Promise<boolean>;
  /** Destroys what a passkey opens on this tablet. */
  dropPasskey(credentialId: string): Promise<void>;
  /** Saves what is on the screen, then drops every key and row from memory; a running recording goes on. */
  lock(): Promise<void>;
  /** @throws {LocalError} wrong_pin, pin_wait, pin_too_short, pin_guessable, locked */
  changePin(old: string, next: string): Promise<void>;
  /** Ends the server session and locks. Unsent work stays sealed on the tablet and is still delivered. */
  signOut(): Promise<void>;
  /** Shows another known user's PIN screen; null goes to the password screen. */
  switchUser(userId: string | null): Promise<void>;
  /** @throws {LocalError} offline · {ApiError} role_not_held */
  switchRole(role: Role): Promise<void>;
  /** Goes to the password screen; the next sign-in of this person asks for a new PIN, fetches the rows again, and delivers what was unsent. */
  forgetPin(): Promise<void>;
  /** Goes to the password screen and keeps everything that is open (state `reauth`). */
  askPassword(): void;
  /**
   * Opens today's list and the safety cards after the offline time has ended (C23). The clinic is told.
   * @throws {LocalError} wrong_pin, pin_wait, no_emergency, not_saved
   */
  beginEmergency(pin: string, reason: string): Promise<void>;
  /** Takes the work over from another tab. */
  useHere(): Promise<void>;
  /** Ends `wiped` once everything was delivered: this is a new tablet then. */
  startAnew(): Promise<void>;
}

/**
 * The connection chip. `attention` counts refused changes; `waiting` counts changes and recordings not yet safe, one by one
 * those of {@link Local.outbox} and {@link Local.recordings}.
 */
export interface Connection {
  readonly state: "saved" | "waiting" | "offline" | "attention";
  readonly waiting: number;
  /** Something was typed that is not on the disk yet; it will be in a moment. */
  readonly typing: boolean;
  readonly attention: number;
  /** Openings of charts that the clinic was not told of yet. They hold nobody's words and are not in `waiting`. */
  readonly reports: number;
  /** RFC 3339, or null while the server answers. */
  readonly offlineSince: string | null;
  /** Seconds this tablet's clock is ahead of (+) or behind (−) the clinic's; null while unknown. */
  readonly clockSkew: number | null;
}

export interface OutboxItem {
  readonly n: number;
  readonly name: MutationName;
  readonly at: string;
  /** Id of the record acted on. */
  readonly rowId: string;
  readonly patientId: string | null;
  /** `waiting`: not yet answered · `held`: the clinic waits for its parent · `refused`: see code and detail. */
  readonly status: "waiting" | "held" | "refused";
  readonly code: string | null;
  readonly detail: unknown;
  /** The person's words, exactly as entered. */
  readonly args: Readonly<Record<string, unknown>>;
  /** As it is sent: what is handed to a colleague. */
  readonly mutation: PushedMutation;
  /** Written before the clinic restored its records, and sent to it once more. */
  readonly givenBack: boolean;
  /** That this refused change was to be handed over, and why the clinic refused that. */
  readonly notHanded: { readonly toId: string; readonly words: string; readonly code: string | null } | null;
}

/** per record: on this tablet / at the clinic / refused */
export type RecordMark = "on-this-tablet" | "at-the-clinic" | "refused";

/** C01: an unsynced chart never looks like a clean one. */
export type ChartPresence = "on-this-tablet" | "arriving" | "not-on-this-tablet";

type Scalar = string | number | boolean | null;
export type Condition<T> =
  | T
  | {
      readonly gte?: T;
      readonly gt?: T;
      readonly lte?: T;
      readonly lt?: T;
      readonly in?: readonly T[];
      readonly not?: T;
    };
type ScalarKey<R> = { [K in keyof R]: R[K] extends Scalar ? K : never }[keyof R] & string;

/** All conditions must hold. Without `sort` rows come in the order of their ids, which is the order of creation. */
export interface RowFilter<R> {
  readonly where?: { readonly [K in ScalarKey<R>]?: Condition<R[K]> };
  readonly sort?: ScalarKey<R> | { readonly by: ScalarKey<R>; readonly descending?: boolean };
  readonly limit?: number;
}

export interface Rows<N extends CollectionName> {
  readonly rows: readonly RowOf<N>[];
  /**
   * False while rows are still being read from the disk (Today's rows come first), and until the clinic has told this
   * device everything once: an empty list means "none" only when this is true.
   */
  readonly ready: boolean;
}

export interface RowAndMark<N extends CollectionName> {
  readonly row: RowOf<N> | undefined;
  readonly mark: RecordMark | undefined;
  readonly ready: boolean;
}

export type RecorderState = "idle" | "starting" | "recording" | "paused" | "off-the-record" | "stopping";

/** A recording that a reload, crash or empty battery cut off, found after unlock. */
export interface InterruptedRecording {
  readonly recordingId: string;
  readonly encounterId: string;
  readonly patientId: string;
  readonly startedAt: string;
  /** Seconds of sound that are safe. */
  readonly seconds: number;
}

/** A recording whose sound is not all at the clinic. */
export interface WaitingRecording {
  readonly recordingId: string;
  /** Null for a colleague's recording: whose visit it is lies sealed under their PIN. */
  readonly encounterId: string | null;
  readonly patientId: string | null;
  readonly startedAt: string;
  /** Seconds from its start to the end of what is on the disk, pauses included, as the recorder counts them. */
  readonly seconds: number;
  /** For the clinic alone: nobody here knows whose visit it was, or can hear it. */
  readonly sealed: boolean;
  /** `cut-off`: the page or tablet ended while it was made, and somebody has to decide. */
  readonly place: "being-made" | "cut-off" | "on-this-tablet" | "sending";
}

export interface RecorderView {
  readonly state: RecorderState;
  readonly recordingId: string | null;
  readonly encounterId: string | null;
  readonly patientId: string | null;
  readonly startedAt: string | null;
  /** Seconds since the start, pauses included, counted up twice a second. */
  readonly elapsed: number;
  /** Seconds really recorded. */
  readonly recorded: number;
  readonly gaps: readonly Gap[];
  /** Something that went wrong while recording goes on or right after it stopped; the saved part is safe. */
  readonly problem: "no_microphone" | "not_saved" | "no_room" | null;
  readonly interrupted: readonly InterruptedRecording[];
}

export interface RecorderActions {
  /** Consent first: without it there is no recording. @throws {LocalError} no_microphone, no_room, not_saved, already_recording, locked */
  begin(start: {
    /** Null for a capture: it belongs to no visit yet, and only the clinic can open it. */
    readonly encounterId: string | null;
    readonly patientId: string | null;
    readonly captureId?: string;
    readonly consent: {
      readonly by: "patient" | "guardian";
      /** Who else is in the room, each of whom agreed. */
      readonly others?: readonly Companion[];
    };
  }): Promise<{ readonly recordingId: string }>;
  pause(): Promise<void>;
  offTheRecord(): Promise<void>;
  resume(): Promise<void>;
  /** Works while locked; `recording.complete` is then written at the next unlock. */
  stop(): Promise<void>;
  /** Goes on with an interrupted recording as a new part of the same recording. */
  continueInterrupted(recordingId: string): Promise<void>;
  /** Completes an interrupted recording with what is there. */
  finishInterrupted(recordingId: string): Promise<void>;
}

/** Where a recording's audio is. */
export type AudioPlace = "recording" | "on-this-tablet" | "sending" | "at-the-clinic" | "not-here";

export interface Playback {
  readonly state: "idle" | "loading" | "playing" | "failed";
  readonly recordingId: string | null;
  /** Seconds from the recording's start. */
  readonly start: number;
  readonly end: number;
  /** The last span whose sound really came out, for tests and for "heard" marks. */
  readonly last: { readonly recordingId: string; readonly start: number; readonly end: number } | null;
}

export interface ToDeliver {
  readonly changes: number;
  readonly recordings: number;
}

/** How much of what the browser gives is used, in bytes. */
export interface StorageView {
  readonly used: number;
  readonly quota: number;
  /** The browser has promised not to clear it. */
  readonly persisted: boolean;
  /** It refused to write for lack of room a short while ago. */
  readonly refused: boolean;
  /** Charts that were put away for lack of room. */
  readonly away: number;
  /** Charts that stay at the clinic because a tablet keeps only so many records. */
  readonly left: number;
}

export interface AskRequest<T> {
  readonly method?: "GET" | "POST";
  readonly body?: unknown;
  readonly answer: ZodType<T> | null;
}

export interface HistoryRefusal {
  readonly fault: HistoryFault;
  /** When this tablet first saw it. */
  readonly at: string;
}

/** Everything the screens need from the tablet. The hooks of index.ts are thin readings of it. */
export interface Local {
  readonly session: Value<SessionView> & SessionActions;
  readonly connection: Value<Connection>;
  /** From which backup the clinic's records come, while tablets give back what it did not hold. */
  readonly restored: Value<Restored | null>;
  /** Items of the queue that went back in line for that. */
  readonly given: Value<number | null>;
  /** Why nothing is taken from the clinic, or sent to it, any more: its audit log is not what this tablet saw of it. */
  readonly history: Value<HistoryRefusal | null>;
  /** Grows whenever what waits for this person's review may have changed. */
  readonly reviewNews: Value<number | null>;
  readonly outbox: Value<readonly OutboxItem[]> & {
    /** Sends a refused change once more as a new one and removes the refused one. */
    sendAgain(n: number): Promise<{ readonly n: number }>;
    /** Removes a refused change after the person decided. One that is handed over goes by itself, with the hand-over. */
    dismiss(n: number): Promise<void>;
  };
  /**
   * One durable append, then the view changes at once. `seen` is the version of the row that the person looked at:
   * without it the one that the tablet holds now.
   * @throws {LocalError} not_saved (the words stay with the caller), locked, elsewhere
   * @throws {ZodError} when the arguments are not what the domain allows
   */
  mutate<K extends MutationName>(
    name: K,
    args: ArgsOf<K>,
    seen?: number | null,
  ): Promise<{ readonly n: number }>;
  /** The version of a row as the clinic has it; null while it has never been here. */
  version(collection: CollectionName, id: string): number | null;
  rows<N extends CollectionName>(collection: N, filter: RowFilter<RowOf<N>>): Value<Rows<N>>;
  row<N extends CollectionName>(collection: N, id: string): Value<RowAndMark<N>>;
  /** Merged patient records and what each points to. */
  readonly mergeLinks: Value<MergeLinks>;
  mark(rowId: string): RecordMark;
  /**
   * Reports that the person opens this chart, and asks for it if it is not here; it stays while the server allows. What is
   * opened `under` another right (a broken glass) is another opening.
   */
  openChart(patientId: string, under?: string): void;
  chartPresence(patientId: string): Value<ChartPresence>;
  /** The clinic has not told this device everything yet: what is not here may exist. */
  readonly awaiting: Value<boolean>;
  /** How many changes of other people wait on this tablet: told from their envelopes, none is opened. */
  readonly ofOthers: Value<number>;
  /** What a wiped tablet still has to deliver; null until that was counted. */
  readonly toDeliver: Value<ToDeliver | null>;
  /** Null until somebody looked. */
  readonly storage: WritableValue<StorageView | null>;
  /** When the browser last refused to write for lack of room, in milliseconds since the epoch. */
  readonly noRoom: Value<number | null>;
  /** The copy of the clinic's rows, for what looks after the tablet; no screen needs it. */
  replica(): Replica | null;
  /** The newest change of each client on this tablet, everybody's, sent or not. */
  newest(): Promise<readonly ClientMark[]>;
  readonly recorder: Value<RecorderView> & RecorderActions;
  /** Loudness now, 0…1, about ten times a second. */
  readonly level: Value<number>;
  audioPlace(recordingId: string): Value<AudioPlace>;
  /** Recordings that the clinic does not have yet, everybody's on this tablet, oldest first. */
  readonly recordings: Value<readonly WaitingRecording[]>;
  readonly playback: Value<Playback>;
  /** Seconds from the recording's start. @throws {LocalError} no_audio */
  playSpan(recordingId: string, start: number, end: number): Promise<void>;
  stopPlayback(): void;
  /**
   * A request to the clinic in the person's name, for screens that exist only online (audit search, registries).
   * @throws {LocalError} offline, session_ended · {ApiError} the clinic refused; a logged denial carries `auditSeq`
   */
  ask<T>(path: string, request: AskRequest<T>): Promise<T>;
  /**
   * A file from the clinic, in the person's name. The browser holds it, on the disk where it is large, until nobody does.
   * @param type start of the content type that is expected
   * @throws {LocalError} offline, session_ended · {ApiError} the clinic refused
   */
  file(path: string, type: string): Promise<Blob>;
  /**
   * Says that words are on the screen and not on the disk yet; call the result when they are. `save` is called before the
   * keys are dropped.
   */
  typing(save: () => Promise<void>): () => void;
  /** What the person typed into forms and did not save; null while nobody works here. */
  keptWords(): KeptWords | null;
  /** Pulls and pushes now. Resolves when quiet; used by pull-to-refresh and tests. */
  syncNow(): Promise<void>;
  close(): Promise<void>;
}

export type { MutationResult };
