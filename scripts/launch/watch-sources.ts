import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { every } from "#domain/kernel/clock.ts";

const lookEvery = 400;

/** Name, size, time and identity of every source file below the folders: whatever an editor does to save shows here. */
function look(folders: readonly string[]): string {
  const facts: string[] = [];
  for (const folder of folders)
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
      if (!/\.(?:ts|mts|mjs|json)$/.test(name) || /\.test\.ts$/.test(name)) continue;
      const file = statSync(join(folder, name), { throwIfNoEntry: false });
      if (file) facts.push(`${name} ${file.size} ${file.mtimeMs} ${file.ino}`);
    }
  return facts.join("\n");
}

/**
 * Calls `onChange` when a source file below the folders was saved, added or removed. It looks instead of being told:
 * what the system tells of files that were replaced by renaming, as many editors save, is not to be relied on.
 * @returns ends it
 */
export function watchSources(folders: readonly string[], onChange: () => void): () => void {
  let seen = look(folders);
  return every(lookEvery, () => {
    const now = look(folders);
    if (now === seen) return;
    seen = now;
    onChange();
  });
}
