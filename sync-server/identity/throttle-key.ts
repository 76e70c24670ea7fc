import type { Practice } from "#server/practice/practice.ts";

/**
 * Tries are counted per name (or passkey) and device, but only a device that is enrolled has a count of its own: a made-up
 * device id per try must not make guessing free. All unknown devices share one count per name.
 */
export async function throttleKey(
  practice: Practice,
  name: string,
  deviceId: string | null,
): Promise<string> {
  const known: unknown[] = await practice.database.em
    .fork()
    .execute("select 1 from device where id = ?::uuid and status = 'enrolled'", [deviceId]);
  return `${name}\u0000${known.length > 0 ? deviceId : "unknown"}`;
}
