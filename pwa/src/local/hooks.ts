import { useMemo, useSyncExternalStore } from "react";
import type { CollectionName, RowOf } from "#domain/registry.ts";
import { local } from "./current.ts";
import type {
  AudioPlace,
  ChartPresence,
  Connection,
  OutboxItem,
  Playback,
  RecorderActions,
  RecorderView,
  RowAndMark,
  RowFilter,
  Rows,
  SessionActions,
  SessionView,
  WaitingRecording,
} from "./local.ts";
import type { Value } from "./value.ts";

const useValue = <T>(value: Value<T>): T => useSyncExternalStore(value.subscribe, value.get);

/** The session and what can be done with it. */
export const useSession = (): SessionView & { readonly actions: SessionActions } => {
  const { session } = local();
  const view = useValue(session);
  return useMemo(() => ({ ...view, actions: session }), [view, session]);
};

export const useConnection = (): Connection => useValue(local().connection);

/** The rows of a collection that match, live: confirmed rows with the waiting changes on top. */
export function useRows<N extends CollectionName>(collection: N, filter: RowFilter<RowOf<N>> = {}): Rows<N> {
  const { rows } = local();
  const key = JSON.stringify(filter);
  const value = useMemo(
    () => rows(collection, JSON.parse(key) as RowFilter<RowOf<N>>),
    [rows, collection, key],
  );
  return useValue(value);
}

export function useRow<N extends CollectionName>(collection: N, id: string): RowAndMark<N> {
  const { row } = local();
  const value = useMemo(() => row(collection, id), [row, collection, id]);
  return useValue(value);
}

export const useOutbox = (): readonly OutboxItem[] => useValue(local().outbox);

/** Recordings that are not at the clinic yet. */
export const useWaitingRecordings = (): readonly WaitingRecording[] => useValue(local().recordings);

export function useChartPresence(patientId: string): ChartPresence {
  const { chartPresence } = local();
  const value = useMemo(() => chartPresence(patientId), [chartPresence, patientId]);
  return useValue(value);
}

export const useRecorder = (): RecorderView & { readonly actions: RecorderActions } => {
  const { recorder } = local();
  const view = useValue(recorder);
  return useMemo(() => ({ ...view, actions: recorder }), [view, recorder]);
};

/** Loudness 0…1. Apart from {@link useRecorder} because it changes ten times a second. */
export const useRecorderLevel = (): number => useValue(local().level);

export function useAudioPlace(recordingId: string): AudioPlace {
  const { audioPlace } = local();
  const value = useMemo(() => audioPlace(recordingId), [audioPlace, recordingId]);
  return useValue(value);
}

export const usePlayback = (): Playback => useValue(local().playback);
