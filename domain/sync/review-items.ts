import * as z from "zod";
import { roles } from "../access/roles.ts";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";
import { quarantineSchema } from "../quarantine/index.ts";

/** Who judges the content: a clinician everything, the desk what it could have written itself. */
export const reviewSorts = ["clinical", "desk"] as const;
export type ReviewSort = (typeof reviewSorts)[number];

export const reviewDecisions = ["adopted", "discarded", "taken-back"] as const;
export type ReviewDecision = (typeof reviewDecisions)[number];

/** Why work was not carried out when it arrived: its author's rights, its seal, a device that is a copy, or its age. */
const arrivalReasons = [
  "revoked_before_arrival",
  "envelope_unreadable",
  "client_fork",
  "version_too_old",
] as const;
type ArrivalReason = (typeof arrivalReasons)[number];
export const isReviewReason = (code: string): code is ArrivalReason =>
  (arrivalReasons as readonly string[]).includes(code);

/**
 * Why work waits for review: it could not be carried out; it was refused and its author handed it to a colleague; or it
 * was refused and was sealed to the clinic, so that its author has the words no more.
 */
export const reviewReasons = [...arrivalReasons, "handed_over", "sealed"] as const;
export type ReviewReason = (typeof reviewReasons)[number];

/** One piece of work that waits for review, as the lists show it: everything about it but its words. */
export const reviewItemSchema = quarantineSchema.extend({
  /** The device's own number: in this order it was written. */
  n: z.int(),
  /** On which device it was written, and what people call that. */
  deviceId: idSchema,
  device: z.string(),
  /** Collection and verb, such as `allergy.add`. */
  name: z.string(),
  sort: z.enum(reviewSorts),
  reason: z.enum(reviewReasons),
  /** Why the clinic had refused what was handed over. */
  refusal: z.string().nullable(),
  receivedAt: instantSchema,
  /** Work of the same tablet that this builds on and nobody has decided yet. */
  after: idSchema.nullable(),
  decision: z.enum(reviewDecisions).nullable(),
  decidedBy: idSchema.nullable(),
  decidedAt: instantSchema.nullable(),
});
export type ReviewItem = z.infer<typeof reviewItemSchema>;

/** One piece of work with its words, for the person who decides. */
export const openedItemSchema = reviewItemSchema.extend({
  /** As what the author wrote it. */
  role: z.enum(roles),
  /** The arguments; null when this version cannot read them. */
  args: z.looseObject({ id: idSchema }).nullable(),
  /** Where it cannot: what stands in them all the same, for the person who enters it again by hand. */
  unread: z.array(z.string()),
  /** What its author wrote to the colleague. */
  words: z.string(),
  /** Only the author's own hand can do it: it cannot be taken over. */
  ownHand: z.boolean(),
  /** What the record says now, where there is one. */
  present: z.record(z.string(), z.unknown()).nullable(),
  /** How many parts of the sound that it begins are at the clinic, sealed; null = it begins none that waits. */
  soundParts: z.int().min(0).nullable(),
  /** Why it was discarded. */
  discardReason: z.string().nullable(),
});
export type OpenedItem = z.infer<typeof openedItemSchema>;
