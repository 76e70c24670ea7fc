import { now } from "#domain/kernel/clock.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { Restored } from "#domain/sync/protocol.ts";
import type { Database } from "#server/database/database.ts";
import type { Practice } from "./practice.ts";

interface EpochRow {
  readonly epoch: string;
  readonly started_at: string | Date;
  readonly new_head: string | null;
  readonly backup_at: string | Date | null;
}

/** For so long after a restore tablets give back what they had sent since the backup, in milliseconds. */
const RECOVERY = 7 * 86_400_000;

const told = (at: string | Date): string => instant(new Date(at).getTime());

/** The present epoch of a database, read once: a restore happens only while nothing has it open. */
export function presentEpoch(database: Database): Pick<Practice, "epoch" | "restored" | "recovering"> {
  let known: Promise<EpochRow> | undefined;
  const read = async (): Promise<EpochRow> => {
    const [row]: EpochRow[] = await database.em
      .fork()
      .execute(
        "select epoch, started_at, new_head, backup_at from sync_epoch order by started_at desc limit 1",
      );
    return row!;
  };
  const present = (): Promise<EpochRow> => {
    known ??= read().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  const restored = async (): Promise<Restored | null> => {
    const { new_head, started_at, backup_at } = await present();
    if (new_head === null) return null;
    return { at: told(started_at), backupAt: backup_at === null ? null : told(backup_at) };
  };
  return {
    epoch: async () => (await present()).epoch,
    restored,
    async recovering() {
      const began = await restored();
      return began && Date.parse(began.at) + RECOVERY > now() ? began : null;
    },
  };
}
