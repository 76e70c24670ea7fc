import * as z from "zod";
import { deriveId, idSchema } from "../kernel/id.ts";
import { dateSchema, instantSchema } from "../kernel/instant.ts";
import { sexes } from "../patient/index.ts";

const listOf = <T extends z.ZodType>(entry: T) =>
  z.discriminatedUnion("state", [
    z.strictObject({ state: z.literal("not-asked") }),
    z.strictObject({ state: z.literal("none-known"), by: idSchema, at: instantSchema }),
    z.strictObject({ state: z.literal("listed"), entries: z.array(entry) }),
  ]);

/**
 * What must be known of every active patient in an emergency, on every clinical tablet (C03). The server derives it in
 * the transaction that changes a fact it summarises. A restricted chart's card is only where that chart is.
 */
export const safetyCardSchema = z.strictObject({
  id: idSchema,
  patientId: idSchema,
  name: z.string(),
  birthDate: dateSchema,
  sex: z.enum(sexes),
  allergies: listOf(
    z.strictObject({
      substance: z.string(),
      severity: z.string(),
      reactions: z.array(z.string()),
      reported: z.boolean(),
    }),
  ),
  medications: listOf(
    z.strictObject({
      name: z.string(),
      dose: z.string(),
      frequency: z.string(),
      pending: z.array(z.enum(["stop", "dose"])),
    }),
  ),
  problems: listOf(z.strictObject({ title: z.string(), code: z.string().nullable() })),
  alerts: z.array(
    z.strictObject({ kind: z.enum(["safety", "code-status", "communication"]), text: z.string() }),
  ),
  restricted: z.boolean(),
});
export type SafetyCard = z.infer<typeof safetyCardSchema>;

export const safetyCardIdOf = (patientId: string): string => deriveId("safety-card", patientId);
