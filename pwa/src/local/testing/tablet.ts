import "fake-indexeddb/auto";
import { argon2id } from "hash-wasm";
import { newId } from "#domain/kernel/id.ts";
import type { Capture, CaptureEvents, Sound } from "../../recording/devices.ts";
import type { SendPart } from "../../recording/upload.ts";
import { createTabLock } from "../../session/tab-lock.ts";
import { createLocal, type LocalOptions } from "../create-local.ts";
import { type DeriveFromPin, newKdfParameters } from "../keys/pin.ts";
import type { Local } from "../local.ts";
import { LocalDatabase } from "../store/database.ts";
import type { Value } from "../value.ts";
import type { FakeClinic } from "./fake-clinic.ts";

export const PIN = "correct-pin";
export const PASSWORD = "correct horse battery";

/** The real Argon2id with the least memory. */
export const quickDerive: DeriveFromPin = async (pin, parameters, secret) =>
  new Uint8Array(
    await argon2id({
      password: pin,
      salt: parameters.salt,
      secret,
      iterations: parameters.iterations,
      parallelism: parameters.parallelism,
      memorySize: parameters.memoryKiB,
      hashLength: 32,
      outputType: "binary",
    }),
  );

/** A microphone that a test speaks into. */
export class FakeMicrophone {
  events: CaptureEvents | null = null;
  heard = 0;
  opened = 0;
  readonly open = async (events: CaptureEvents): Promise<Capture> => {
    this.events = events;
    this.heard = 0;
    this.opened++;
    return {
      mime: "audio/webm;codecs=opus",
      level: () => 0.5,
      heard: () => this.heard,
      stop: async () => {
        this.events = null;
      },
    };
  };

  say(text: string, until: number): void {
    this.heard = until;
    this.events?.onSlice(new TextEncoder().encode(text), until);
  }
}

export interface Tablet {
  readonly local: Local;
  readonly database: LocalDatabase;
  readonly microphone: FakeMicrophone;
  readonly played: { text: string; start: number; end: number }[];
  /** The power goes: nothing is said goodbye to. The next `startTablet` with the same name finds the same disk. */
  crash(): Promise<void>;
}

export async function startTablet(
  clinic: FakeClinic,
  options: { name?: string; send?: SendPart } & Partial<LocalOptions> = {},
): Promise<Tablet & { readonly name: string }> {
  const { name = `tablet-${newId()}`, ...rest } = options;
  const database = new LocalDatabase(name);
  const microphone = new FakeMicrophone();
  const played: Tablet["played"] = [];
  const local = await createLocal({
    database,
    fetch: clinic.fetch,
    origin: "https://clinic.test",
    alone: (_name, work) => work(),
    tab: createTabLock(undefined),
    derive: quickDerive,
    kdf: () => newKdfParameters(64, 1),
    deviceName: "Test tablet",
    microphone: microphone.open,
    speaker: async (bytes): Promise<Sound> => ({
      seconds: 100,
      stop: () => {},
      play: async (start, end) => {
        played.push({ text: new TextDecoder().decode(bytes), start, end });
      },
    }),
    send: async () => {
      throw new Error("no uploads in this test");
    },
    keepAwake: () => {},
    ...rest,
  });
  return { name, local, database, microphone, played, crash: () => local.close() };
}

export async function signInFresh(tablet: Tablet): Promise<void> {
  await tablet.local.session.signIn({ username: "ana", password: PASSWORD });
  await tablet.local.session.setPin(PIN);
}

/** Waits until a value is what the test expects; fails after ten seconds with what it was instead. */
export async function until<T>(value: Value<T>, expected: (now: T) => boolean): Promise<T> {
  const deadline = performance.now() + 10_000;
  const stop = value.subscribe(() => {}); // rows are read only while somebody listens
  try {
    while (!expected(value.get())) {
      if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(value.get())}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return value.get();
  } finally {
    stop();
  }
}

/** Everything on the tablet's disk as one string, bytes read as Latin-1, as a thief would search it. */
export async function rawDisk(database: LocalDatabase): Promise<string> {
  const pieces: string[] = [];
  const dump = (value: unknown): void => {
    if (value instanceof Uint8Array) pieces.push(Buffer.from(value).toString("latin1"));
    else if (value instanceof CryptoKey) pieces.push(`key:${value.extractable}`);
    else if (Array.isArray(value)) value.forEach(dump);
    else if (value && typeof value === "object")
      for (const [name, inner] of Object.entries(value)) {
        pieces.push(name);
        dump(inner);
      }
    else pieces.push(String(value));
    pieces.push(" ");
  };
  for (const table of database.tables) for (const record of await table.toArray()) dump(record);
  return pieces.join("");
}
