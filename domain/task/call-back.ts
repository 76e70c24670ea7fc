import * as z from "zod";
import { appointmentSchema } from "../appointment/index.ts";
import type { ErrorCode } from "../errors/catalog.ts";
import { deriveId, idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

const { clinicianId, visitTypeId, start, minutes, reason } = appointmentSchema.shape;

/** What somebody promised a patient and the clinic could not keep. Administrative words only. */
export const callBackSchema = z.strictObject({
  appointmentId: idSchema,
  /** What the clinic refused: a booking (then there is no appointment), or a change of the one that stands. */
  change: z.enum(["book", "walkIn", "move", "undo"]),
  clinicianId,
  visitTypeId,
  start,
  minutes,
  reason,
  promisedAt: instantSchema,
  /** The free times nearest to the lost one, when it was refused. */
  times: z.array(instantSchema).max(3),
});
export type CallBack = z.infer<typeof callBackSchema>;

/** The change of an appointment that lost its time to somebody else; null for every other refusal. */
export function lostHold(mutation: string, code: ErrorCode): CallBack["change"] | null {
  if (code !== "slot_taken" && code !== "slot_held") return null;
  const change = callBackSchema.shape.change.safeParse(mutation.replace(/^appointment\./, ""));
  return mutation.startsWith("appointment.") && change.success ? change.data : null;
}

export const callBackIdOf = (mutationId: string): string => deriveId("call-back", mutationId);

/** The task that a refusal became, by the refusal's detail; null where it is for its author to decide. */
export function callBackOf(detail: unknown): string | null {
  const id = (detail as { callBack?: unknown } | null | undefined)?.callBack;
  return typeof id === "string" ? id : null;
}
