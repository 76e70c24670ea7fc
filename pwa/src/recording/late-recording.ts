import { after } from "#domain/kernel/clock.ts";
import type { LocalLayer } from "../local/create-local.ts";
import type { AudioPlace, Playback, RecorderView, WaitingRecording } from "../local/local.ts";
import { recordingWaits } from "../local/store/recording-records.ts";
import { createValue, derived, inner, type Value } from "../local/value.ts";
import type { RecordingLayer } from "./create-recording.ts";

const idle: RecorderView = {
  state: "idle",
  recordingId: null,
  encounterId: null,
  patientId: null,
  startedAt: null,
  elapsed: 0,
  recorded: 0,
  gaps: [],
  problem: null,
  interrupted: [],
};
const silent: Playback = { state: "idle", recordingId: null, start: 0, end: 0, last: null };
const none: readonly WaitingRecording[] = [];

/** The code of recording, which the first screen does without. Screens that record fetch it with their own. */
export const fetchRecording = () => import("./create-recording.ts");

/** Milliseconds after an unlock, so that the first screen and its rows have the line for themselves. */
const FETCH_LATER = 1500;

/**
 * Stands where recording will be until its code is here: fetched a moment after the first unlock, and at once where this
 * tablet holds recordings, for their upload goes on while it is locked.
 */
export function createLateRecording(layer: LocalLayer): RecordingLayer {
  const here = createValue<RecordingLayer | null>(null);
  let coming: Promise<RecordingLayer> | null = null;
  let ended = false;
  const recording = (): Promise<RecordingLayer> => {
    coming ??= fetchRecording().then(
      ({ createRecording }) => {
        const found = createRecording(layer);
        if (ended) void found.close();
        here.set(found);
        return found;
      },
      (failure: unknown) => {
        coming = null; // asked for again at the next need
        throw failure;
      },
    );
    return coming;
  };
  const told = (failure: unknown) => console.error("recordings are not at hand", failure);
  const countFirst = async () => {
    const records = await layer.options.database.recordings.toArray();
    if (records.length === 0) return;
    // The chip's number must not wait for code: it would stand too low for a moment after each start.
    layer.connection.counts({ recordings: records.filter(recordingWaits).length });
    await recording();
  };
  void countFirst().catch(told);

  return {
    surface: surfaceOf(here, recording),
    onUnlocked: () => {
      const workspace = layer.workspace.get();
      const unlocked = () => {
        if (ended || layer.workspace.get() !== workspace) return;
        void recording()
          .then((found) => layer.workspace.get() === workspace && found.onUnlocked())
          .catch(told);
      };
      if (coming) unlocked();
      else after(FETCH_LATER, unlocked);
    },
    onClosing: async () => here.get()?.onClosing(),
    onWiping: async () => here.get()?.onWiping(),
    send: async () => (await recording()).send(),
    close: async () => {
      ended = true;
      await here.get()?.close();
    },
  };
}

function surfaceOf(
  here: Value<RecordingLayer | null>,
  recording: () => Promise<RecordingLayer>,
): RecordingLayer["surface"] {
  const shown = <T>(pick: (surface: RecordingLayer["surface"]) => Value<T>, before: T): Value<T> => {
    const now = inner(here, (found) => found && pick(found.surface));
    return derived([now], () => now.get() ?? before);
  };
  const recorder = async () => (await recording()).surface.recorder;
  return {
    recorder: {
      ...shown((surface) => surface.recorder, idle),
      begin: async (start) => (await recorder()).begin(start),
      pause: async () => (await recorder()).pause(),
      offTheRecord: async () => (await recorder()).offTheRecord(),
      resume: async () => (await recorder()).resume(),
      stop: async () => (await recorder()).stop(),
      continueInterrupted: async (id) => (await recorder()).continueInterrupted(id),
      finishInterrupted: async (id) => (await recorder()).finishInterrupted(id),
    },
    level: shown((surface) => surface.level, 0),
    recordings: shown((surface) => surface.recordings, none),
    playback: shown((surface) => surface.playback, silent),
    audioPlace: (id) => shown<AudioPlace>((surface) => surface.audioPlace(id), "not-here"),
    playSpan: async (id, start, end) => (await recording()).surface.playSpan(id, start, end),
    stopPlayback: () => here.get()?.surface.stopPlayback(),
  };
}
