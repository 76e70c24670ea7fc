/** A FLAC file of 16-bit mono samples in verbatim frames: no compression, but what any decoder has to read. */
const BLOCK = 4096;
const rateCodes = { 16000: 0b0101, 44100: 0b1001, 48000: 0b1010 } as const;
type FlacRate = keyof typeof rateCodes;

class BitWriter {
  readonly bytes: number[] = [];
  #current = 0;
  #filled = 0;
  put(value: number, bits: number): void {
    for (let i = bits - 1; i >= 0; i--) {
      this.#current = (this.#current << 1) | (Math.floor(value / 2 ** i) & 1);
      if (++this.#filled < 8) continue;
      this.bytes.push(this.#current);
      this.#current = 0;
      this.#filled = 0;
    }
  }
}

function crc(bytes: readonly number[], width: 8 | 16, polynomial: number): number {
  const top = 1 << (width - 1);
  const mask = 2 ** width - 1;
  return bytes.reduce((sum, byte) => {
    let value = sum ^ (byte << (width - 8));
    for (let i = 0; i < 8; i++) value = (value & top ? (value << 1) ^ polynomial : value << 1) & mask;
    return value;
  }, 0);
}

function frame(samples: Int16Array, number: number, sampleRate: FlacRate): number[] {
  const bits = new BitWriter();
  bits.put(0b11111111111110, 14);
  bits.put(0, 2);
  bits.put(0b0111, 4); // block size follows in 16 bits
  bits.put(rateCodes[sampleRate], 4);
  bits.put(0, 4); // one channel
  bits.put(0b100, 3); // 16 bits
  bits.put(0, 1);
  bits.put(number, 8); // below 128: one byte of UTF-8
  bits.put(samples.length - 1, 16);
  bits.put(crc(bits.bytes, 8, 0x07), 8);
  bits.put(0b00000010, 8); // verbatim
  for (const sample of samples) bits.put(sample & 0xffff, 16);
  bits.put(crc(bits.bytes, 16, 0x8005), 16);
  return bits.bytes;
}

export function writeFlac(samples: Int16Array, sampleRate: FlacRate): Uint8Array {
  const head = new BitWriter();
  for (const letter of "fLaC") head.put(letter.charCodeAt(0), 8);
  head.put(0x80, 8); // last metadata block, stream information
  head.put(34, 24);
  head.put(BLOCK, 16);
  head.put(BLOCK, 16);
  head.put(0, 24);
  head.put(0, 24);
  head.put(sampleRate, 20);
  head.put(0, 3);
  head.put(15, 5);
  head.put(samples.length, 36);
  for (let i = 0; i < 16; i++) head.put(0, 8);
  const frames: number[] = [];
  for (let at = 0, n = 0; at < samples.length; at += BLOCK, n++)
    frames.push(...frame(samples.subarray(at, at + BLOCK), n, sampleRate));
  return Uint8Array.from([...head.bytes, ...frames]);
}
