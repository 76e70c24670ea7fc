import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod";
import { type HistoryFault, historyFaults } from "#domain/audit/history-fault.ts";
import { judge } from "#domain/audit/witness.ts";
import { monotonic } from "#domain/kernel/clock.ts";
import type { ServerClient } from "./server-client.ts";

/** Milliseconds for which a log that was believed is not looked at again. */
const BELIEVED = 60_000;

const keptSchema = z.object({
  key: z.string(),
  notes: z.array(z.string()),
  refused: z.enum(historyFaults).nullable(),
});
type Kept = z.infer<typeof keptSchema>;

/** This node as a witness of the practice's audit log. */
export interface HistoryWitness {
  /** The fault that was found last. */
  readonly fault: HistoryFault | null;
  /**
   * Looks whether the log is still the one that this node saw before.
   * @throws {ServerRefusal | ServerUnreachable} nothing is known then
   */
  look(signal?: AbortSignal): Promise<HistoryFault | null>;
}

/**
 * Keeps the signed heads that the practice showed in a file of its own, outside the practice's database. A log that got
 * shorter or different since is refused, also after a restart, until it fits again.
 * @param file made when there is none; one that cannot be read is an error, because its silence would be a yes
 */
export async function openHistoryWitness(
  client: Pick<ServerClient, "checkpoint" | "prove">,
  file: string,
): Promise<HistoryWitness> {
  let kept = await readKept(file);
  let believedAt = Number.NEGATIVE_INFINITY;
  const keep = async (next: Kept): Promise<HistoryFault | null> => {
    kept = next;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.new`, JSON.stringify(next), { mode: 0o600, flush: true });
    await rename(`${file}.new`, file);
    return next.refused;
  };
  return {
    get fault() {
      return kept?.refused ?? null;
    },
    async look(signal) {
      if (kept?.refused === null && monotonic() - believedAt < BELIEVED) return null;
      const { checkpoint, key } = await client.checkpoint(signal);
      if (checkpoint === null) return kept && keep({ ...kept, refused: "unsigned" });
      const known = { key: kept?.key ?? key, notes: kept?.notes ?? [] };
      const judged = await judge(known, { note: checkpoint, key }, (request) =>
        client.prove(request, signal),
      );
      if (judged.fault !== null) return keep({ ...known, refused: judged.fault });
      believedAt = monotonic();
      return keep({ key: judged.known.key, notes: [...judged.known.notes], refused: null });
    },
  };
}

async function readKept(file: string): Promise<Kept | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  try {
    return keptSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(`${file} is damaged: it holds the heads of the audit log that this node has seen`);
  }
}
