import { mayOpenChart } from "#domain/access/scope.ts";
import { readersOf } from "#domain/care-team/index.ts";
import { useRows, useSession } from "#pwa/local/index.ts";

/**
 * Who treats a patient whose chart is restricted, and whether this person may open it. Of a chart of several records: who
 * is in the care team of each that is restricted.
 */
export function useCareTeam(patientId: string): {
  readonly team: { readonly memberIds: readonly string[] } | null;
  readonly mayOpen: boolean;
} {
  const { user } = useSession();
  const { rows } = useRows("care-team", { where: { patientId } });
  const memberIds = readersOf(rows);
  return {
    team: memberIds ? { memberIds } : null,
    mayOpen: user !== null && mayOpenChart(user.id, memberIds),
  };
}
