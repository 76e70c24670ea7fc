import * as z from "zod";
import { deriveId, idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** Who treats a patient whose chart is restricted (C16). Lifting a restriction needs an approval. */
export const careTeamSchema = z.strictObject({
  id: idSchema,
  patientId: idSchema,
  restricted: z.boolean(),
  memberIds: z.array(idSchema).max(50),
  setBy: idSchema,
  setAt: instantSchema,
});
export type CareTeam = z.infer<typeof careTeamSchema>;

/**
 * Who may open a chart that is made of several records (C07, C16): whoever may open each of them. Restricted is what has
 * one restricted record; undefined = open to all clinical staff.
 */
export function readersOf(
  teams: Iterable<Pick<CareTeam, "restricted" | "memberIds">>,
): readonly string[] | undefined {
  let readers: readonly string[] | undefined;
  for (const { restricted, memberIds } of teams)
    if (restricted) readers = (readers ?? memberIds).filter((id) => memberIds.includes(id));
  return readers;
}

export const careTeamIdOf = (patientId: string): string => deriveId("care-team", patientId);
