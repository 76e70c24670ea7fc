import { useMemo, useSyncExternalStore } from "react";
import type { CollectionName, RowOf } from "#domain/registry.ts";
import type { Restored } from "#domain/sync/protocol.ts";
import { local } from "./current.ts";
import type {
  AudioPlace,
  ChartPresence,
  Connection,
  OutboxItem,
  Playback,
  RecorderActions,
  RecorderView,
  RecordMark,
  RowAndMark,
  RowFilter,
  Rows,
  SessionActions,
  SessionView,
  WaitingRecording,
} from "./local.ts";
import { ofThePerson, useMergeLinks, useRecords, useSurvivor } from "./person.ts";
import { derived, type Value } from "./value.ts";

export const useValue = <T>(value: Value<T>): T => useSyncExternalStore(value.subscribe, value.get);

/** The session and what can be done with it. */
export const useSession = (): SessionView & { readonly actions: SessionActions } => {
  const { session } = local();
  const view = useValue(session);
  return useMemo(() => ({ ...view, actions: session }), [view, session]);
};

/** From which backup the clinic's records come, while tablets give back what it did not hold. */
export const useRestored = (): Restored | null => useValue(local().restored);

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
  const value = useMemo(() => {
    const named = row(collection, id);
    if (standing === id) return named;
    const found = row(collection, standing);
    return derived([found, named], () => (found.get().row ? found : named).get());
  }, [row, collection, id, standing]);
  return useValue(value);
}

/** Where a record that is shown is safe. */
export function useMark(id: string): RecordMark {
  const { outbox, mark } = local();
  return useSyncExternalStore(outbox.subscribe, () => mark(id));
}

export const useOutbox = (): readonly OutboxItem[] => useValue(local().outbox);

/** Recordings that are not at the clinic yet. */
export const useWaitingRecordings = (): readonly WaitingRecording[] => useValue(local().recordings);

/** Whether the clinic still has to tell this device what there is: until then nothing may be called empty. */
export const useAwaiting = (): boolean => useValue(local().awaiting);

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
