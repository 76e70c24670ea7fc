import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";
import { mutationSchema } from "../sync/protocol.ts";

/** What became of it: a colleague's decision, or its author took it back before there was one. */
export const handoverDecisions = ["adopted", "discarded", "taken-back"] as const;

/**
 * Work that the clinic refused, handed to a colleague: for its author alone, with the words, so that she has them again
 * when she takes it back or it is discarded. The colleague decides about the item of the same id in quarantine.
 */
export const handoverSchema = z.strictObject({
  id: idSchema,
  authorId: idSchema,
  toId: idSchema,
  kind: z.enum(["administrative", "clinical"]),
  /** What was refused, as it was sent. */
  mutation: mutationSchema,
  /** Why the clinic refused it; null until the clinic has said so. */
  code: z.string().nullable(),
  patientId: idSchema.nullable(),
  /** A few words to the colleague. */
  words: z.string().trim().max(500),
  handedAt: instantSchema,
  decision: z.enum(handoverDecisions).nullable(),
  decidedBy: idSchema.nullable(),
  decidedAt: instantSchema.nullable(),
  /** Why it was discarded. */
  decisionReason: z.string().nullable(),
  /** Its author has seen what became of it: it leaves her tablet. */
  closed: z.boolean(),
});
export type Handover = z.infer<typeof handoverSchema>;
