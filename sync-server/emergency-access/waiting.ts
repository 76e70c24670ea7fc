import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import { EmergencyAccessEntity } from "./emergency-access.entity.ts";

/** Those that wait for this officer; one's own waits for somebody else. */
export async function waitingEmergencies(practice: Practice, { actor }: Principal): Promise<string[]> {
  const waiting = await practice.database.em
    .fork()
    .find(EmergencyAccessEntity, { reviewedAt: null, userId: { $ne: actor.id } }, { fields: ["id"] });
  return waiting.map(({ id }) => id);
}
