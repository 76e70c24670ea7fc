import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** Why somebody's access ends. */
export const accessEndReasons = ["left", "role_ended", "suspected_misuse"] as const;
export type AccessEndReason = (typeof accessEndReasons)[number];

/** What a device still holds of somebody, as far as the clinic knows: numbers and times. */
export const heldOnDeviceSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  /** When this person was last heard of on it. */
  seenAt: instantSchema.nullable(),
  /** What it last said of this person's work, while they worked on it; null when it never did. */
  report: z
    .strictObject({
      at: instantSchema,
      /** Changes that were not sent. */
      unsent: z.int(),
      /** Changes that the clinic had refused. */
      refused: z.int(),
      /** Recordings whose sound was not all here. */
      recordings: z.int(),
    })
    .nullable(),
  /** Of this person's changes, how many the clinic has, and of how many it knows. */
  received: z.int(),
  written: z.int(),
  /** Changes that came after the access had ended. */
  arrivedSince: z.int(),
  /** Those of this person from there that wait for review. */
  waiting: z.int(),
  /** Charts that were last kept there for this person. */
  charts: z.int(),
  /** When its offline time ends at the latest, by its own clock; null when the clinic does not know. */
  darkAt: instantSchema.nullable(),
  /** When it heard that the access had ended: it shows nothing to this person since. */
  toldAt: instantSchema.nullable(),
  /** Others who have access work on it, too. */
  shared: z.boolean(),
  removed: z.boolean(),
  wipeAskedAt: instantSchema.nullable(),
  wipedAt: instantSchema.nullable(),
  wipeLeft: z.int().nullable(),
  /** The one that asks. */
  isOwn: z.boolean(),
});
export type HeldOnDevice = z.infer<typeof heldOnDeviceSchema>;

/** What hangs on somebody's access: before it ends, what will end with it; afterwards, what is left. No clinical word. */
export const accessStandingSchema = z.strictObject({
  person: z.strictObject({ id: idSchema, name: z.string(), suffix: z.string() }),
  /** Null while they have access. By whom and why is unknown where a backup brought it back. */
  ended: z
    .strictObject({
      at: instantSchema,
      by: z.string().nullable(),
      reason: z.enum(accessEndReasons).nullable(),
    })
    .nullable(),
  sessions: z.int(),
  /** Service tokens that work and that they own. */
  tokens: z.array(z.strictObject({ id: idSchema, purpose: z.string() })),
  /** Requests that are open and that they made or that are about them; and those of others that stand by their approval. */
  requests: z.int(),
  approvals: z.int(),
  openedCharts: z.int(),
  /** Free times that only their devices may promise. */
  heldTimes: z.int(),
  /** What stands under their name and is moved by nobody but a person. */
  tasks: z.strictObject({ administrative: z.int(), clinical: z.int() }),
  unsignedNotes: z.int(),
  openVisits: z.int(),
  appointments: z.int(),
  captures: z.int(),
  devices: z.array(heldOnDeviceSchema),
});
export type AccessStanding = z.infer<typeof accessStandingSchema>;
