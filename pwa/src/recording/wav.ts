/** Samples per second of sound that is recorded without MediaRecorder: what speech recognition works with. */
export const PCM_RATE = 16_000;

/**
 * Header of a mono 16-bit WAV whose end is not known yet: the sizes are all ones, which readers take as "until the end".
 * Nothing already sealed has to be changed when the recording stops.
 */
export function wavHeader(rate = PCM_RATE): Uint8Array<ArrayBuffer> {
  const header = new DataView(new ArrayBuffer(44));
  const text = (at: number, letters: string) => {
    for (let i = 0; i < letters.length; i++) header.setUint8(at + i, letters.charCodeAt(i));
  };
  text(0, "RIFF");
  header.setUint32(4, 0xffffffff, true);
  text(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, rate, true);
  header.setUint32(28, rate * 2, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  text(36, "data");
  header.setUint32(40, 0xffffffff, true);
  return new Uint8Array(header.buffer);
}

/** Samples −1…1 as 16-bit little-endian PCM. */
export function toPcm16(samples: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new DataView(new ArrayBuffer(samples.length * 2));
  samples.forEach((sample, i) => {
    const clamped = Math.max(-1, Math.min(1, sample));
    bytes.setInt16(i * 2, Math.round(clamped * 0x7fff), true);
  });
  return new Uint8Array(bytes.buffer);
}
