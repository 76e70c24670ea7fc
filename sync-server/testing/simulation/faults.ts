/** The faults of this release, by their numbers. Every one has a counter that proves it happened. */
export const faults = {
  F01: "reply dropped after the commit",
  F02: "request dropped",
  F03: "request delivered twice, now or late",
  F04: "pushes reordered and overlapping",
  F08: "tab killed before, in or after a local transaction",
  F14: "server killed before the commit or before the reply",
  F17: "writer held between its statements and its commit",
  F19: "row leaving a stream and coming back",
} as const;
export type FaultName = keyof typeof faults;
export const faultNames = Object.keys(faults) as FaultName[];

export type FaultCounts = Record<FaultName, number>;
export const noFaults = (): FaultCounts =>
  Object.fromEntries(faultNames.map((name) => [name, 0])) as FaultCounts;

export function addFaults(to: FaultCounts, from: FaultCounts): void {
  for (const name of faultNames) to[name] += from[name];
}

/** What the network does with one request. */
export const netFaults = [
  "none",
  "request-dropped",
  "reply-dropped",
  "twice-now",
  "twice-late",
  "delayed",
] as const;
export type NetFault = (typeof netFaults)[number];

/** Where a tab dies, counted in local write transactions from the moment the fault is set. */
export interface TabKill {
  readonly point: "before" | "in" | "after";
  readonly transaction: number;
}

/** Where the server dies, counted in its transactions from the moment the fault is set. */
export interface ServerKill {
  readonly point: "commit" | "reply";
  readonly transaction: number;
}
