/**
 * The tablet's local layer: session, records, outbox, recorder. Screens use only what stands here.
 *
 * Call `startLocal()` once before the first render (main.tsx does). Everything works without a server after the
 * first sign-in; see the states in {@link SessionState} and {@link Connection}.
 */
import "./without-eval.ts";
import type { ZodType } from "zod";

import type { ArgsOf, MutationName } from "#domain/registry.ts";
import { local } from "./current.ts";

export { ApiError } from "../session/api-error.ts";
export { local, provideLocal } from "./current.ts";
export {
  useAudioPlace,
  useAwaiting,
  useChartPresence,
  useConnection,
  useMark,
  useOutbox,
  usePlayback,
  useRecorder,
  useRecorderLevel,
  useRestored,
  useRow,
  useRows,
  useSession,
  useValue,
  useWaitingRecordings,
} from "./hooks.ts";
export type {
  AudioPlace,
  ChartPresence,
  Condition,
  Connection,
  HistoryRefusal,
  InterruptedRecording,
  KnownUser,
  Local,
  OutboxItem,
  Playback,
  RecorderActions,
  RecorderState,
  RecorderView,
  RecordMark,
  RowAndMark,
  RowFilter,
  Rows,
  SessionActions,
  SessionState,
  SessionView,
  SignInWords,
  StorageView,
  ToDeliver,
  WaitingRecording,
} from "./local.ts";
export { LocalError, type LocalErrorCode, localErrorCodes } from "./local-error.ts";
export { useMergeLinks, useRecords, useSamePerson, useSurvivor } from "./person.ts";
export { startLocal } from "./start.ts";
export type { Kept, KeptWords } from "./store/kept-words.ts";
export { type Answered, useAnswer, useOnReturn } from "./use-answer.ts";
export type { Value } from "./value.ts";

/**
 * Writes what a person did: one durable append on this tablet, then the view changes at once.
 * @throws {LocalError} `not_saved`: the words are still only with the caller · `locked` · `elsewhere`
 */
export const mutate = <K extends MutationName>(
  name: K,
  args: ArgsOf<K>,
  seen?: number | null,
): Promise<{ readonly n: number }> => local().mutate(name, args, seen);

/** The person opens a chart: reported to the clinic, and brought to this tablet and kept while the clinic allows. */
export const openChart = (patientId: string, under?: string): void => local().openChart(patientId, under);

/**
 * Says that words are on the screen and not on the disk yet; call the result when they are. Whatever takes the keys away
 * (a lock, another person, another tab) calls `save` first.
 */
export const typing = (save: () => Promise<void>): (() => void) => local().typing(save);

/** A request to the clinic in the person's name. @throws {LocalError} offline · {ApiError} the clinic refused */
export const ask = <T = void>(
  path: string,
  { answer = null, ...request }: { method?: "GET" | "POST"; body?: unknown; answer?: ZodType<T> | null } = {},
): Promise<T> => local().ask(path, { ...request, answer });

/** A file from the clinic. @throws {LocalError} offline · {ApiError} the clinic refused */
export const file = (path: string, type: string): Promise<Blob> => local().file(path, type);

/** Plays seconds `start`…`end` of a recording, from this tablet when the audio is here. */
export const playSpan = (recordingId: string, start: number, end: number): Promise<void> =>
  local().playSpan(recordingId, start, end);

export const stopPlayback = (): void => local().stopPlayback();
