import { can } from "./can.ts";
import { type Role, roles } from "./roles.ts";

/** How far a tablet's charts reach around today, in days. */
export const chartWindow = { before: 30, after: 7 } as const;

export const streams = {
  directory: "directory",
  schedule: "schedule",
  demographics: "demographics",
  ops: "ops",
  chart: (patientId: string) => `chart:${patientId}`,
  tasks: (userId: string) => `tasks:${userId}`,
} as const;

export const patientOfStream = (stream: string): string | null =>
  stream.startsWith("chart:") ? stream.slice("chart:".length) : null;

export interface ScopeFacts {
  readonly userId: string;
  readonly role: Role;
  readonly deviceId: string;
  /** Patients with an appointment inside {@link chartWindow}. */
  readonly seenPatientIds: readonly string[];
  /** Patients whose chart the person opened and the device keeps. */
  readonly openedPatientIds: readonly string[];
}

/**
 * The streams a person's device may hold now, in bootstrap order. Together with {@link can} this is the only
 * place that decides what leaves the server.
 */
export function scope(facts: ScopeFacts): string[] {
  if (!roles.includes(facts.role)) return [];
  const actor = { type: "user", id: facts.userId, role: facts.role, deviceId: facts.deviceId } as const;
  const allowed: string[] = [];
  if (can(actor, "directory:read").allowed) allowed.push(streams.directory);
  if (can(actor, "schedule:read").allowed) allowed.push(streams.schedule);
  if (can(actor, "demographics:read").allowed) allowed.push(streams.demographics);
  if (can(actor, "ops:read").allowed) allowed.push(streams.ops);
  if (can(actor, "chart:open").allowed) {
    for (const patientId of new Set([...facts.seenPatientIds, ...facts.openedPatientIds]))
      allowed.push(streams.chart(patientId));
  }
  return allowed;
}
