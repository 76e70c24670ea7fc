import { soundIdOf } from "#domain/capture/index.ts";
import { after, every, instantNow, monotonic, now, randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import type { Gap } from "#domain/recording/index.ts";
import { importAesKey } from "../local/keys/aes.ts";
import type { RecorderActions, RecorderState, RecorderView } from "../local/local.ts";
import { LocalError } from "../local/local-error.ts";
import type { LocalDatabase } from "../local/store/database.ts";
import type { LocalPart, RecordingRecord } from "../local/store/recording-records.ts";
import { createValue, type Value } from "../local/value.ts";
import type { Author } from "../outbox/outbox.ts";
import { sealToServer } from "../outbox/server-key.ts";
import {
  changeRecord,
  findRecord,
  openContentKey,
  openVisit,
  saveRecord,
  sealContentKey,
  sealVisit,
} from "./archive.ts";
import { PartWriter } from "./chunks.ts";
import type { Microphone } from "./devices.ts";
import type { Finisher } from "./finish.ts";
import { gapEnd, idle, type Running, type Taking, uploadOf } from "./running.ts";

export interface RecorderOptions {
  readonly database: LocalDatabase;
  readonly microphone: Microphone;
  /** @throws {LocalError} locked, elsewhere */
  readonly author: () => Author;
  readonly finisher: Finisher;
  /** Whether there is room to start; never asked while recording. */
  readonly hasRoom: () => Promise<boolean>;
  readonly keepAwake: (on: boolean) => void;
  /** The recording's record changed, or sound is ready to be uploaded. */
  readonly onChange: () => void;
}

/** How far the sound may fall behind the clock before the tablet counts as having slept, in seconds. */
const SLEPT = 5;
/** Milliseconds before a slice that the disk refused is tried again. */
const WRITE_AGAIN = 2000;
/**
 * Seconds. A longer break, or one that ends before it begins, is more likely a clock that was set: its length is not known,
 * and what follows stands right behind it.
 */
const LONGEST_BREAK = 86_400;

/**
 * Takes a visit's sound. A pause, a sleep and a reload each end a part, so that seconds in a part are seconds of the
 * visit and evidence can be found again. Nothing waits for the network; nothing is shown as recorded before it is on
 * the disk.
 */
export class Recorder implements RecorderActions {
  readonly #options: RecorderOptions;
  readonly #view = createValue<RecorderView>(idle);
  readonly level = createValue(0);
  #running: Running | null = null;
  #endTick = () => {};

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  get view(): Value<RecorderView> {
    return this.#view;
  }

  get runningId(): string | null {
    return this.#running?.id ?? null;
  }

  /** Recordings that were cut off, for the person to decide. */
  setInterrupted(interrupted: RecorderView["interrupted"]): void {
    this.#view.update((view) => ({ ...view, interrupted }));
  }

  async begin(start: Parameters<RecorderActions["begin"]>[0]): Promise<{ readonly recordingId: string }> {
    if (this.#running || this.#view.get().state !== "idle") throw new LocalError("already_recording");
    const author = this.#options.author();
    if (!(await this.#options.hasRoom())) throw new LocalError("no_room");
    const { captureId = null } = start;
    const id = captureId ? soundIdOf(captureId) : newId();
    if (await findRecord(this.#options.database, id)) throw new LocalError("recorded_before");
    const startedAt = instantNow();
    const raw = randomBytes(32);
    this.#view.set({ ...idle, state: "starting", interrupted: this.#view.get().interrupted });
    try {
      const { by, others = [] } = start.consent;
      const consent = { by, at: startedAt, others: [...others] };
      const sealedKey = await sealToServer(author.serverKey, raw);
      const { encounterId, patientId } = start;
      const record: RecordingRecord = {
        id,
        user: author.keyring.userId,
        practice: author.practiceId,
        state: "open",
        startedAt,
        endedAt: null,
        begun: false,
        captureId,
        visit: await sealVisit(author.keyring, id, { encounterId, patientId, consent, sealedKey }),
        keyLocal: captureId ? null : await sealContentKey(author.keyring, id, raw),
        parts: [],
        gaps: [],
      };
      const key = await importAesKey(raw, ["encrypt"]);
      await this.#save(record);
      this.#running = {
        id,
        encounterId,
        patientId,
        startedAt,
        zero: monotonic(),
        key,
        parts: [],
        gaps: [],
        recorded: 0,
        unsaved: false,
        taking: null,
        silence: null,
      };
      await this.#take();
      await this.#options.finisher.begin(record);
    } catch (error) {
      await this.#abandon(id);
      throw error;
    } finally {
      raw.fill(0);
    }
    this.#show("recording");
    return { recordingId: id };
  }

  async continueInterrupted(recordingId: string): Promise<void> {
    if (this.#running) throw new LocalError("already_recording");
    const { database, author, finisher } = this.#options;
    const { keyring } = author();
    const record = await finisher.closeParts(recordingId);
    if (!record) return;
    const { encounterId, patientId } = await openVisit(keyring, record);
    const last = record.parts.at(-1)?.done;
    const end = last ? last.startOffset + last.seconds : 0;
    const since = (now() - Date.parse(record.startedAt)) / 1000;
    const offset = since >= end && since < end + LONGEST_BREAK ? since : end;
    this.#running = {
      id: record.id,
      encounterId,
      patientId,
      startedAt: record.startedAt,
      zero: monotonic() - offset * 1000,
      key: await openContentKey(keyring, record, "encrypt"),
      parts: [...record.parts],
      gaps: [...record.gaps],
      recorded: record.parts.reduce((sum, { done }) => sum + (done?.seconds ?? 0), 0),
      unsaved: false,
      taking: null,
      silence: { start: end, reason: "reloaded" },
    };
    try {
      await this.#take();
    } catch (error) {
      this.#running = null;
      throw error;
    }
    await changeRecord(database, record.id, (now) => ({ ...now, state: "open" }));
    this.setInterrupted(this.#view.get().interrupted.filter((one) => one.recordingId !== recordingId));
    this.#show("recording");
  }

  async finishInterrupted(recordingId: string): Promise<void> {
    await this.#options.finisher.finish(recordingId);
    this.setInterrupted(this.#view.get().interrupted.filter((one) => one.recordingId !== recordingId));
    this.#options.onChange();
  }

  pause(): Promise<void> {
    return this.#fallSilent("paused", "paused");
  }

  offTheRecord(): Promise<void> {
    return this.#fallSilent("off-the-record", "off-the-record");
  }

  async resume(): Promise<void> {
    if (!this.#running || this.#running.taking) return;
    await this.#take();
    this.#show("recording");
  }

  async stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#show("stopping");
    await this.#closePart();
    // Stopped in silence: the silence is part of the visit and is shown like every other.
    if (running.silence) running.gaps.push(gapEnd(running.silence, this.#elapsed()));
    running.silence = null;
    const { database, finisher, onChange } = this.#options;
    const endedAt = instantNow();
    await changeRecord(database, running.id, (record) => ({
      ...record,
      state: "stopped",
      endedAt,
      gaps: [...running.gaps],
    }));
    this.#running = null;
    this.#endTick();
    this.#options.keepAwake(false);
    this.level.set(0);
    const { problem, interrupted } = this.#view.get();
    this.#view.set({ ...idle, problem: problem === "no_microphone" ? null : problem, interrupted });
    await finisher.finish(running.id).catch((error: unknown) => {
      const isAway = error instanceof LocalError && (error.code === "locked" || error.code === "elsewhere");
      if (!isAway) throw error; // done at the next unlock, or by the tab that took over
    });
    onChange();
  }

  /** Opens the microphone and starts a part. @throws {LocalError} no_microphone, not_saved */
  async #take(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    const number = running.parts.length;
    const writer = new PartWriter(this.#options.database, running.key, running.id, number);
    let taking: Taking | null = null;
    const early: [Uint8Array<ArrayBuffer>, number][] = [];
    const capture = await this.#options.microphone({
      onSlice: (bytes, until) => {
        if (taking) this.#keep(taking, bytes, until);
        else early.push([bytes, until]);
      },
      onLost: () => void this.#fallSilent("lost", "paused", "no_microphone"),
    });
    const startOffset = this.#elapsed();
    const part: LocalPart = {
      part: number,
      mime: capture.mime,
      startOffset,
      done: null,
      uploadUrl: null,
      uploaded: false,
    };
    if (running.silence) running.gaps.push({ ...gapEnd(running.silence, startOffset) });
    running.silence = null;
    running.parts.push(part);
    taking = { capture, writer, part, written: Promise.resolve() };
    running.taking = taking;
    for (const [bytes, until] of early) this.#keep(taking, bytes, until);
    await this.#saveParts();
    this.#options.keepAwake(true);
    this.#endTick();
    this.#endTick = every(100, () => this.#tick());
  }

  /** Writes a slice; the disk's refusal is said and tried again for as long as the page lives. */
  #keep(taking: Taking, bytes: Uint8Array<ArrayBuffer>, until: number): void {
    taking.written = taking.written.then(async () => {
      for (;;) {
        try {
          await taking.writer.write(bytes, until);
          // Sound whose part the record does not name would be lost with this page.
          if (this.#running?.unsaved) await this.#saveParts();
          if (!this.#running?.unsaved) this.#problem(null);
          return;
        } catch {
          this.#problem("not_saved");
          await new Promise<void>((resolve) => after(WRITE_AGAIN, resolve));
        }
      }
    });
  }

  async #fallSilent(
    reason: Gap["reason"],
    state: RecorderState,
    problem: RecorderView["problem"] = null,
  ): Promise<void> {
    const running = this.#running;
    if (!running?.taking) {
      if (running?.silence) running.silence = { ...running.silence, reason };
      if (running) this.#show(state);
      return;
    }
    await this.#closePart(reason);
    this.level.set(0);
    if (problem) this.#problem(problem);
    this.#show(state);
  }

  async #closePart(reason: Gap["reason"] | null = null): Promise<void> {
    const running = this.#running;
    const taking = running?.taking;
    if (!running || !taking) return;
    running.taking = null;
    await taking.capture.stop().catch(() => {});
    await taking.written;
    const done = taking.writer.done(taking.part);
    running.parts = running.parts.map((part) => (part === taking.part ? { ...part, done } : part));
    running.recorded += done.seconds;
    if (reason) running.silence = { start: done.startOffset + done.seconds, reason };
    await this.#saveParts();
  }

  #tick(): void {
    const running = this.#running;
    if (!running) return;
    const capture = running.taking?.capture;
    this.level.set(capture?.level() ?? 0);
    if (
      capture &&
      running.taking &&
      this.#elapsed() - running.taking.part.startOffset - capture.heard() > SLEPT
    ) {
      void this.#wokeUp();
      return;
    }
    if (this.#elapsed() - this.#view.get().elapsed >= 0.5) this.#show(this.#view.get().state);
  }

  /** The tablet slept: what came before is one part, what comes now another. */
  async #wokeUp(): Promise<void> {
    await this.#closePart("locked");
    await this.#take().catch(() => this.#problem("no_microphone"));
    this.#show(this.#running?.taking ? "recording" : "paused");
  }

  #elapsed(): number {
    return this.#running ? (monotonic() - this.#running.zero) / 1000 : 0;
  }

  async #save(record: RecordingRecord): Promise<void> {
    try {
      await saveRecord(this.#options.database, record);
    } catch (cause) {
      throw new LocalError("not_saved", { cause });
    }
  }

  async #saveParts(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    const { id, parts, gaps } = running;
    running.unsaved = await changeRecord(this.#options.database, id, (record) => ({
      ...record,
      // An upload may have moved on meanwhile.
      parts: parts.map((part, i) => ({ ...part, ...uploadOf(record.parts[i]) })),
      gaps: [...gaps],
    })).then(
      () => false,
      () => true,
    );
    if (running.unsaved) this.#problem("not_saved");
    this.#options.onChange();
  }

  async #abandon(id: string): Promise<void> {
    await this.#running?.taking?.capture.stop().catch(() => {});
    this.#running = null;
    this.#endTick();
    this.#options.keepAwake(false);
    this.#view.set({ ...idle, interrupted: this.#view.get().interrupted });
    await this.#options.finisher.discard(id).catch(() => {});
    this.#options.onChange();
  }

  #problem(problem: RecorderView["problem"]): void {
    if (this.#view.get().problem !== problem) this.#view.update((view) => ({ ...view, problem }));
  }

  #show(state: RecorderState): void {
    const running = this.#running;
    if (!running) return;
    const heard = running.taking?.capture.heard() ?? 0;
    this.#view.update((view) => ({
      ...view,
      state,
      recordingId: running.id,
      encounterId: running.encounterId,
      patientId: running.patientId,
      startedAt: running.startedAt,
      elapsed: this.#elapsed(),
      recorded: running.recorded + heard,
      gaps: [...running.gaps],
    }));
  }
}
