import type { Speaker } from "./devices.ts";

/** Decoding to speech's own rate keeps half an hour of sound at about 115 MB instead of 345 MB. */
const RATE = 16_000;

/** Decodes with the browser and plays stretches through the loudspeaker. */
export const openSpeaker: Speaker = async (bytes) => {
  const buffer = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes.slice().buffer);
  const context = new AudioContext();
  let playing: AudioBufferSourceNode | null = null;
  const stop = () => {
    playing?.stop();
    playing = null;
  };
  return {
    seconds: buffer.duration,
    stop,
    async play(start, end) {
      stop();
      await context.resume();
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(context.destination);
      playing = source;
      await new Promise<void>((resolve) => {
        source.addEventListener("ended", () => resolve(), { once: true });
        source.start(0, start, Math.max(0, end - start));
      });
    },
  };
};
