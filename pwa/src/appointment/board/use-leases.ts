import { useMemo } from "react";
import { isHeld } from "#domain/slot-lease/index.ts";
import { useRows, useSession } from "#pwa/local/index.ts";
import type { Leases } from "./leases.ts";
import { useMinute } from "./use-minute.ts";

/** What this desk and the others may promise now. Drawn again only when that changes: most minutes pass quietly. */
export function useLeases(): Leases {
  const { deviceId } = useSession();
  const { rows } = useRows("slot-lease", {});
  const at = useMinute();
  const held = rows
    .filter((lease) => isHeld(lease, at))
    .map(({ id }) => id)
    .join(" ");
  return useMemo(() => {
    const ids = new Set(held.split(" "));
    const now = rows.filter(({ id }) => ids.has(id));
    return {
      own: now.filter((lease) => lease.deviceId === deviceId),
      others: now.filter((lease) => lease.deviceId !== deviceId),
    };
  }, [rows, held, deviceId]);
}
