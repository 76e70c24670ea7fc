import { copyFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { readNote } from "#domain/audit/signed-note.ts";
import { CHECKPOINT_FILE } from "#server/audit/checkpoints.ts";
import { privateFolder, readIfPresent, writePrivateFile } from "#server/operations/private-file.ts";
import { type Standing, standingSchema } from "./standing.ts";

const STANDING = "standing.json";
const lasting = ["practice", "signing.json", "agreement.json", "audit.json", "backup"] as const;

/** The folder of the mirror: another disk where there is one. */
export const mirrorFolder = (env: Readonly<Record<string, string | undefined>>, data: string): string =>
  env.JAMEMR_MIRROR || join(data, "mirror");

const names = (folder: string): Promise<string[]> => readdir(folder).catch((): string[] => []);

/** Copies what is new and changed, keys first; what was destroyed goes from the copy, too. */
async function mirrorKeys(keys: string, mirror: string): Promise<void> {
  await privateFolder(mirror);
  await privateFolder(join(mirror, "keys"));
  for (const name of lasting) {
    const own = await readIfPresent(join(keys, name));
    const copied = await readIfPresent(join(mirror, "keys", name));
    if (own !== undefined && own !== copied) await writePrivateFile(join(mirror, "keys", name), own);
  }
  await mirrorVisits(join(keys, "visits"), join(mirror, "keys", "visits"));
}

async function mirrorVisits(from: string, to: string): Promise<void> {
  await privateFolder(to);
  const [own, copied] = [new Set(await names(from)), new Set(await names(to))];
  for (const name of own) {
    const text = copied.has(name) ? undefined : await readIfPresent(join(from, name));
    if (text !== undefined) await writePrivateFile(join(to, name), text);
  }
  // An empty folder is one that got lost, not a hundred destructions.
  if (own.size === 0) return;
  for (const name of copied) if (!own.has(name)) await rm(join(to, name), { force: true });
}

/** Writes the newest state of the practice beside it: each file as a whole or not at all. */
export async function writeMirror(folder: string, keys: string, standing: Standing): Promise<void> {
  await mirrorKeys(keys, folder);
  await writePrivateFile(join(folder, STANDING), `${JSON.stringify(standing)}\n`);
}

/** What the mirror knows; null when there is none. @throws {ZodError} when it is damaged */
export async function readMirror(folder: string): Promise<Standing | null> {
  const text = await readIfPresent(join(folder, STANDING));
  if (text === undefined) return null;
  const standing = standingSchema.parse(JSON.parse(text));
  // The head that was signed last may be younger: somebody may have seen it.
  const signed = readNote((await readIfPresent(join(folder, CHECKPOINT_FILE))) ?? "");
  const head = signed?.epoch === standing.epoch ? Math.max(standing.head, signed.size) : standing.head;
  return { ...standing, head };
}

/** Brings the keys that the mirror holds into a new data folder. */
export async function keysFromMirror(folder: string, keys: string): Promise<number> {
  await privateFolder(keys);
  await privateFolder(join(keys, "visits"));
  for (const name of lasting) {
    const text = await readIfPresent(join(folder, "keys", name));
    if (text !== undefined) await writePrivateFile(join(keys, name), text);
  }
  const visits = await names(join(folder, "keys", "visits"));
  for (const name of visits) await copyFile(join(folder, "keys", "visits", name), join(keys, "visits", name));
  return visits.length;
}
