import { hash, verify } from "@node-rs/argon2";

/** Argon2id in the library's numbering, whose constant cannot be imported by this compiler setting. */
const ARGON2ID = 2;

/** Argon2id with the practice's memory cost, 2 passes, 1 lane; the parameters are kept inside the PHC text. */
export const hashPassword = (password: string, memoryKib: number): Promise<string> =>
  hash(password.normalize("NFC"), {
    algorithm: ARGON2ID,
    memoryCost: memoryKib,
    timeCost: 2,
    parallelism: 1,
  });

const decoys = new Map<number, Promise<string>>();

/**
 * Compares a password with a stored hash. Without a hash (no such user) the same work is done against a decoy, so that
 * the time of the answer does not tell which names exist.
 */
export async function verifyPassword(
  stored: string | undefined,
  password: string,
  memoryKib: number,
): Promise<boolean> {
  let decoy = decoys.get(memoryKib);
  if (!decoy) {
    decoy = hashPassword("no such person", memoryKib);
    decoys.set(memoryKib, decoy);
  }
  const matches = await verify(stored ?? (await decoy), password.normalize("NFC"));
  return stored !== undefined && matches;
}
