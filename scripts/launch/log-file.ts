import { appendFileSync, chmodSync, renameSync, rmSync, statSync } from "node:fs";

const maximumBytes = 10 * 1024 * 1024;
const keptFiles = 3;

/**
 * A log that never fills the disk: at 10 MiB it becomes `<name>.1`, and the three youngest old ones are kept.
 * A line that cannot be written (disk full) is dropped: the log must not stop the practice.
 */
export function openLog(path: string, limit = maximumBytes): (line: string) => void {
  let size = sizeOf(path);
  return (line) => {
    const bytes = Buffer.from(`${line}\n`);
    try {
      if (size > 0 && size + bytes.length > limit) {
        rotate(path);
        size = 0;
      }
      appendFileSync(path, bytes, { mode: 0o600 });
      if (size === 0) chmodSync(path, 0o600);
      size += bytes.length;
    } catch {
      size = sizeOf(path);
    }
  };
}

/** Moves a log that has grown too large out of the way, before a program opens it by itself. */
export function rotateIfLarge(path: string, limit = maximumBytes): void {
  if (sizeOf(path) > limit) rotate(path);
}

function rotate(path: string): void {
  rmSync(`${path}.${keptFiles}`, { force: true });
  for (let i = keptFiles - 1; i >= 0; i--) {
    const from = i === 0 ? path : `${path}.${i}`;
    if (sizeOf(from) >= 0) renameSync(from, `${path}.${i + 1}`);
  }
}

/** -1 when there is no such file. */
const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? -1;
