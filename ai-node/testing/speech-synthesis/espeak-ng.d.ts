declare module "@echogarden/espeak-ng-emscripten" {
  export interface EspeakWorker {
    get_samplerate(): number;
    /** Gender 1 is male, 2 female; age 0 is any. */
    set_voice(name: string, language: string, gender: number, age: number, variant: number): number;
    set_rate(wordsPerMinute: number): number;
    set_pitch(pitch: number): number;
    /** Calls back with 16-bit samples; the callback returns true to stop. */
    synthesize(text: string, take: (samples: Int16Array | null) => boolean): void;
  }
  const create: () => Promise<{ eSpeakNGWorker: new () => EspeakWorker }>;

  // biome-ignore lint/style/noDefaultExport: this is how the package exports it
  export default create;
}
