/** Why a witness refuses the log that it is shown: see `judge`. */
export const historyFaults = [
  "unsigned",
  "other_key",
  "shorter",
  "different",
  "unannounced_restore",
] as const;
export type HistoryFault = (typeof historyFaults)[number];
