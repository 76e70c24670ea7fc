import type { Access } from "../../session/access.ts";
import type { HistoryRefusal } from "../local.ts";
import { type LocalDatabase, withReconnect } from "../store/database.ts";
import { createValue, type WritableValue } from "../value.ts";
import type { HistoryWitness } from "./history.ts";

/** The witness of the clinic's log, whose code comes after the first screen. */
export interface LateHistory {
  readonly refusal: WritableValue<HistoryRefusal | null>;
  readonly witness: () => Promise<HistoryWitness>;
  /** Whether the clinic was refused when it was last looked at: nothing is sent to it then. */
  readonly isRefused: () => Promise<boolean>;
}

export function createLateHistory(
  database: LocalDatabase,
  access: Pick<Access, "request">,
  practiceId: () => string,
): LateHistory {
  const refusal = createValue<HistoryRefusal | null>(null);
  let opened: HistoryWitness | null = null;
  return {
    refusal,
    async witness() {
      const { HistoryWitness } = await import("./history.ts");
      opened ??= new HistoryWitness(database, access, practiceId(), refusal);
      return opened;
    },
    async isRefused() {
      const record = await withReconnect(database, () => database.history.get(practiceId()));
      return record?.refused !== undefined;
    },
  };
}
