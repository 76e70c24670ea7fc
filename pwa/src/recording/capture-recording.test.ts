import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { soundIdOf } from "#domain/capture/index.ts";
import { newId } from "#domain/kernel/id.ts";
import { atTheEnd, playClock, tabletAt, unlockedAt } from "../local/testing/at-work.ts";
import { FakeClinic } from "../local/testing/fake-clinic.ts";
import { PIN, rawDisk, type Tablet, until } from "../local/testing/tablet.ts";

const HOUR = 3_600_000;
const consent = { by: "patient", others: ["family"] } as const;
const digest = (text: string) => createHash("sha256").update(text).digest("hex");

/** A tablet whose offline time is over, on which somebody begins to record. */
async function recording() {
  const clock = playClock();
  const clinic = new FakeClinic();
  clinic.scope.push("intake");
  const sent: string[] = [];
  const send = async (_frames: Blob, { id }: { id: string }) => {
    if (clinic.network === "down") throw new Error("no network");
    sent.push(id);
  };
  const tablet = await unlockedAt(clinic, { send });
  await tablet.local.session.lock();
  clinic.network = "down";
  clock.pass(48 * HOUR);
  await tablet.local.session.unlock(PIN);
  expect(tablet.local.session.get().state).toBe("expired");
  const captureId = newId();
  await tablet.local.recorder.begin({ encounterId: null, patientId: null, captureId, consent });
  return { clock, clinic, tablet, sent, send, captureId, soundId: soundIdOf(captureId) };
}

const chunks = async ({ database }: Tablet, count: number) => {
  await expect.poll(() => database.chunks.count()).toBe(count);
};
const soundAt = (clinic: FakeClinic) =>
  [...clinic.rows.values()].find(({ collection }) => collection === "capture")?.data.sound as
    | {
        consent: object;
        parts: { sha256: string; seconds: number }[];
        sha256: string;
        gaps: { reason: string }[];
      }
    | undefined;

test("what is recorded for a capture has no key on the tablet, and arrives whole (C23)", async () => {
  const { clinic, tablet, sent, captureId, soundId } = await recording();
  const { local, database, microphone } = tablet;
  expect(local.recorder.get()).toMatchObject({ state: "recording", recordingId: soundId, patientId: null });
  microphone.say("SOUND-MARKER one ", 4);
  await chunks(tablet, 1);
  microphone.say("SOUND-MARKER two", 8);
  await chunks(tablet, 2);
  await local.recorder.stop();
  const [record] = await database.recordings.toArray();
  expect(record).toMatchObject({ id: soundId, keyLocal: null, state: "complete" });
  expect(await rawDisk(database)).not.toContain("SOUND-MARKER");
  await expect(local.playSpan(soundId, 0, 4)).rejects.toMatchObject({ code: "no_audio" });
  expect(local.outbox.get()).toMatchObject([{ name: "capture.write", rowId: captureId }]);
  await until(local.recordings, (all) => all.length === 1 && all[0]!.sealed && all[0]!.patientId === null);

  await local.session.lock();
  clinic.sessionEnded = true;
  clinic.network = "up";
  await expect
    .poll(() => soundAt(clinic)?.parts, { timeout: 10_000 })
    .toMatchObject([{ sha256: digest("SOUND-MARKER one SOUND-MARKER two"), seconds: 8 }]);
  expect(soundAt(clinic)?.consent).toMatchObject(consent);
  await expect.poll(() => sent, { timeout: 10_000 }).toEqual([`${soundId}.0`]);
});

test("when the tab dies in the middle, what was said is put away as it is at the next unlock, without being opened", async () => {
  const { clinic, tablet, send, soundId } = await recording();
  const { database, microphone } = tablet;
  microphone.say("First words ", 4);
  await chunks(tablet, 1);
  microphone.say("and the last", 8);
  await chunks(tablet, 2);
  // `close` stops politely: what it wrote last is taken back.
  const record = (await database.recordings.get(soundId))!;
  const queue = await database.outbox.toArray();
  const clients = await database.clients.toArray();
  await tablet.local.close();
  await database.open();
  expect(record).toMatchObject({ state: "open", keyLocal: null });
  await database.recordings.put(record);
  await database.outbox.clear();
  await database.outbox.bulkPut(queue);
  await database.clients.bulkPut(clients);
  database.close();

  const again = await tabletAt(clinic, { name: tablet.name, send });
  atTheEnd(() => again.local.close());
  await again.local.session.unlock(PIN);
  await expect
    .poll(async () => (await again.database.recordings.get(soundId))?.state, { timeout: 10_000 })
    .toBe("complete");
  expect(again.local.recorder.get().interrupted).toEqual([]);
  clinic.network = "up";
  await again.local.syncNow();
  await expect
    .poll(() => soundAt(clinic)?.parts, { timeout: 10_000 })
    .toMatchObject([{ sha256: digest("First words and the last"), seconds: 8 }]);
  expect(soundAt(clinic)?.gaps).toMatchObject([{ reason: "reloaded" }]);
});

test("a note's sound is never recorded over, and stays whole when somebody tries", async () => {
  const { clinic, tablet, captureId, soundId } = await recording();
  const { local, database, microphone } = tablet;
  microphone.say("Said first", 4);
  await chunks(tablet, 1);
  await local.recorder.stop();
  const record = await database.recordings.get(soundId);
  const begin = () => local.recorder.begin({ encounterId: null, patientId: null, captureId, consent });
  await expect(begin()).rejects.toMatchObject({ code: "recorded_before" });
  expect(local.recorder.get().state).toBe("idle");
  expect(await database.recordings.get(soundId)).toEqual(record);
  await local.session.lock();
  clinic.network = "up";
  await expect
    .poll(() => soundAt(clinic)?.parts, { timeout: 10_000 })
    .toMatchObject([{ sha256: digest("Said first"), seconds: 4 }]);
});
