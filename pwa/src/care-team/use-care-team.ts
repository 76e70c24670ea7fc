import { mayOpenChart } from "#domain/access/scope.ts";
import { type CareTeam, careTeamIdOf } from "#domain/care-team/index.ts";
import { useRow, useSession } from "#pwa/local/index.ts";

/** Who treats a patient whose chart is restricted, and whether this person may open it. */
export function useCareTeam(patientId: string): {
  readonly team: CareTeam | null;
  readonly mayOpen: boolean;
} {
  const { user } = useSession();
  const { row } = useRow("care-team", careTeamIdOf(patientId));
  const team = row?.restricted ? row : null;
  return { team, mayOpen: user !== null && mayOpenChart(user.id, team?.memberIds) };
}
