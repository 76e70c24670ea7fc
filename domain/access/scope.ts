import { can } from "./can.ts";
import { type Role, roles } from "./roles.ts";

/** How far a tablet's charts reach around today, in days. */
export const chartWindow = { before: 30, after: 7 } as const;

export const streams = {
  directory: "directory",
  schedule: "schedule",
  demographics: "demographics",
  /** The safety cards of patients whose chart is not restricted, and who treats those whose chart is. */
  safety: "safety",
  ops: "ops",
  /** What nobody has matched to a patient yet. */
  intake: "intake",
  chart: (patientId: string) => `chart:${patientId}`,
  /**
   * Tasks and messages of a person, or of a pool by its name. Clinical ones are a stream of their own, so that somebody
   * who also works at the desk does not see them there (C19).
   */
  tasks: (owner: string, kind: "administrative" | "clinical") =>
    kind === "clinical" ? `tasks:${owner}:clinical` : `tasks:${owner}`,
} as const;

export const patientOfStream = (stream: string): string | null =>
  stream.startsWith("chart:") ? stream.slice("chart:".length) : null;

/** The list a role works from together. */
export const poolOf: Partial<Record<Role, "clinicians" | "nurses" | "front-desk">> = {
  clinician: "clinicians",
  nurse: "nurses",
  "front-desk": "front-desk",
};

/**
 * Whether somebody with clinical rights may open a chart: a restricted one is for its care team (C16), and for a while for
 * who broke the glass.
 */
export const mayOpenChart = (
  userId: string,
  careTeam: readonly string[] | undefined,
  brokenGlass = false,
): boolean => careTeam === undefined || careTeam.includes(userId) || brokenGlass;

export interface ScopeFacts {
  readonly userId: string;
  readonly role: Role;
  readonly deviceId: string;
  /** Patients with an appointment today. */
  readonly todayPatientIds: readonly string[];
  /** Patients with an appointment inside {@link chartWindow}, whoever comes soonest or came last first. */
  readonly seenPatientIds: readonly string[];
  /** Patients whose chart the person opened and the device keeps, the last one at the end. */
  readonly openedPatientIds: readonly string[];
  /** Which of these patients have a restricted chart, and who treats them (C16). */
  readonly restricted: ReadonlyMap<string, readonly string[]>;
  /** Patients whose restricted chart the person has opened on this device in this role for a while. */
  readonly brokenGlassPatientIds: readonly string[];
}

/**
 * The streams a person's device may hold now, in the order in which they are fetched: the day, its patients, their charts,
 * what the person opened, the rest. Together with {@link can} this is the only place that decides what leaves the server.
 */
export function scope(facts: ScopeFacts): string[] {
  if (!roles.includes(facts.role)) return [];
  const actor = { type: "user", id: facts.userId, role: facts.role, deviceId: facts.deviceId } as const;
  const allowed: string[] = [];
  if (can(actor, "directory:read").allowed) allowed.push(streams.directory);
  if (can(actor, "schedule:read").allowed) allowed.push(streams.schedule);
  if (can(actor, "demographics:read").allowed) allowed.push(streams.demographics);
  if (can(actor, "ops:read").allowed) allowed.push(streams.ops);
  if (can(actor, "task:use").allowed) {
    const kinds = (["administrative", "clinical"] as const).filter(
      (kind) => kind === "administrative" || can(actor, "chart:read").allowed,
    );
    for (const owner of [facts.userId, poolOf[facts.role]])
      if (owner) allowed.push(...kinds.map((kind) => streams.tasks(owner, kind)));
  }
  if (can(actor, "capture:match").allowed) allowed.push(streams.intake);
  if (can(actor, "chart:open").allowed) {
    allowed.push(streams.safety);
    const { todayPatientIds, openedPatientIds, seenPatientIds, brokenGlassPatientIds } = facts;
    const broken = new Set(brokenGlassPatientIds);
    for (const patientId of new Set([
      ...broken,
      ...todayPatientIds,
      ...openedPatientIds.toReversed(),
      ...seenPatientIds,
    ]))
      if (mayOpenChart(facts.userId, facts.restricted.get(patientId), broken.has(patientId)))
        allowed.push(streams.chart(patientId));
  }
  return allowed;
}
