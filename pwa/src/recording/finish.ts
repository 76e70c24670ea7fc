import { instant } from "#domain/kernel/instant.ts";
import type { Gap } from "#domain/recording/index.ts";
import { recordingHash } from "#domain/recording/index.ts";
import type { InterruptedRecording } from "../local/local.ts";
import type { LocalDatabase } from "../local/store/database.ts";
import type { LocalPart, RecordingRecord } from "../local/store/recording-records.ts";
import type { Workspace } from "../local/workspace.ts";
import { changeRecord, openContentKey, openVisit, recordsOf, removeRecording } from "./archive.ts";
import { readChunks, recoverPart } from "./chunks.ts";

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

  /** Puts `recording.begin` into the outbox, once. */
  async begin(record: RecordingRecord): Promise<void> {
    const { database, workspace } = this.#options;
    const space = workspace();
    const visit = await openVisit(space.author().keyring, record);
    const { id } = record;
    if (!this.#isQueued(space, "recording.begin", id))
      await space.mutate("recording.begin", { id, ...visit });
    await changeRecord(database, id, (now) => ({ ...now, begun: true }));
  }

  /** Works out what an interrupted recording's open parts amount to. */
  async closeParts(recordingId: string): Promise<RecordingRecord | null> {
    const { database, workspace } = this.#options;
    const record = await database.recordings.get(recordingId);
    if (!record) return null;
    const key = await openContentKey(workspace().author().keyring, record, "decrypt");
    const closed = new Map<number, LocalPart["done"]>();
    for (const part of record.parts)
      closed.set(part.part, part.done ?? (await recoverPart(database, key, recordingId, part)));
    return changeRecord(database, recordingId, (now) => ({
      ...now,
      parts: now.parts.map((part) => ({ ...part, done: part.done ?? closed.get(part.part) ?? null })),
    }));
  }

  /** Puts `recording.complete` into the outbox with the parts that exist. @throws {LocalError} locked, not_saved */
  async finish(recordingId: string): Promise<void> {
    const { database, workspace } = this.#options;
    const space = workspace();
    const record = await this.closeParts(recordingId);
    if (!record) return;
    const parts = record.parts.flatMap(({ done }) => (done && done.bytes > 0 ? [done] : []));
    if (!record.begun && parts.length === 0) return removeRecording(database, recordingId);
    if (!record.begun) await this.begin(record);
    const end = parts.reduce((latest, part) => Math.max(latest, part.startOffset + part.seconds), 0);
    const cutOff = record.state === "open";
    const gaps: Gap[] = cutOff ? [...record.gaps, { start: end, end, reason: "reloaded" }] : [...record.gaps];
    const endedAt = record.endedAt ?? instant(Date.parse(record.startedAt) + Math.ceil(end * 1000));
    if (!this.#isQueued(space, "recording.complete", recordingId) && !isKnownComplete(space, recordingId))
      await space.mutate("recording.complete", {
        id: recordingId,
        parts,
        gaps,
        endedAt,
        sha256: recordingHash(parts),
      });
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
      if (record.id === runningId || record.state === "complete") continue;
      const seconds = await secondsOf(database, record);
      if (record.state === "stopped" || seconds === 0) {
        await this.finish(record.id);
        continue;
      }
      const { encounterId, patientId } = await openVisit(keyring, record);
      interrupted.push({
        recordingId: record.id,
        encounterId,
        patientId,
        startedAt: record.startedAt,
        seconds,
      });
    }
    return interrupted;
  }

  #isQueued(space: Workspace, name: string, id: string): boolean {
    return space.entries.get().some(({ mutation }) => mutation.name === name && mutation.args.id === id);
  }
}

const isKnownComplete = (space: Workspace, id: string): boolean => {
  const row = space.replica.get()?.model.confirmed("recording", id);
  return row !== undefined && row.data.status !== "recording";
};

async function secondsOf(database: LocalDatabase, record: RecordingRecord): Promise<number> {
  let seconds = 0;
  for (const part of record.parts) {
    const last = part.done?.seconds ?? (await readChunks(database, record.id, part.part)).at(-1)?.until;
    seconds += last ?? 0;
  }
  return seconds;
}
