import { mayOpenChart } from "#domain/access/scope.ts";
import { readersOf } from "#domain/care-team/index.ts";
import type { Staff } from "#domain/staff/index.ts";
import { mayTake, sortOf } from "#domain/sync/review.ts";
import { useRecords, useRows, useSession } from "#pwa/local/index.ts";

/** Whom refused work can be handed to: whoever may decide about it, do it, and open its chart. The clinic asks again. */
export function useColleagues(name: string, patientId: string | null): readonly Staff[] {
  const { user } = useSession();
  const { rows: staff } = useRows("staff", { where: { active: true }, sort: "name" });
  const records = useRecords(patientId ?? "");
  const { rows: teams } = useRows("care-team", { where: { patientId: { in: records } } });
  const readers = sortOf(name) === "clinical" ? readersOf(teams) : undefined;
  return staff.filter(
    ({ id, roles }) =>
      id !== user?.id && roles.some((role) => mayTake(role, name)) && mayOpenChart(id, readers),
  );
}
