import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/**
 * The body of an audit record. It holds ids, verbs and digests, never passwords, tokens or text from charts.
 * Its RFC 8785 text is what gets hashed; `seq` and the previous hash are outside it.
 */
export const auditBodySchema = z.strictObject({
  /** When the server wrote it. */
  recordedAt: instantSchema,
  /** When the device says it happened, for work that waited in an outbox. */
  occurredAt: instantSchema.optional(),
  /** The device's own number for it (mutation n). */
  deviceSeq: z.int().optional(),
  actor: z.strictObject({
    type: z.enum(["user", "token", "device", "system", "anonymous"]),
    id: z.string().nullable(),
    role: z.string().optional(),
    sessionId: idSchema.optional(),
    deviceId: idSchema.optional(),
    tokenId: idSchema.optional(),
  }),
  onBehalfOf: idSchema.optional(),
  /** The other person in it: to whom work was handed, or whose work was decided about. */
  colleagueId: idSchema.optional(),
  action: z.string(),
  resource: z.strictObject({ type: z.string(), id: z.string(), version: z.int().optional() }).optional(),
  patientId: idSchema.optional(),
  /** The record that the change named; it was merged, so the change was made for its survivor (C07). */
  namedPatientId: idSchema.optional(),
  outcome: z.enum(["ok", "denied", "error"]),
  reason: z.string().optional(),
  purpose: z.string().optional(),
  approvalId: idSchema.optional(),
  breakGlassId: idSchema.optional(),
  requestId: z.string().optional(),
  route: z.string().optional(),
  /** Of a denial: the right that was missing. */
  permission: z.string().optional(),
  changed: z.array(z.string()).optional(),
  /** Of a change: the fields in which it waits for somebody's decision. */
  waits: z.array(z.string()).optional(),
  before: z.string().optional(),
  after: z.string().optional(),
  /** Of a restore: the epoch that it ended. */
  formerEpoch: idSchema.optional(),
  /** Of a search or an export of the log. */
  search: z
    .strictObject({
      /** SHA-256 of each filter that was set, but for the patient, who stands in `patientId`. */
      filters: z.record(z.string(), z.string()),
      /** How many records it gave. */
      records: z.int(),
      format: z.enum(["log", "fhir", "csv", "ndjson"]).optional(),
    })
    .optional(),
  ai: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type AuditBody = z.infer<typeof auditBodySchema>;
