import { can } from "#domain/access/can.ts";
import { soundIdOf } from "#domain/capture/index.ts";
import { after } from "#domain/kernel/clock.ts";
import { storageLevel } from "#domain/operations/storage.ts";
import type { LocalLayer } from "../local/create-local.ts";
import type { Bytes } from "../local/keys/aes.ts";
import type { AudioPlace, Local } from "../local/local.ts";
import { LocalError } from "../local/local-error.ts";
import { refusedJustNow } from "../local/storage/no-room.ts";
import type { LocalDatabase } from "../local/store/database.ts";
import { derived, type Value } from "../local/value.ts";
import { openContentKey, recordsOf } from "./archive.ts";
import { openPart, readChunks } from "./chunks.ts";
import { Finisher } from "./finish.ts";
import { Player } from "./playback.ts";
import { Recorder } from "./recorder.ts";
import { sweep } from "./retention.ts";
import { Uploader } from "./upload.ts";
import { createWaitingRecordings } from "./waiting.ts";

/** Milliseconds between looks at sound that may go. */
const SWEEP_EVERY = 10 * 60_000;
/** Whether a new recording may begin; the running one always goes on. */
async function hasRoom({ noRoom }: LocalDatabase): Promise<boolean> {
  const { usage = 0, quota = 0 } =
    (await globalThis.navigator?.storage?.estimate?.().catch(() => null)) ?? {};
  return storageLevel({ used: usage, quota, refused: refusedJustNow({ noRoom }) }) !== "full";
}

/** In another role the person sends no sound, and the device they recorded on brings it, as if they had locked it. */
const mayRecord = ({ control }: LocalLayer): boolean => {
  const { user, deviceId } = control.view.get();
  return user !== null && can({ type: "user", id: user.id, role: user.role, deviceId }, "ai:record").allowed;
};

export interface RecordingLayer {
  readonly surface: Pick<
    Local,
    "recorder" | "level" | "audioPlace" | "recordings" | "playback" | "playSpan" | "stopPlayback"
  >;
  readonly onUnlocked: () => void;
  readonly onClosing: () => Promise<void>;
  /** The keys go for good: what is being recorded ends here, while it can still be told to the clinic. */
  readonly onWiping: () => Promise<void>;
  readonly send: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Puts recorder, upload, playback and retention together for one tab. */
export function createRecording(layer: LocalLayer): RecordingLayer {
  const { database, origin, microphone, speaker, send, keepAwake } = layer.options;
  const finisher = new Finisher({ database, workspace: () => layer.require() });
  const uploader = new Uploader({
    database,
    send,
    origin,
    device: () => layer.control.device,
    skew: () => layer.skew,
    // A tablet that is told to wipe itself keeps nothing back.
    isRefused: async () => !layer.control.device.wipe && layer.history.isRefused(),
    bearer: async (user) =>
      layer.control.keyring?.userId === user && layer.connection.reachable && mayRecord(layer)
        ? layer.access.authorization()
        : null,
  });
  const look = async () => {
    await waiting.look();
    await uploader.kick();
  };
  const recorder = new Recorder({
    database,
    microphone,
    author: () => layer.control.author(),
    finisher,
    hasRoom: () => hasRoom(database),
    keepAwake,
    onChange: () => void look().catch(() => {}),
  });
  const waiting = createWaitingRecordings(layer, recorder, uploader);
  const player = new Player({ speaker, ...soundOf(layer) });
  let cancelSweep = () => {};

  const afterUnlock = async () => {
    const { keyring } = layer.control;
    const interrupted = await finisher.afterUnlock(recorder.runningId);
    // Whose visits they were is for nobody else, and whoever left hears of them at the next unlock.
    if (layer.control.keyring === keyring) recorder.setInterrupted(interrupted);
    await look();
  };
  const sweepLater = () => {
    cancelSweep();
    cancelSweep = after(SWEEP_EVERY, async () => {
      const model = layer.workspace.get()?.replica.get()?.model;
      const { keyring } = layer.control;
      if (model && keyring) await sweep(database, keyring.userId, model).catch(() => []);
      sweepLater();
    });
  };
  layer.control.view.subscribe(() => {
    // Another tab took over: two may not write one recording.
    if (layer.control.view.get().state === "elsewhere") void recorder.stop();
  });
  let wasReachable = false;
  const kickWhenReachable = () => {
    const { reachable } = layer.connection;
    if (reachable && !wasReachable) void uploader.kick();
    wasReachable = reachable;
  };
  layer.connection.subscribe(kickWhenReachable);
  kickWhenReachable();

  return {
    surface: {
      recorder: recorderSurface(recorder),
      level: recorder.level,
      playback: player.state,
      playSpan: (recordingId, start, end) => player.play(recordingId, start, end),
      stopPlayback: () => player.stop(),
      recordings: waiting.list,
      audioPlace: (recordingId) => audioPlace(layer, recorder, uploader, waiting.here, recordingId),
    },
    onUnlocked: () => {
      void afterUnlock().catch((error: unknown) => console.error("recordings could not be recovered", error));
      sweepLater();
    },
    onClosing: async () => {
      player.drop();
      cancelSweep();
      recorder.setInterrupted([]);
      waiting.forget();
    },
    onWiping: () => recorder.stop(),
    send: look,
    close: async () => {
      await recorder.stop().catch(() => {});
      uploader.close();
      cancelSweep();
    },
  };
}

const recorderSurface = (recorder: Recorder): Local["recorder"] => ({
  ...recorder.view,
  begin: (start) => recorder.begin(start),
  pause: () => recorder.pause(),
  offTheRecord: () => recorder.offTheRecord(),
  resume: () => recorder.resume(),
  stop: () => recorder.stop(),
  continueInterrupted: (id) => recorder.continueInterrupted(id),
  finishInterrupted: (id) => recorder.finishInterrupted(id),
});

function audioPlace(
  layer: LocalLayer,
  recorder: Recorder,
  uploader: Uploader,
  here: Value<ReadonlySet<string>>,
  recordingId: string,
): Value<AudioPlace> {
  const row = layer.rowOf("recording", recordingId);
  const sources = [recorder.view, uploader.sending, uploader.arrived, here, row, layer.connection];
  return derived<AudioPlace>(sources, () => {
    if (recorder.runningId === recordingId) return "recording";
    const status = row.get().row?.status;
    if (status === "stored" || status === "transcribing" || status === "transcribed") return "at-the-clinic";
    if (uploader.sending.get() === recordingId && layer.connection.reachable) return "sending";
    return here.get().has(recordingId) ? "on-this-tablet" : "not-here";
  });
}

/** Where the player finds parts and bytes: this tablet first, so that it works with the clinic away. */
function soundOf(layer: LocalLayer) {
  const { database } = layer.options;
  const find = async (recordingId: string) => {
    const { keyring } = layer.require().author();
    const record = (await recordsOf(database, keyring.userId)).find(({ id }) => id === recordingId);
    return record ? { record, keyring } : null;
  };
  return {
    parts: async (recordingId: string) => {
      const found = await find(recordingId);
      const local = found?.record.keyLocal && found.record.parts.flatMap(({ done }) => (done ? [done] : []));
      if (local && local.length > 0) return local;
      const model = layer.require().replica.get()?.model;
      const recording = await model?.view("recording", recordingId);
      if (recording) return recording.parts;
      const captures = (await model?.find("capture", {})) ?? [];
      return captures.find(({ id }) => soundIdOf(id) === recordingId)?.sound?.parts ?? [];
    },
    bytes: async (recordingId: string, part: number): Promise<Bytes> => {
      const found = await find(recordingId);
      const chunks = found?.record.keyLocal ? await readChunks(database, recordingId, part) : [];
      if (found && chunks.length > 0) {
        const key = await openContentKey(found.keyring, found.record, "decrypt");
        return (await openPart(key, recordingId, part, chunks)).plain;
      }
      if (!layer.connection.reachable) throw new LocalError("no_audio");
      const authorization = await layer.access.authorization();
      const path = `/api/recordings/${recordingId}/audio?part=${part}`;
      const response = await layer.api.open(path, { authorization, type: "audio/" });
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}
