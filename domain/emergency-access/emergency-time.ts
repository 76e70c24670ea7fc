const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How long one emergency access lasts, how many there are between two contacts, and how long after the last (C23). */
export const emergencyLimits = { hours: 4, times: 3, days: 7 } as const;

/** What a device remembers of them since it last reached the clinic, in milliseconds since the epoch by its own clock. */
export interface EmergencyUse {
  readonly contactAt: number;
  readonly begun: readonly number[];
}

/** How many are left at a time. */
export const emergencyLeft = ({ contactAt, begun }: EmergencyUse, at: number): number =>
  at >= contactAt + emergencyLimits.days * DAY ? 0 : Math.max(0, emergencyLimits.times - begun.length);

/** When one that begins at a time ends. */
export const emergencyEnd = (contactAt: number, begunAt: number): number =>
  Math.min(begunAt + emergencyLimits.hours * HOUR, contactAt + emergencyLimits.days * DAY);

/** When the running one ends; null when none is running. */
export function emergencyUntil({ contactAt, begun }: EmergencyUse, at: number): number | null {
  const last = begun.at(-1);
  if (last === undefined) return null;
  const end = emergencyEnd(contactAt, last);
  return at < end ? end : null;
}
