import { can } from "#domain/access/can.ts";
import type { Capture, CaptureEvents } from "#pwa/recording/devices.ts";
import type { SendPart } from "#pwa/recording/upload.ts";
import { reserved } from "./act.ts";
import type { StepOf } from "./plan.ts";
import type { Play } from "./play.ts";
import { createRandom, type Random } from "./random.ts";
import { origin } from "./server.ts";
import type { PlayedTablet } from "./tablet.ts";
import type { Sound } from "./witness.ts";

/** Seconds of sound in one slice. */
const SLICE = 4;

/** A microphone that hears what the play says, one slice at a time. */
export class PlayedMicrophone {
  #events: CaptureEvents | null = null;
  #heard = 0;

  readonly open = async (events: CaptureEvents): Promise<Capture> => {
    this.#events = events;
    this.#heard = 0;
    return {
      mime: "audio/webm;codecs=opus",
      level: () => 0,
      heard: () => this.#heard,
      stop: async () => {
        this.#events = null;
      },
    };
  };

  say(bytes: Uint8Array<ArrayBuffer>): boolean {
    if (!this.#events) return false;
    this.#heard += SLICE;
    this.#events.onSlice(bytes, this.#heard);
    return true;
  }
}

/** The tus protocol in as few requests as it allows, over a network that a play decides about. */
export const sendOver =
  (fetch: typeof globalThis.fetch): SendPart =>
  async (frames, { id, endpoint, url, onUrl, authorize }) => {
    const bytes = new Uint8Array(await frames.arrayBuffer());
    const ask = async (method: string, at: string, headers: Record<string, string>, body?: Uint8Array) => {
      const authorization = await authorize(method, at);
      const response = await fetch(at, {
        method,
        headers: { "tus-resumable": "1.0.0", authorization, ...headers },
        ...(body ? { body: body as BodyInit } : {}),
      });
      if (!response.ok) throw new Error(`${method} was answered with ${response.status}`);
      return response;
    };
    const resumed = url ? await ask("HEAD", url, {}).catch(() => null) : null;
    let place = resumed ? url : null;
    if (!place) {
      const created = await ask("POST", endpoint, {
        "upload-length": String(bytes.length),
        "upload-metadata": `id ${btoa(id)}`,
      });
      const location = created.headers.get("location");
      if (!location) throw new Error("the answer is not the clinic's");
      place = new URL(location, origin).href;
      onUrl(place);
    }
    const offset = Number(resumed?.headers.get("upload-offset") ?? 0);
    if (offset === bytes.length) return;
    const sent = await ask(
      "PATCH",
      place,
      { "upload-offset": String(offset), "content-type": "application/offset+octet-stream" },
      bytes.subarray(offset),
    );
    if (sent.headers.get("upload-offset") !== String(bytes.length)) throw new Error("not all of it arrived");
  };

/** Somebody records a visit, goes on with what was cut off, or ends it; the tab may die at the edge of any chunk. */
export async function playRecord(
  play: Play,
  { tablet: index, network, kill, chance }: StepOf<"record">,
): Promise<void> {
  const tablet = play.tablet(index);
  if (!(await play.ready(tablet))) return;
  const random = createRandom("record", chance);
  tablet.network.up(network, random);
  const sound = await takeUp(play, tablet, random);
  if (sound) {
    tablet.arm(kill);
    for (let slices = 1 + random.below(5); slices > 0 && tablet.alive; slices--) {
      await speak(play, tablet, sound, random);
      if (random.chance(0.2)) await breathe(play, tablet);
    }
    if (!tablet.alive) play.counts.F24++;
    else if (random.chance(0.6)) await tablet.run(() => tablet.local.recorder.stop());
    await play.quiet();
  }
  tablet.arm(null);
  tablet.network.down();
}

/** A recording that runs now: a new one, or one that was going on or was cut off. */
async function takeUp(play: Play, tablet: PlayedTablet, random: Random): Promise<Sound | null> {
  const { recorder } = tablet.local;
  const known = (id: string | null) => play.witness.sounds.find((sound) => sound.id === id) ?? null;
  const { state, recordingId, interrupted } = recorder.get();
  if (state !== "idle") return known(recordingId);
  const [cut] = interrupted;
  if (cut) {
    if (random.chance(0.4)) {
      await tablet.run(() => recorder.finishInterrupted(cut.recordingId));
      return null;
    }
    const going = await tablet.run(() => recorder.continueInterrupted(cut.recordingId));
    return going.type === "done" ? known(cut.recordingId) : null;
  }
  const { user } = tablet.local.session.get();
  const actor = user && { type: "user" as const, id: user.id, role: user.role, deviceId: null };
  if (!actor || !can(actor, "ai:record").allowed) return null;
  const visits = tablet
    .rows("encounter")
    .filter(({ status, patientId }) => status === "in-progress" && !reserved.has(patientId));
  if (visits.length === 0) return null;
  const { id: encounterId, patientId } = random.pick(visits);
  const begun = await tablet.run(() =>
    recorder.begin({ encounterId, patientId, consent: { by: "patient" } }),
  );
  if (begun.type !== "done") return null;
  const sound: Sound = {
    tablet: tablet.index,
    deviceId: tablet.local.session.get().deviceId ?? "",
    id: begun.value.recordingId,
    slices: [],
  };
  play.witness.sounds.push(sound);
  return sound;
}

/** One slice: once the tablet rests, it lies on the disk. Of the one at which the tab died nobody can say. */
async function speak(play: Play, tablet: PlayedTablet, sound: Sound, random: Random): Promise<void> {
  // Now and then more than one chunk holds.
  const bytes = random.bytes(random.chance(0.1) ? 200_000 : 20 + random.below(60));
  if (!tablet.microphone.say(bytes)) return;
  const slice = { bytes, durable: false };
  sound.slices.push(slice);
  play.clock.pass(SLICE * 1000);
  await play.quiet();
  slice.durable = tablet.alive;
}

/** What is said off the record ends a part; what follows is the next. */
async function breathe(play: Play, tablet: PlayedTablet): Promise<void> {
  await tablet.run(() => tablet.local.recorder.offTheRecord());
  play.clock.pass(SLICE * 1000);
  if (tablet.alive) await tablet.run(() => tablet.local.recorder.resume());
}

/** Everybody ends what they recorded, also what was cut off. */
export async function endRecordings(tablet: PlayedTablet): Promise<void> {
  const { recorder } = tablet.local;
  await tablet.run(() => recorder.stop());
  for (const { recordingId } of tablet.alive ? recorder.get().interrupted : [])
    await tablet.run(() => recorder.finishInterrupted(recordingId));
}
