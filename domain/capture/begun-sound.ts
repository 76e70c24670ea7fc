import { instantSchema } from "../kernel/instant.ts";
import { recording } from "../recording/index.ts";
import type { PushedMutation } from "../sync/protocol.ts";
import { presentArgs } from "../upcast.ts";
import { captureMutations } from "./capture.mutations.ts";
import { soundIdOf } from "./capture.schema.ts";

/** What a tablet says of the sound that it begins to send. */
export interface BegunSound {
  readonly soundId: string;
  readonly startedAt: string;
  /** The content key, sealed to the server (compact JWE). */
  readonly sealedKey: string;
}

const { begin } = recording.mutations;
const { beginRecording } = captureMutations;

/** The sound that follows this mutation: a visit's recording, or that of a capture. Null = none, or unreadable. */
export function begunSoundOf(pushed: PushedMutation): BegunSound | null {
  const at = instantSchema.safeParse(pushed.at);
  if (!at.success) return null;
  const startedAt = at.data;
  if (pushed.name === "recording.begin") {
    const args = begin.args.safeParse(presentArgs(begin, pushed));
    return args.success ? { soundId: args.data.id, startedAt, sealedKey: args.data.sealedKey } : null;
  }
  if (pushed.name !== "capture.beginRecording") return null;
  const args = beginRecording.args.safeParse(presentArgs(beginRecording, pushed));
  return args.success
    ? { soundId: soundIdOf(args.data.id), startedAt, sealedKey: args.data.sealedKey }
    : null;
}
