import type { LocalLayer } from "../local/create-local.ts";
import type { WaitingRecording } from "../local/local.ts";
import { withReconnect } from "../local/store/database.ts";
import { type RecordingRecord, recordingWaits } from "../local/store/recording-records.ts";
import { createValue, derived, type Value } from "../local/value.ts";
import { openVisit } from "./archive.ts";
import type { Recorder } from "./recorder.ts";
import type { Uploader } from "./upload.ts";

type Waiting = Omit<WaitingRecording, "place"> & { readonly open: boolean };

export interface WaitingRecordings {
  readonly list: Value<readonly WaitingRecording[]>;
  /** Ids of every recording whose sound lies on this tablet. */
  readonly here: Value<ReadonlySet<string>>;
  /** Reads the disk again. */
  look(): Promise<void>;
  /** Forgets whose they are: the keys are gone. */
  forget(): void;
}

/**
 * Which recordings are not all at the clinic: what the chip counts is what the outbox page lists. Whose visit one is can
 * be read only under its author's keys.
 */
export function createWaitingRecordings(
  layer: LocalLayer,
  recorder: Recorder,
  uploader: Uploader,
): WaitingRecordings {
  const { database } = layer.options;
  const here = createValue<ReadonlySet<string>>(new Set());
  const waiting = createValue<readonly Waiting[]>([]);
  const visits = new Map<
    string,
    { readonly encounterId: string | null; readonly patientId: string | null }
  >();
  let round = 0;

  const visitOf = async (record: RecordingRecord) => {
    const { keyring } = layer.control;
    if (keyring?.userId !== record.user) return null;
    const known = visits.get(record.id);
    if (known) return known;
    const { encounterId, patientId } = await openVisit(keyring, record);
    if (layer.control.keyring === keyring) visits.set(record.id, { encounterId, patientId });
    return { encounterId, patientId };
  };
  const entry = async (record: RecordingRecord): Promise<Waiting> => {
    const visit = await visitOf(record).catch(() => null);
    return {
      recordingId: record.id,
      encounterId: visit?.encounterId ?? null,
      patientId: visit?.patientId ?? null,
      sealed: record.keyLocal === null,
      startedAt: record.startedAt,
      seconds: Math.max(0, ...record.parts.map(({ done }) => (done ? done.startOffset + done.seconds : 0))),
      open: record.state === "open",
    };
  };
  const look = async () => {
    const mine = ++round;
    const records = await withReconnect(database, () => database.recordings.toArray());
    const pending = records.filter(recordingWaits).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
    const next = await Promise.all(pending.map(entry));
    if (mine !== round) return; // a later look knows better
    here.set(new Set(records.map(({ id }) => id)));
    waiting.set(next);
    layer.connection.counts({ recordings: next.length });
  };
  uploader.arrived.subscribe(() => void look().catch(() => {}));

  const list = derived<readonly WaitingRecording[]>(
    [waiting, recorder.view, uploader.sending, layer.connection],
    () =>
      waiting.get().map(({ open, ...one }) => {
        const running = recorder.runningId === one.recordingId;
        return {
          ...one,
          seconds: running ? Math.floor(recorder.view.get().elapsed) : one.seconds,
          place: running
            ? "being-made"
            : open
              ? "cut-off"
              : uploader.sending.get() === one.recordingId && layer.connection.reachable
                ? "sending"
                : "on-this-tablet",
        };
      }),
    (a, b) => JSON.stringify(a) === JSON.stringify(b),
  );
  return {
    list,
    here,
    look,
    forget() {
      visits.clear();
      void look().catch(() => {});
    },
  };
}
