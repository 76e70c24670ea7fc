import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input, type InputAudioTrack } from "mediabunny";
import { OpusDecoder } from "opus-decoder";
import { DomainError } from "#domain/errors/catalog.ts";
import { createSampleBuffer, SAMPLE_RATE, type SampleBuffer } from "./sample-buffer.ts";

/** Timestamps of browsers are rounded to milliseconds; only a larger hole is a pause that has to be filled. */
const REAL_GAP_SECONDS = 0.1;

export interface OpusSound {
  readonly channels: Float32Array<ArrayBuffer>[];
  /** The bytes end or break in the middle; everything before that was decoded. */
  readonly truncated: boolean;
}

/** Samples that Opus asks to drop at the start (pre-skip in OpusHead, in 48 kHz), at 16 kHz. */
function preSkip(description: AllowSharedBufferSource | undefined): number {
  if (!description) return 0;
  const bytes = ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
  return bytes.length >= 12 ? Math.round((bytes[10]! + bytes[11]! * 256) / 3) : 0;
}

/** Puts decoded frames where their timestamps say, so that a paused recorder leaves a hole and not a shift. */
function placeFrame(rows: SampleBuffer[], frame: Float32Array[], seconds: number): void {
  const behind = Math.round(seconds * SAMPLE_RATE) - rows[0]!.length;
  const gap = behind > REAL_GAP_SECONDS * SAMPLE_RATE ? behind : 0;
  for (const [channel, row] of rows.entries()) {
    row.silence(gap);
    row.append(frame[channel]!);
  }
}

async function decodeTrack(track: InputAudioTrack, channels: number): Promise<OpusSound> {
  const decoder = new OpusDecoder({ channels, sampleRate: SAMPLE_RATE });
  await decoder.ready;
  const rows = Array.from({ length: channels }, createSampleBuffer);
  let start: number | undefined;
  let truncated = false;
  try {
    for await (const packet of new EncodedPacketSink(track).packets()) {
      const { channelData, samplesDecoded } = decoder.decodeFrame(packet.data);
      if (samplesDecoded === 0) continue;
      start ??= packet.timestamp;
      const frame = channelData.map((row) => row.subarray(0, samplesDecoded));
      placeFrame(rows, frame, packet.timestamp - start);
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    truncated = true;
  } finally {
    decoder.free();
  }
  const skip = preSkip((await track.getDecoderConfig())?.description);
  return { channels: rows.map((row) => row.take().subarray(skip)), truncated };
}

/**
 * Opus in WebM, MP4 or Ogg, decoded to 16 kHz. What a killed page left behind is decoded as far as it goes.
 * @throws {DomainError} `unsupported_audio` when no sound at all can be read
 */
export async function decodeOpus(bytes: Uint8Array): Promise<OpusSound> {
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  try {
    const track = await input.getPrimaryAudioTrack();
    const codec = track && (await track.getCodec());
    if (!track || codec !== "opus") throw new DomainError("unsupported_audio", `codec ${codec ?? "unknown"}`);
    const channels = await track.getNumberOfChannels();
    if (channels > 2) throw new DomainError("unsupported_audio", `${channels} channels of Opus`);
    return await decodeTrack(track, channels);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError("unsupported_audio", "the container cannot be read");
  } finally {
    input.dispose();
  }
}
