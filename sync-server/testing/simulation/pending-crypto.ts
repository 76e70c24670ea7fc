const operations = [
  "decrypt",
  "deriveBits",
  "deriveKey",
  "digest",
  "encrypt",
  "exportKey",
  "generateKey",
  "importKey",
  "sign",
  "unwrapKey",
  "verify",
  "wrapKey",
] as const;

let pending = 0;
/** Operations given to WebCrypto that have not come back: whoever waits for one is not at rest. */
export const pendingCrypto = (): number => pending;

type Operation = (this: SubtleCrypto, ...args: unknown[]) => Promise<unknown>;

/** From now on every operation of this thread is counted. */
export function countCrypto(): void {
  const subtle = Object.getPrototypeOf(crypto.subtle) as Record<string, Operation>;
  for (const name of operations) {
    const real = subtle[name];
    if (!real) throw new Error(`WebCrypto has no ${name}`);
    subtle[name] = async function (...args) {
      pending++;
      try {
        return await real.apply(this, args);
      } finally {
        pending--;
      }
    };
  }
}
