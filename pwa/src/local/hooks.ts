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
import { ofThePerson, useMergeLinks, useRecords, useSurvivor } from "./person.ts";
import { derived, type Value } from "./value.ts";

const useValue = <T>(value: Value<T>): T => useSyncExternalStore(value.subscribe, value.get);

/** The session and what can be done with it. */
export const useSession = (): SessionView & { readonly actions: SessionActions } => {
  const { session } = local();
  const view = useValue(session);
  return useMemo(() => ({ ...view, actions: session }), [view, session]);
};

export const useConnection = (): Connection => useValue(local().connection);

/**
 * The rows of a collection that match, live: confirmed rows with the waiting changes on top. Those of one patient are
 * those of all records of that person.
 */
export function useRows<N extends CollectionName>(collection: N, filter: RowFilter<RowOf<N>> = {}): Rows<N> {
  const { rows } = local();
  const key = JSON.stringify(ofThePerson(useMergeLinks(), filter));
  const value = useMemo(
    () => rows(collection, JSON.parse(key) as RowFilter<RowOf<N>>),
    [rows, collection, key],
  );
  return useValue(value);
}

/** One row. Of a merged patient it is the surviving record, once that is on this tablet. */
export function useRow<N extends CollectionName>(collection: N, id: string): RowAndMark<N> {
  const { row } = local();
  const survivor = useSurvivor(id);
  const standing = collection === "patient" ? survivor : id;
  const named = useMemo(() => row(collection, id), [row, collection, id]);
  const value = useMemo(
    () => (standing === id ? named : row(collection, standing)),
    [named, row, collection, id, standing],
  );
  const [own, found] = [useValue(named), useValue(value)];
  return found.row ? found : own;
}

export const useOutbox = (): readonly OutboxItem[] => useValue(local().outbox);

/** Recordings that are not at the clinic yet. */
export const useWaitingRecordings = (): readonly WaitingRecording[] => useValue(local().recordings);

/** Of a chart of several records: what is said of the one that is furthest away, so that half a chart is never whole. */
export function useChartPresence(patientId: string): ChartPresence {
  const { chartPresence } = local();
  const key = useRecords(patientId).join(",");
  const value = useMemo(() => {
    const records = key.split(",").map(chartPresence);
    return derived(records, () => furthest(records.map((record) => record.get())));
  }, [chartPresence, key]);
  return useValue(value);
}

const furthest = (known: readonly ChartPresence[]): ChartPresence =>
  (["not-on-this-tablet", "arriving"] as const).find((one) => known.includes(one)) ?? "on-this-tablet";

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
