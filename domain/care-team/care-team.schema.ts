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

export const careTeamIdOf = (patientId: string): string => deriveId("care-team", patientId);
