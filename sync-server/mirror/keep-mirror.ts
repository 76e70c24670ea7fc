import { join } from "node:path";
import { streams } from "#domain/access/scope.ts";
import { every } from "#domain/kernel/clock.ts";
import type { Practice } from "#server/practice/practice.ts";
import { mirrorFolder, writeMirror } from "./mirror.ts";
import { standingOf } from "./standing.ts";

/** Milliseconds between two writes that nothing asked for: the head of the log moves with everything. */
const EVERY = 60_000;

/**
 * Keeps the mirror of a running practice: at once when somebody was shut out or let in, a token or device was revoked, or
 * a role changed, and every minute. Returns what ends it.
 */
export function keepMirror(practice: Practice): () => void {
  const { config, database, live, log } = practice;
  const keys = join(config.JAMEMR_STORE ?? config.JAMEMR_DATA, "keys");
  const folder = mirrorFolder({ JAMEMR_MIRROR: config.JAMEMR_MIRROR }, config.JAMEMR_DATA);
  let running = false;
  let again = false;
  let ended = false;
  const write = async (): Promise<void> => {
    again = true;
    if (running) return;
    running = true;
    while (again && !ended) {
      again = false;
      try {
        await writeMirror(folder, keys, await standingOf(database.em.fork()));
      } catch (error) {
        log.error({ err: error instanceof Error ? error.message : "unknown" }, "mirror not written");
      }
    }
    running = false;
  };
  const ends = [
    live.onIdentity(() => void write()),
    live.onChange((stream) => {
      if (stream === streams.directory || stream === "*") void write();
    }),
    every(EVERY, write),
  ];
  void write();
  return () => {
    ended = true;
    for (const end of ends) end();
  };
}
