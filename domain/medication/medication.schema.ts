import * as z from "zod";
import { duplicateFields, factFields, factNote, sameThing } from "../chart/index.ts";
import { idSchema } from "../kernel/id.ts";
import { dateSchema, instantSchema } from "../kernel/instant.ts";

export const medicationStatuses = ["active", "stopped", "entered-in-error"] as const;

/** How it is taken, in the words of the prescription: "10 mg", "by mouth", "once daily". Doses are never merged (C12). */
export const dosageFields = {
  dose: z.string().trim().max(60),
  route: z.string().trim().max(40),
  frequency: z.string().trim().max(80),
  instructions: z.string().trim().max(300),
} as const;

/** A stop or change that somebody decided on an older state of the entry. It stands beside it until a clinician decides. */
export const pendingChangeSchema = z.discriminatedUnion("change", [
  z.strictObject({
    change: z.literal("stop"),
    id: idSchema,
    by: idSchema,
    at: instantSchema,
    stoppedOn: dateSchema,
    reason: factNote,
  }),
  z.strictObject({
    change: z.literal("dose"),
    id: idSchema,
    by: idSchema,
    at: instantSchema,
    ...dosageFields,
  }),
]);
export type PendingChange = z.infer<typeof pendingChangeSchema>;

/** A medicine the patient takes or took. */
export const medicationSchema = z.strictObject({
  ...factFields,
  ...duplicateFields,
  /** Id in the table of drugs; null when only words are known, which no check can then use. */
  drug: z.string().max(80).nullable(),
  name: z.string().trim().min(1).max(120),
  ...dosageFields,
  status: z.enum(medicationStatuses),
  startedOn: dateSchema.nullable(),
  stoppedOn: dateSchema.nullable(),
  stopReason: factNote,
  /** Why it was entered although a check warned (C13); empty when none did. */
  overrideReason: factNote,
  pending: z.array(pendingChangeSchema).max(50),
  note: factNote,
});
export type Medication = z.infer<typeof medicationSchema>;

export const isCurrentMedication = (medication: Pick<Medication, "status">): boolean =>
  medication.status === "active";

/** Whether two entries are about one medication (C12). */
export const isSameMedication = (a: Medication, b: Medication): boolean =>
  sameThing({ code: a.drug, words: a.name }, { code: b.drug, words: b.name });
