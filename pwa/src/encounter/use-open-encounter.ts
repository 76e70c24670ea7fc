import { dateIn } from "#domain/kernel/instant.ts";
import { useRows, useSession } from "#pwa/local/index.ts";

/** The visit of today that something entered now belongs to; null outside a visit. */
export function useOpenEncounter(patientId: string): string | null {
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const { rows } = useRows("encounter", { where: { patientId, status: "in-progress" }, sort: "startedAt" });
  const last = rows.at(-1);
  return last && dateIn(zone, last.startedAt) === dateIn(zone) ? last.id : null;
}
