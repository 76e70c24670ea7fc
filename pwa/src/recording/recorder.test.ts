import { createHash } from "node:crypto";
import type { WhereClause } from "dexie";
import { afterEach, describe, expect, test } from "vitest";
import { streams } from "#domain/access/scope.ts";
import { useClock } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { recordingHash } from "#domain/recording/index.ts";
import type { ChunkRecord } from "../local/store/recording-records.ts";
import { FakeClinic } from "../local/testing/fake-clinic.ts";
import {
  FakeMicrophone,
  PASSWORD,
  PIN,
  rawDisk,
  signInFresh,
  startTablet,
  type Tablet,
  until,
} from "../local/testing/tablet.ts";
import { openChunk } from "../outbox/server-key.ts";
import { recoverPart } from "./chunks.ts";
import type { SendPart } from "./upload.ts";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of cleanup.splice(0).reverse()) await end();
});

/** A clock whose timers are real and whose seconds are played. */
function playSeconds() {
  let seconds = 0;
  const zero = Date.UTC(2027, 0, 12, 14);
  cleanup.push(useClock({ now: () => zero + seconds * 1000, monotonic: () => seconds * 1000 }));
  return (more: number) => {
    seconds += more;
  };
}

async function recordingTablet(options: Parameters<typeof startTablet>[1] = {}) {
  const clinic = new FakeClinic();
  const patientId = newId();
  clinic.scope.push(streams.chart(patientId));
  const tablet = await startTablet(clinic, options);
  cleanup.push(() => tablet.local.close());
  await signInFresh(tablet);
  await tablet.local.syncNow();
  return {
    clinic,
    tablet,
    visit: { encounterId: newId(), patientId, consent: { by: "patient", others: ["interpreter"] } } as const,
  };
}

async function restart(clinic: FakeClinic, name: string) {
  const tablet = await startTablet(clinic, { name });
  cleanup.push(() => tablet.local.close());
  await tablet.local.session.unlock(PIN);
  return tablet;
}

const stored = (tablet: Tablet, chunks: number) =>
  until({ get: () => tablet.database.chunks.count(), subscribe: () => () => {} }, () => true).then(
    async () => {
      for (let i = 0; i < 400 && (await tablet.database.chunks.count()) < chunks; i++)
        await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await tablet.database.chunks.count()).toBe(chunks);
    },
  );

/** Leaves the disk as a killed tab does: `close` stops politely, so what it wrote last is taken back. */
async function kill(tablet: Tablet, recordingId: string): Promise<void> {
  const { database } = tablet;
  const record = await database.recordings.get(recordingId);
  const queue = await database.outbox.toArray();
  const clients = await database.clients.toArray();
  await tablet.local.close();
  await database.open();
  if (record) await database.recordings.put(record);
  await database.outbox.clear();
  await database.outbox.bulkPut(queue);
  await database.clients.bulkPut(clients);
  database.close();
}

const sha = (text: string) => createHash("sha256").update(text).digest("hex");
const named = (tablet: Tablet, name: string) => tablet.local.outbox.get().find((item) => item.name === name);

describe("recorder", () => {
  test("C17 consent of everybody in the room begins it; C18 what is said off the record is a gap; hashes come out right", async () => {
    const pass = playSeconds();
    const { clinic, tablet, visit } = await recordingTablet();
    const { recorder } = tablet.local;
    clinic.network = "down";
    const { recordingId } = await recorder.begin(visit);
    expect(named(tablet, "recording.begin")?.args).toMatchObject({
      id: recordingId,
      consent: { by: "patient", others: ["interpreter"] },
    });
    pass(4);
    tablet.microphone.say("first ", 4);
    pass(4);
    tablet.microphone.say("second", 8);
    await recorder.offTheRecord();
    expect(recorder.get().state).toBe("off-the-record");
    expect(tablet.microphone.events).toBeNull(); // the microphone is closed, not only ignored
    tablet.microphone.say("off the record", 12);
    pass(10);
    await recorder.resume();
    pass(2);
    tablet.microphone.say("third", 2);
    await recorder.stop();
    expect(recorder.get().state).toBe("idle");
    const complete = named(tablet, "recording.complete")?.args as Record<string, unknown> & {
      parts: never[];
    };
    expect(complete.parts).toEqual([
      {
        part: 0,
        mime: "audio/webm;codecs=opus",
        bytes: 12,
        seconds: 8,
        startOffset: 0,
        sha256: sha("first second"),
      },
      {
        part: 1,
        mime: "audio/webm;codecs=opus",
        bytes: 5,
        seconds: 2,
        startOffset: 18,
        sha256: sha("third"),
      },
    ]);
    expect(complete.gaps).toEqual([{ start: 8, end: 18, reason: "off-the-record" }]);
    expect(complete.sha256).toBe(recordingHash(complete.parts));
  });

  test("the clinic can open every chunk with the key in recording.begin, and each names the one before", async () => {
    const { clinic, tablet, visit } = await recordingTablet();
    await tablet.local.recorder.begin(visit);
    tablet.microphone.say("Markervoice one", 4);
    tablet.microphone.say("Markervoice two", 8);
    await stored(tablet, 2);
    const begin =
      clinic.requests.flatMap(({ path, body }) =>
        path === "/api/sync/push"
          ? (body as { mutations: { name: string; args: { sealedKey: string } }[] }).mutations
          : [],
      )[0] ?? (named(tablet, "recording.begin") as unknown as { args: { sealedKey: string } });
    const raw = await clinic.openSealed(begin.args.sealedKey);
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const chunks = await tablet.database.chunks.toArray();
    const opened = await Promise.all(chunks.map(({ jwe }) => openChunk(key, jwe)));
    expect(opened.map(({ plain }) => new TextDecoder().decode(plain))).toEqual([
      "Markervoice one",
      "Markervoice two",
    ]);
    expect(opened.map(({ header }) => header.prev)).toEqual(["0".repeat(64), sha("Markervoice one")]);
    expect(opened[1]?.header).toMatchObject({ alg: "dir", enc: "A256GCM", part: 0, chunk: 1 });
    expect(await rawDisk(tablet.database)).not.toContain("Markervoice");
    expect(await rawDisk(tablet.database)).not.toContain(visit.patientId);
  });

  test("goes on under the lock, stops without a PIN, and is told to the clinic at the next unlock (C24)", async () => {
    const { tablet, visit } = await recordingTablet();
    const { local, microphone } = tablet;
    const { recordingId } = await local.recorder.begin(visit);
    microphone.say("before ", 4);
    await local.session.lock();
    microphone.say("under the lock", 8);
    await stored(tablet, 2);
    await local.recorder.stop();
    expect(await tablet.database.recordings.get(recordingId)).toMatchObject({ state: "stopped" });
    await local.session.unlock(PIN);
    for (let i = 0; i < 100; i++) {
      if ((await tablet.database.recordings.get(recordingId))?.state === "complete") break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const record = await tablet.database.recordings.get(recordingId);
    expect(record).toMatchObject({
      state: "complete",
      parts: [{ done: { sha256: sha("before under the lock") } }],
    });
  });

  test("whoever works next on the tablet may stop it, and its author tells the clinic at the next unlock", async () => {
    const { clinic, tablet, visit } = await recordingTablet();
    const { local, database, microphone } = tablet;
    const author = clinic.user.id;
    const { recordingId } = await local.recorder.begin(visit);
    microphone.say("before ", 4);
    await local.session.switchUser(null);
    clinic.user = { ...clinic.user, id: newId(), name: "Ben Trial" };
    await local.session.signIn({ username: "ben", password: PASSWORD });
    await local.session.setPin(PIN);
    microphone.say("and after", 8);
    await stored(tablet, 2);
    await local.recorder.stop();
    const stopped = await database.recordings.get(recordingId);
    expect(stopped).toMatchObject({ state: "stopped", parts: [{ done: { seconds: 8 } }] });
    expect(local.outbox.get()).toEqual([]);
    await local.session.switchUser(author);
    await local.session.unlock(PIN);
    const known = () => [...clinic.rows.values()].find(({ data }) => data.id === recordingId)?.data;
    await expect
      .poll(known, { timeout: 10_000 })
      .toMatchObject({ endedAt: stopped?.endedAt, parts: [{ sha256: sha("before and after") }] });
    expect(await database.recordings.get(recordingId)).toMatchObject({ state: "complete" });
  });

  test("nobody's recording begins for a colleague who unlocks while the browser still asks for the microphone", async () => {
    const { promise: allowed, resolve: allow } = Promise.withResolvers<void>();
    const microphone = new FakeMicrophone();
    const { promise: asked, resolve: asks } = Promise.withResolvers<void>();
    const { clinic, tablet, visit } = await recordingTablet({
      microphone: async (events) => {
        asks();
        await allowed;
        return microphone.open(events);
      },
    });
    const { local, database } = tablet;
    const beginning = local.recorder.begin(visit);
    await asked;
    await local.session.switchUser(null);
    clinic.user = { ...clinic.user, id: newId(), name: "Ben Trial" };
    await local.session.signIn({ username: "ben", password: PASSWORD });
    await local.session.setPin(PIN);
    allow();
    await expect(beginning).rejects.toMatchObject({ code: "locked" });
    expect(local.recorder.get().state).toBe("idle");
    expect(await database.recordings.count()).toBe(0);
    expect(microphone.events).toBeNull();
  });

  test("goes on when the offline time ends, and stops from the door or in an emergency (C23, C24)", async () => {
    const pass = playSeconds();
    const { clinic, tablet, visit } = await recordingTablet();
    const { local } = tablet;
    clinic.network = "down";
    for (const emergency of [false, true]) {
      if (emergency) await local.session.beginEmergency(PIN, "Power cut");
      const { recordingId } = await local.recorder.begin(visit);
      tablet.microphone.say("heard", 4);
      if (!emergency) pass(48 * 3600);
      await local.syncNow();
      expect(local.session.get().state).toBe(emergency ? "emergency" : "expired");
      expect(local.recorder.get().state).toBe("recording");
      await local.recorder.stop();
      expect(local.recorder.get().state).toBe("idle");
      expect(await tablet.database.recordings.get(recordingId)).toMatchObject({ state: "complete" });
    }
  });

  test("cut off on a tablet that shows no records: it is offered to be ended, and is told to the clinic", async () => {
    const pass = playSeconds();
    const { clinic, tablet, visit } = await recordingTablet();
    clinic.network = "down";
    const { recordingId } = await tablet.local.recorder.begin(visit);
    tablet.microphone.say("safe", 4);
    await stored(tablet, 1);
    await kill(tablet, recordingId);
    pass(48 * 3600);

    const again = await restart(clinic, tablet.name);
    expect(again.local.session.get().state).toBe("expired");
    await until(again.local.recorder, ({ interrupted }) => interrupted.length === 1);
    await again.local.session.beginEmergency(PIN, "Power cut");
    expect(again.local.recorder.get().interrupted).toHaveLength(1);
    await again.local.recorder.finishInterrupted(recordingId);
    expect(named(again, "recording.complete")?.args).toMatchObject({ parts: [{ sha256: sha("safe") }] });
  });

  test("power lost while recording: what was on the disk is offered, and finished with its parts", async () => {
    const { clinic, tablet, visit } = await recordingTablet();
    clinic.network = "down";
    const { recordingId } = await tablet.local.recorder.begin(visit);
    tablet.microphone.say("safe", 4);
    await stored(tablet, 1);
    await kill(tablet, recordingId);

    const again = await restart(clinic, tablet.name);
    const { interrupted } = await until(again.local.recorder, ({ interrupted }) => interrupted.length === 1);
    expect(interrupted[0]).toMatchObject({ recordingId, patientId: visit.patientId, seconds: 4 });
    await again.local.recorder.finishInterrupted(recordingId);
    expect(named(again, "recording.complete")?.args).toMatchObject({
      parts: [{ part: 0, bytes: 4, seconds: 4, sha256: sha("safe") }],
      gaps: [{ reason: "reloaded" }],
    });
    expect(again.local.recorder.get().interrupted).toEqual([]);
  });

  test("sound whose clock stood still is offered as well, not ended unasked", async () => {
    const { clinic, tablet, visit } = await recordingTablet();
    clinic.network = "down";
    const { recordingId } = await tablet.local.recorder.begin(visit);
    tablet.microphone.say("safe", 0);
    await stored(tablet, 1);
    await kill(tablet, recordingId);
    const again = await restart(clinic, tablet.name);
    await until(again.local.recorder, ({ interrupted }) => interrupted.length === 1);
    expect(named(again, "recording.complete")).toBeUndefined();
  });

  test.each(["cut off", "stopped under the lock"])(
    "%s, and then the PIN is forgotten: the clinic hears how it ended, gets the sound, and the next one works",
    async (how) => {
      const sent: string[] = [];
      const send: SendPart = async (_frames, { id }) => {
        if (clinic.network === "down") throw new Error("no network");
        sent.push(id);
      };
      const { clinic, tablet, visit } = await recordingTablet({ send });
      const { local, microphone } = tablet;
      clinic.network = "down";
      const { recordingId } = await local.recorder.begin(visit);
      microphone.say("only the clinic ", 4);
      microphone.say("opens this", 8);
      await stored(tablet, 2);
      if (how === "cut off") await kill(tablet, recordingId);
      else {
        await local.session.lock();
        await local.recorder.stop();
        await local.close();
      }
      const again = await startTablet(clinic, { name: tablet.name, send });
      cleanup.push(() => again.local.close());
      await again.local.session.forgetPin();
      clinic.network = "up";
      await again.local.session.signIn({ username: "ana", password: PASSWORD });
      await again.local.session.setPin("brand-new-pin");
      const complete = () =>
        [...clinic.rows.values()].find(({ data }) => data.id === recordingId)?.data as
          | { parts: unknown[]; gaps: unknown[] }
          | undefined;
      await expect
        .poll(() => complete()?.parts, { timeout: 10_000 })
        .toMatchObject([{ bytes: 26, seconds: 8, sha256: sha("only the clinic opens this") }]);
      expect(complete()?.gaps).toMatchObject(how === "cut off" ? [{ reason: "reloaded" }] : []);
      await expect.poll(() => sent, { timeout: 10_000 }).toEqual([`${recordingId}.0`]);
      await until(again.local.recordings, (waiting) => waiting.length === 0);
      expect(again.local.recorder.get().interrupted).toEqual([]);

      // What is recorded from now on is the person's own again.
      const next = await again.local.recorder.begin({ ...visit, encounterId: newId() });
      again.microphone.say("mine", 4);
      await again.local.recorder.stop();
      await again.local.playSpan(next.recordingId, 0, 4);
      expect(again.played).toMatchObject([{ text: "mine" }]);
    },
  );

  test("one that was cut off is offered to nobody else, however late it is found", async () => {
    const { clinic, tablet, visit } = await recordingTablet();
    const { recordingId } = await tablet.local.recorder.begin(visit);
    tablet.microphone.say("cut off", 4);
    await stored(tablet, 1);
    await kill(tablet, recordingId);
    const again = await startTablet(clinic, { name: tablet.name });
    cleanup.push(() => again.local.close());
    const { promise: found, resolve: goOn } = Promise.withResolvers<void>();
    const { promise: looking, resolve: looks } = Promise.withResolvers<void>();
    const { chunks } = again.database;
    const where = chunks.where.bind(chunks) as (index: string) => WhereClause<ChunkRecord>;
    Object.assign(chunks, {
      where: (index: string) => ({
        between: (...range: [unknown, unknown]) => ({
          toArray: async () => {
            looks();
            await found;
            return where(index)
              .between(...range)
              .toArray();
          },
        }),
      }),
    });
    await again.local.session.unlock(PIN);
    await looking;
    await again.local.session.switchUser(null);
    goOn();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(again.local.recorder.get().interrupted).toEqual([]);
  });

  test("an interrupted recording can go on as a new part", async () => {
    const pass = playSeconds();
    const { clinic, tablet, visit } = await recordingTablet();
    clinic.network = "down";
    const { recordingId } = await tablet.local.recorder.begin(visit);
    pass(4);
    tablet.microphone.say("one", 4);
    await stored(tablet, 1);
    await kill(tablet, recordingId);
    pass(26);

    const again = await restart(clinic, tablet.name);
    await until(again.local.recorder, ({ interrupted }) => interrupted.length === 1);
    await again.local.recorder.continueInterrupted(recordingId);
    pass(3);
    again.microphone.say("two", 3);
    await again.local.recorder.stop();
    expect(named(again, "recording.complete")?.args).toMatchObject({
      parts: [
        { part: 0, startOffset: 0, seconds: 4 },
        { part: 1, startOffset: 30, seconds: 3, sha256: sha("two") },
      ],
      gaps: [{ start: 4, end: 30, reason: "reloaded" }],
    });
  });

  test.each([
    ["days later", 5 * 86_400],
    ["after the clock was set back", -3600],
  ])("goes on %s, the break being of unknown length, and is told to the clinic", async (_when, seconds) => {
    const pass = playSeconds();
    const { clinic, tablet, visit } = await recordingTablet();
    clinic.network = "down";
    const { recordingId } = await tablet.local.recorder.begin(visit);
    pass(4);
    tablet.microphone.say("one", 4);
    await stored(tablet, 1);
    await kill(tablet, recordingId);
    pass(seconds);
    const again = await restart(clinic, tablet.name);
    await until(again.local.recorder, ({ interrupted }) => interrupted.length === 1);
    await again.local.recorder.continueInterrupted(recordingId);
    pass(3);
    again.microphone.say("two", 3);
    await again.local.recorder.stop();
    expect(named(again, "recording.complete")?.args).toMatchObject({
      parts: [
        { part: 0, startOffset: 0, seconds: 4 },
        { part: 1, startOffset: 4, seconds: 3 },
      ],
      gaps: [{ start: 4, end: 4, reason: "reloaded" }],
    });
  });

  test.each([
    ["missing", (jwe: string) => jwe, true],
    ["changed", (jwe: string) => `${jwe.slice(0, -4)}AAAA`, false],
  ])("a %s chunk ends the part before it (F24)", async (_name, change, remove) => {
    const { clinic, tablet, visit } = await recordingTablet();
    const { recordingId } = await tablet.local.recorder.begin(visit);
    for (const [i, word] of ["a", "b", "c"].entries()) tablet.microphone.say(word, (i + 1) * 4);
    await stored(tablet, 3);
    const middle = await tablet.database.chunks.get([recordingId, 0, 1]);
    if (remove) await tablet.database.chunks.delete([recordingId, 0, 1]);
    else if (middle) await tablet.database.chunks.put({ ...middle, jwe: change(middle.jwe) });
    await tablet.local.syncNow();
    const { data } = clinic.rows.get(`recording|${recordingId}`) ?? {};
    expect(data).toBeDefined();
    const begin = clinic.requests.flatMap(({ path, body }) =>
      path === "/api/sync/push" ? (body as { mutations: { args: { sealedKey: string } }[] }).mutations : [],
    )[0];
    const raw = await clinic.openSealed(begin?.args.sealedKey ?? "");
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const record = await tablet.database.recordings.get(recordingId);
    const [part] = record?.parts ?? [];
    if (!part) throw new Error("no part");
    const recovered = await recoverPart(tablet.database, key, recordingId, part);
    expect(recovered).toMatchObject({ bytes: 1, seconds: 4, sha256: sha("a") });
    expect(await tablet.database.chunks.count()).toBe(1);
  });

  test("sound that the disk refuses is kept and written as soon as it can be", async () => {
    const { tablet, visit } = await recordingTablet();
    await tablet.local.recorder.begin(visit);
    const fail = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    tablet.database.chunks.hook("creating", fail);
    tablet.microphone.say("held back", 4);
    await until(tablet.local.recorder, ({ problem }) => problem === "not_saved");
    tablet.database.chunks.hook("creating").unsubscribe(fail);
    for (let i = 0; i < 600 && (await tablet.database.chunks.count()) === 0; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await tablet.database.chunks.count()).toBe(1);
    await until(tablet.local.recorder, ({ problem }) => problem === null);
  });

  test("a part that the disk would not name is named with the next slice, so that a crash loses no sound", async () => {
    const { tablet, visit } = await recordingTablet();
    let full = true;
    tablet.database.recordings.hook("updating", (changes: { parts?: unknown[] }) => {
      if (full && changes.parts?.length) throw new DOMException("full", "QuotaExceededError");
    });
    const { recordingId } = await tablet.local.recorder.begin(visit);
    expect(tablet.local.recorder.get().problem).toBe("not_saved");
    expect((await tablet.database.recordings.get(recordingId))?.parts).toEqual([]);
    full = false;
    tablet.microphone.say("named late", 4);
    await until(tablet.local.recorder, ({ problem }) => problem === null);
    expect((await tablet.database.recordings.get(recordingId))?.parts).toMatchObject([{ part: 0 }]);
  });

  test("no microphone leaves no recording behind", async () => {
    const { tablet, visit } = await recordingTablet({
      microphone: async () => {
        const { LocalError } = await import("../local/local-error.ts");
        throw new LocalError("no_microphone");
      },
    });
    await expect(tablet.local.recorder.begin(visit)).rejects.toMatchObject({ code: "no_microphone" });
    expect(await tablet.database.recordings.count()).toBe(0);
    expect(tablet.local.outbox.get()).toEqual([]);
    expect(tablet.local.recorder.get().state).toBe("idle");
  });
});

test("the clinic hears of a recording at once, without anybody asking", async () => {
  const { clinic, tablet, visit } = await recordingTablet();
  const { recordingId } = await tablet.local.recorder.begin(visit);
  await until(tablet.local.connection, () => clinic.rows.has(`recording|${recordingId}`));
});

describe("what happens to the sound", () => {
  test("parts are sent as sealed frames, once, and go on from where an upload left off", async () => {
    const sent: { id: string; url: string | null; bytes: Uint8Array }[] = [];
    let broken = true;
    const send: SendPart = async (blob, { id, url, onUrl, authorize }) => {
      sent.push({ id, url, bytes: new Uint8Array(await blob.arrayBuffer()) });
      expect(await authorize("POST", "/api/recordings")).toMatch(/^(Bearer|Device) /);
      onUrl(`/api/recordings/${id}`);
      if (broken) {
        broken = false;
        throw new Error("connection lost");
      }
    };
    const { tablet, visit } = await recordingTablet({ send });
    const { recordingId } = await tablet.local.recorder.begin(visit);
    tablet.microphone.say("one", 4);
    tablet.microphone.say("two", 8);
    await tablet.local.recorder.stop();
    for (let i = 0; i < 500 && sent.length < 2; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(sent.map(({ id, url }) => [id, url])).toEqual([
      [`${recordingId}.0`, null],
      [`${recordingId}.0`, `/api/recordings/${recordingId}.0`],
    ]);
    const chunks = await tablet.database.chunks.toArray();
    let at = 0;
    for (const { jwe } of chunks) {
      const { bytes } = sent[1] as { bytes: Uint8Array };
      const length = new DataView(bytes.buffer).getUint32(at);
      expect(new TextDecoder().decode(bytes.subarray(at + 4, at + 4 + length))).toBe(jwe);
      at += 4 + length;
    }
    expect(at).toBe(sent[1]?.bytes.length);
    await until(tablet.local.audioPlace(recordingId), (place) => place === "on-this-tablet");
    expect((await tablet.database.recordings.get(recordingId))?.parts[0]?.uploaded).toBe(true);
  });

  test("whoever works in a role that may not record leaves the sending to the device", async () => {
    const words = new Set<string>();
    let isAway = true;
    const send: SendPart = async (_blob, { authorize }) => {
      words.add((await authorize("POST", "/api/recordings")).split(" ")[0] ?? "");
      if (isAway) throw new Error("connection lost");
    };
    const soon = async () => {
      for (let i = 0; i < 500 && words.size === 0; i++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      return [...words];
    };
    const { tablet, visit } = await recordingTablet({ send });
    await tablet.local.recorder.begin(visit);
    tablet.microphone.say("one", 4);
    await tablet.local.recorder.stop();
    expect(await soon()).toEqual(["Bearer"]);
    await tablet.local.session.switchRole("front-desk");
    words.clear();
    isAway = false;
    expect(await soon()).toEqual(["Device"]);
  });

  test("a sentence plays from this tablet with the clinic away", async () => {
    const pass = playSeconds();
    const { clinic, tablet, visit } = await recordingTablet();
    const { recordingId } = await tablet.local.recorder.begin(visit);
    pass(8);
    tablet.microphone.say("hello doctor", 8);
    await tablet.local.recorder.stop();
    clinic.network = "down";
    await tablet.local.playSpan(recordingId, 2, 5);
    expect(tablet.played).toEqual([{ text: "hello doctor", start: 2, end: 5 }]);
    expect(tablet.local.playback.get()).toMatchObject({
      state: "idle",
      last: { recordingId, start: 2, end: 5 },
    });
  });

  test("sound that is not here comes from the clinic, and without the clinic there is none", async () => {
    const { clinic, tablet, visit } = await recordingTablet();
    const id = newId();
    clinic.audio.set(`${id}.0`, new TextEncoder().encode("remote") as Uint8Array<ArrayBuffer>);
    const part = {
      part: 0,
      mime: "audio/webm;codecs=opus",
      bytes: 6,
      seconds: 9,
      startOffset: 0,
      sha256: "0".repeat(64),
    };
    clinic.put("recording", streams.chart(visit.patientId), {
      id,
      ...visit,
      status: "stored",
      parts: [part],
    });
    await tablet.local.syncNow();
    await tablet.local.playSpan(id, 1, 2);
    expect(tablet.played).toEqual([{ text: "remote", start: 1, end: 2 }]);
    tablet.local.stopPlayback();
    await tablet.local.session.lock();
    await tablet.local.session.unlock(PIN);
    clinic.network = "down";
    await tablet.local.syncNow();
    await expect(tablet.local.playSpan(id, 1, 2)).rejects.toMatchObject({ code: "no_audio" });
  });

  test("the copy stays until durable, signed and a day old", async () => {
    const pass = playSeconds();
    const { clinic, tablet, visit } = await recordingTablet();
    const { sweep } = await import("./retention.ts");
    const { ReadModel } = await import("../local/read/read-model.ts");
    const { recordingId } = await tablet.local.recorder.begin(visit);
    pass(4);
    tablet.microphone.say("kept", 4);
    await tablet.local.recorder.stop();
    const model = new ReadModel();
    cleanup.push(() => model.close());
    const noteId = newId();
    const row = (collection: string, id: string, data: Record<string, unknown>) =>
      model.applyBatch({ puts: [{ collection, id, version: 1, seq: 1, kid: "k", data: { id, ...data } }] });
    const look = () => sweep(tablet.database, clinic.user.id, model);
    await row("recording", recordingId, { encounterId: visit.encounterId, status: "captured" });
    await row("note", noteId, { encounterId: visit.encounterId, status: "signed" });
    pass(86_401);
    expect(await look()).toEqual([]); // not durable
    await row("recording", recordingId, { encounterId: visit.encounterId, status: "transcribed" });
    await row("note", noteId, { encounterId: visit.encounterId, status: "draft" });
    expect(await look()).toEqual([]); // not signed
    await row("note", noteId, { encounterId: visit.encounterId, status: "signed" });
    pass(-1000);
    expect(await look()).toEqual([]); // not a day
    pass(1000);
    expect(await look()).toEqual([recordingId]);
    expect(await tablet.database.chunks.count()).toBe(0);
  });

  test("the chip counts exactly the recordings and changes that are listed", async () => {
    const pass = playSeconds();
    const { clinic, tablet, visit } = await recordingTablet();
    const counted = () => tablet.local.outbox.get().length + tablet.local.recordings.get().length;
    expect(tablet.local.recordings.get()).toEqual([]);
    const { recordingId } = await tablet.local.recorder.begin(visit);
    await tablet.local.syncNow();
    await until(tablet.local.connection, ({ waiting }) => waiting === 1);
    expect(tablet.local.outbox.get()).toEqual([]);
    expect(await until(tablet.local.recordings, (list) => list.length === 1)).toMatchObject([
      { recordingId, patientId: visit.patientId, encounterId: visit.encounterId, place: "being-made" },
    ]);
    clinic.network = "down";
    pass(180);
    tablet.microphone.say("three minutes", 180);
    await tablet.local.recorder.stop();
    const [ended] = await until(tablet.local.recordings, ([one]) => one?.place === "on-this-tablet");
    expect(ended).toMatchObject({ seconds: 180 });
    expect(tablet.local.connection.get().waiting).toBe(counted());
    expect(named(tablet, "recording.complete")?.patientId).toBe(visit.patientId);
  });

  test("nothing is said to be sent while only tries fail", async () => {
    const { clinic, tablet, visit } = await recordingTablet({
      send: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw new Error("nobody answers");
      },
    });
    const { recordingId } = await tablet.local.recorder.begin(visit);
    clinic.network = "down";
    tablet.microphone.say("one", 4);
    const places = new Set<string>();
    const place = tablet.local.audioPlace(recordingId);
    cleanup.push(place.subscribe(() => places.add(place.get())));
    await tablet.local.recorder.stop();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([...places]).toEqual(["on-this-tablet"]);
  });

  test("what a colleague recorded is counted and listed without a name", async () => {
    const { clinic, tablet, visit } = await recordingTablet();
    await tablet.local.recorder.begin(visit);
    tablet.microphone.say("hers", 4);
    await tablet.local.recorder.stop();
    for (const record of await tablet.database.recordings.toArray())
      await tablet.database.recordings.put({ ...record, user: newId() });
    await tablet.crash();
    await tablet.database.open();
    const again = await restart(clinic, tablet.database.name);
    const [one] = await until(again.local.recordings, (list) => list.length === 1);
    expect(one).toMatchObject({ patientId: null, encounterId: null, place: "on-this-tablet" });
    await until(again.local.connection, ({ waiting }) => waiting === 1);
  });

  test("silence at the end counts, so that clock, list and title say the same length", async () => {
    const pass = playSeconds();
    const { tablet, visit } = await recordingTablet();
    const { recordingId } = await tablet.local.recorder.begin(visit);
    pass(10);
    tablet.microphone.say("ten seconds", 10);
    await tablet.local.recorder.offTheRecord();
    pass(20);
    await tablet.local.recorder.stop();
    expect((await tablet.database.recordings.get(recordingId))?.gaps).toEqual([
      { start: 10, end: 30, reason: "off-the-record" },
    ]);
  });
});
