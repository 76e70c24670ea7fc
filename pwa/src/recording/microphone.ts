import { concatBytes } from "#domain/kernel/bytes.ts";
import { LocalError } from "../local/local-error.ts";
import type { Capture, CaptureEvents, Microphone } from "./devices.ts";
import workletUrl from "./pcm.worklet.ts?worker&url";
import { PCM_RATE, toPcm16, wavHeader } from "./wav.ts";

/** Milliseconds of sound in one slice: what a killed tablet loses at most. */
const SLICE = 4000;
/** Speech in Opus is clear at this rate; an hour is 14 MB. */
const BITS_PER_SECOND = 32_000;

const containers = ["audio/webm;codecs=opus", "audio/mp4;codecs=opus"] as const;

/**
 * Echo cancelling is off because nothing is played while recording, noise suppression because it eats quiet voices that
 * recognition can still read. Gain control is on: the patient sits further away than the clinician.
 */
const constraints = {
  audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true },
} as const;

/** The tablet's microphone: Opus where the browser records it, else 16 kHz PCM (iPad Safari offers AAC only). */
export const openMicrophone: Microphone = async (events) => {
  const stream = await navigator.mediaDevices.getUserMedia(constraints).catch((cause: unknown) => {
    throw new LocalError("no_microphone", { cause });
  });
  const mime = containers.find((type) => globalThis.MediaRecorder?.isTypeSupported(type));
  try {
    for (const track of stream.getAudioTracks()) track.addEventListener("ended", () => events.onLost());
    return mime ? await recordOpus(stream, mime, events) : await recordPcm(stream, events);
  } catch (cause) {
    close(stream);
    throw new LocalError("no_microphone", { cause });
  }
};

function close(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

async function listenTo(stream: MediaStream, rate?: number) {
  const context = new AudioContext(rate ? { sampleRate: rate } : {});
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  analyser.fftSize = 2048;
  source.connect(analyser);
  await context.resume();
  const samples = new Float32Array(analyser.fftSize);
  const zero = context.currentTime;
  return {
    context,
    source,
    heard: () => context.currentTime - zero,
    level: () => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // −60 dB … 0 dB as 0 … 1, so that normal speech moves the meter.
      return Math.max(0, Math.min(1, 1 + Math.log10(Math.max(power, 1e-6)) / 6));
    },
  };
}

async function recordOpus(
  stream: MediaStream,
  mime: (typeof containers)[number],
  events: CaptureEvents,
): Promise<Capture> {
  const meter = await listenTo(stream);
  const recorder = new MediaRecorder(stream, { mimeType: mime, audioBitsPerSecond: BITS_PER_SECOND });
  // Reading a blob takes its time: one after the other keeps them in order.
  let reading: Promise<void> = Promise.resolve();
  recorder.addEventListener("dataavailable", ({ data }) => {
    const until = meter.heard();
    if (data.size === 0) return;
    reading = reading.then(async () => events.onSlice(new Uint8Array(await data.arrayBuffer()), until));
  });
  recorder.start(SLICE);
  return {
    mime,
    level: meter.level,
    heard: meter.heard,
    stop: async () => {
      if (recorder.state !== "inactive")
        await new Promise<void>((resolve) => {
          recorder.addEventListener("stop", () => resolve(), { once: true });
          recorder.stop();
        });
      await reading;
      close(stream);
      await meter.context.close();
    },
  };
}

async function recordPcm(stream: MediaStream, events: CaptureEvents): Promise<Capture> {
  const meter = await listenTo(stream, PCM_RATE);
  await meter.context.audioWorklet.addModule(workletUrl);
  const node = new AudioWorkletNode(meter.context, "pcm", { numberOfOutputs: 0, channelCount: 1 });
  let waiting: Uint8Array<ArrayBuffer>[] = [wavHeader()];
  let samples = 0;
  let sliced = 0;
  const flush = () => {
    if (samples === sliced) return;
    sliced = samples;
    events.onSlice(concatBytes(...waiting), samples / PCM_RATE);
    waiting = [];
  };
  node.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
    waiting.push(toPcm16(data));
    samples += data.length;
    if (samples - sliced >= (SLICE / 1000) * PCM_RATE) flush();
  };
  meter.source.connect(node);
  return {
    mime: "audio/wav",
    level: meter.level,
    heard: meter.heard,
    stop: async () => {
      meter.source.disconnect();
      close(stream);
      flush();
      await meter.context.close();
    },
  };
}
