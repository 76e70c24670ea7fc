import { useEffect, useState } from "react";
import { type BreakGlass, isGlassBroken } from "#domain/break-glass/index.ts";
import { after, now } from "#domain/kernel/clock.ts";
import { useCareTeam } from "#pwa/care-team/index.ts";
import { useConnection, useRows, useSession } from "#pwa/local/index.ts";

interface ChartDoor {
  readonly restricted: boolean;
  /** The access without which the chart would be shut to this person now. */
  readonly glass: BreakGlass | null;
  readonly mayOpen: boolean;
}

/** Whether this person may open a chart here and now, and by what right. It shuts by itself when the time is over. */
export function useChartDoor(patientId: string): ChartDoor {
  const { team, mayOpen: inTeam } = useCareTeam(patientId);
  const running = useRunningGlass(patientId);
  const glass = inTeam ? null : running;
  return { restricted: team !== null, glass, mayOpen: inTeam || glass !== null };
}

function useRunningGlass(patientId: string): BreakGlass | null {
  const { user, deviceId } = useSession();
  const { rows } = useRows("break-glass", { where: { patientId } });
  const skew = useSkew();
  const [, look] = useState(0);
  const at = now() - skew;
  const glass = user
    ? rows.find((one) => isGlassBroken(one, { id: user.id, role: user.role, deviceId }, at))
    : undefined;
  const left = glass && Date.parse(glass.until) - at;
  useEffect(() => (left === undefined ? undefined : after(left, () => look((count) => count + 1))), [left]);
  return glass ?? null;
}

/** Milliseconds that this tablet's clock is ahead of the clinic's. */
export const useSkew = (): number => (useConnection().clockSkew ?? 0) * 1000;
