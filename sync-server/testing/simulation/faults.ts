/** The faults of this release, by their numbers. Every one has a counter that proves it happened. */
export const faults = {
  F01: "reply dropped after the commit",
  F02: "request dropped",
  F03: "request delivered twice, now or late",
  F04: "pushes reordered and overlapping",
  F05: "answer cut off in its body",
  F06: "captive portal answering 200 with a page of its own",
  F07: "latency: a request that others overtake",
  F08: "tab killed before, in or after a local transaction",
  F09: "disk that aborts a transaction, is full, or loses its connection",
  F10: "tablet's clock set forward or back, up to 400 days",
  F11: "second tab taking over the work of the first",
  F12: "browser that threw the tablet's store away",
  F13: "browser profile copied, and both copies at work",
  F14: "server killed before the commit or before the reply",
  F15: "server restarted while a tablet listened to its live stream",
  F16: "older backup restored, with work on tablets that it does not hold",
  F17: "writer held between its statements and its commit",
  F18: "person shut out and let in again, with work that waits",
  F18N: "role taken from a person, with work in it that waits",
  F18W: "role given to a person at work",
  F19: "row leaving a stream and coming back",
  F20: "tablet whose offline time is over",
  F21: "tablet wiped while it pushes",
  F22: "two devices signing one draft",
  F23: "work of another release in the queue",
  F24: "sound cut off at the edge of a chunk",
  F25: "two devices changing one patient apart",
  F26: "chart put away by a tablet without room",
  F27: "tablet whose person may see more than a device keeps",
  F28: "PIN forgotten, with work or sound under its keys",
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
  /** A push that the tablet has given up when it arrives. */
  "delayed",
  "truncated",
  "captive-portal",
  /** On its way, or its answer is, while others come and go. */
  "late",
] as const;
export type NetFault = (typeof netFaults)[number];

/** What the browser's store does with one write transaction. */
export const diskFaults = ["aborted", "full", "connection-lost"] as const;
export type DiskFault = (typeof diskFaults)[number];

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
