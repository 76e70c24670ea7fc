import { argon2id } from "hash-wasm";
import type { Bytes } from "./aes.ts";
import type { KdfParameters } from "./pin.ts";

/** One derivation per worker: the page ends it afterwards, and with it the 64 MiB that held the PIN's traces. */
interface Request {
  readonly pin: string;
  readonly parameters: KdfParameters;
  readonly secret: Bytes;
}

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const { parameters } = data;
  const derived = await argon2id({
    password: data.pin,
    salt: parameters.salt,
    secret: data.secret,
    iterations: parameters.iterations,
    parallelism: parameters.parallelism,
    memorySize: parameters.memoryKiB,
    hashLength: 32,
    outputType: "binary",
  });
  self.postMessage(derived);
};
