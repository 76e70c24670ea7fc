import { instant } from "#domain/kernel/instant.ts";
import type { Gap } from "#domain/recording/index.ts";
import { recordingHash } from "#domain/recording/index.ts";
import type { InterruptedRecording } from "../local/local.ts";
import { LocalError } from "../local/local-error.ts";
import type { LocalDatabase } from "../local/store/database.ts";
import type { LocalPart, RecordingRecord } from "../local/store/recording-records.ts";
import type { Workspace } from "../local/workspace.ts";
import {
  changeRecord,
  findRecord,
  openContentKey,
  openVisit,
  orNull,
  recordsOf,
  removeRecording,
} from "./archive.ts";
import { readChunks, recoverPart, recoverSealedPart } from "./chunks.ts";

export interface FinisherOptions {
  readonly database: LocalDatabase;
  /** @throws {LocalError} locked, elsewhere */
  readonly workspace: () => Workspace;
}

/** Tells the clinic about recordings, also about those that a crash left open. */
export class Finisher {
  readonly #options: FinisherOptions;

  constructor(options: FinisherOptions) {
    this.#options = options;
  }

  /** Puts `recording.begin` into the outbox, once. @throws {LocalError} locked: somebody else works here by now */
  async begin(record: RecordingRecord): Promise<void> {
    const { database, workspace } = this.#options;
    const space = workspace();
    const { id, captureId } = record;
    if (space.author().keyring.userId !== record.user) throw new LocalError("locked");
    // Where nobody can open it any more it was said before, or within the moment of its beginning never will be.
    const visit = await orNull(openVisit(space.author().keyring, record));
    if (visit) {
      const { encounterId, patientId, ...rest } = visit;
      if (captureId) await space.mutate("capture.beginRecording", { id: captureId, ...rest });
      else if (encounterId && patientId && !this.#isQueued(space, "recording.begin", id))
        await space.mutate("recording.begin", { id, encounterId, patientId, ...rest });
    }
    await changeRecord(database, id, (now) => ({ ...now, begun: true }));
  }

  /** Works out what an interrupted recording's open parts amount to. */
  async closeParts(recordingId: string): Promise<RecordingRecord | null> {
    const { database, workspace } = this.#options;
    const record = await database.recordings.get(recordingId);
    if (!record) return null;
    const { keyring } = workspace().author();
    const key = record.keyLocal && (await orNull(openContentKey(keyring, record, "decrypt")));
    const closed = new Map<number, LocalPart["done"]>();
    for (const part of record.parts) {
      const recovered = () =>
        key ? recoverPart(database, key, recordingId, part) : recoverSealedPart(database, recordingId, part);
      closed.set(part.part, part.done ?? (await recovered()));
    }
    return changeRecord(database, recordingId, (now) => ({
      ...now,
      parts: now.parts.map((part) => ({ ...part, done: part.done ?? closed.get(part.part) ?? null })),
    }));
  }

  /**
   * Puts `recording.complete` into the outbox with the parts that exist. Only its author says that: what somebody else
   * stopped on a shared tablet waits for their next unlock.
   * @throws {LocalError} locked, not_saved
   */
  async finish(recordingId: string): Promise<void> {
    const { database, workspace } = this.#options;
    const space = workspace();
    const found = await findRecord(database, recordingId);
    if (found?.user !== space.author().keyring.userId) return;
    const record = await this.closeParts(recordingId);
    if (!record) return;
    const parts = record.parts.flatMap(({ done }) => (done && done.bytes > 0 ? [done] : []));
    if (!record.begun && parts.length === 0) return removeRecording(database, recordingId);
    if (!record.begun) await this.begin(record);
    const end = parts.reduce((latest, part) => Math.max(latest, part.startOffset + part.seconds), 0);
    const cutOff = record.state === "open";
    const gaps: Gap[] = cutOff ? [...record.gaps, { start: end, end, reason: "reloaded" }] : [...record.gaps];
    const endedAt = record.endedAt ?? instant(Date.parse(record.startedAt) + Math.ceil(end * 1000));
    const complete = { id: recordingId, parts, gaps, endedAt, sha256: recordingHash(parts) };
    // Said twice, after a crash in between, it is one at the clinic.
    const { captureId } = record;
    if (captureId) await space.mutate("capture.completeRecording", { ...complete, id: captureId });
    else if (
      !this.#isQueued(space, "recording.complete", recordingId) &&
      !isKnownComplete(space, recordingId)
    )
      await space.mutate("recording.complete", complete);
    await changeRecord(database, recordingId, (now) => ({ ...now, state: "complete", endedAt, gaps }));
  }

  /** A recording that never started. */
  async discard(recordingId: string): Promise<void> {
    const { database } = this.#options;
    const record = await database.recordings.get(recordingId);
    if (record && !record.begun) await removeRecording(database, recordingId);
  }

  /** After unlock: finishes what was stopped while locked, and lists what was cut off. */
  async afterUnlock(runningId: string | null): Promise<readonly InterruptedRecording[]> {
    const { database, workspace } = this.#options;
    const { keyring } = workspace().author();
    const interrupted: InterruptedRecording[] = [];
    for (const record of await recordsOf(database, keyring.userId)) {
      const visit = await orNull(openVisit(keyring, record));
      if (!visit && record.keyLocal) await this.#leaveToClinic(record.id);
      const { id: recordingId, startedAt } = record;
      if (recordingId === runningId || record.state === "complete") continue;
      const { seconds, bytes } = await soundOn(database, record);
      const { encounterId, patientId } = visit ?? { encounterId: null, patientId: null };
      // By its bytes: a clock of the sound that stood still counts no seconds.
      const canGoOn = record.state === "open" && bytes > 0 && encounterId !== null && patientId !== null;
      if (canGoOn) interrupted.push({ recordingId, encounterId, patientId, startedAt, seconds });
      // What nobody here can open is put away as it is, for nobody could go on with it.
      else await this.finish(recordingId);
    }
    return interrupted;
  }

  /** After a forgotten PIN nobody here can open this sound any more: it goes on as that of a capture does. */
  async #leaveToClinic(recordingId: string): Promise<void> {
    await changeRecord(this.#options.database, recordingId, (now) => ({ ...now, keyLocal: null }));
  }

  #isQueued(space: Workspace, name: string, id: string): boolean {
    return space.entries.get().some(({ mutation }) => mutation.name === name && mutation.args.id === id);
  }
}

const isKnownComplete = (space: Workspace, id: string): boolean => {
  const row = space.replica.get()?.model.confirmed("recording", id);
  return row !== undefined && row.data.status !== "recording";
};

/** How much of a recording lies on this disk. */
async function soundOn(database: LocalDatabase, record: RecordingRecord) {
  const sound = { seconds: 0, bytes: 0 };
  for (const part of record.parts) {
    const chunks = part.done ? [] : await readChunks(database, record.id, part.part);
    sound.seconds += part.done?.seconds ?? chunks.at(-1)?.until ?? 0;
    sound.bytes += part.done?.bytes ?? chunks.reduce((sum, { bytes }) => sum + bytes, 0);
  }
  return sound;
}
