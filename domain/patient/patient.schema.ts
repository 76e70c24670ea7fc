import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { dateSchema, instantSchema } from "../kernel/instant.ts";

export const sexes = ["female", "male", "other", "unknown"] as const;

/** Somebody who acts for the patient or may be told things, and what (C16). */
export const contactSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  relation: z.string().trim().max(60),
  kind: z.enum(["guardian", "proxy", "emergency"]),
  phone: z.string().trim().max(30),
  mayBeTold: z.enum(["everything", "appointments-only", "nothing"]),
});
export type Contact = z.infer<typeof contactSchema>;

/** A request to merge this record with another, or to part them again, that waits for a second person (C07). */
export const pendingMergeSchema = z.strictObject({
  approvalId: idSchema,
  kind: z.enum(["merge", "unmerge"]),
  /** The other record. */
  withId: idSchema,
  /** Approved, and to be carried out by the one who asked. */
  approved: z.boolean(),
});
export type PendingMerge = z.infer<typeof pendingMergeSchema>;

/** Demographics. Nothing clinical may ever be added here: the front desk holds these rows. */
export const patientSchema = z.strictObject({
  id: idSchema,
  /** The practice's number, given by the server; null while a registration waits on a tablet. */
  recordNumber: z.string().max(20).nullable(),
  givenName: z.string().trim().min(1).max(80),
  familyName: z.string().trim().min(1).max(80),
  preferredName: z.string().trim().max(80),
  birthDate: dateSchema,
  /** Sex recorded at birth, as insurers and reference ranges need it. */
  sex: z.enum(sexes),
  gender: z.string().trim().max(60),
  pronouns: z.string().trim().max(40),
  /** BCP 47. */
  language: z.string().trim().max(20),
  interpreter: z.boolean(),
  phone: z.string().trim().max(30),
  email: z.string().trim().max(120),
  address: z.string().trim().max(200),
  contacts: z.array(contactSchema).max(10),
  /** Stops letters and bookings. */
  deceasedOn: dateSchema.nullable(),
  /** The record that this one was merged into; it redirects, nothing is rewritten (C07). */
  mergedInto: idSchema.nullable(),
  mergedAt: instantSchema.nullable(),
  /** Set and cleared by the server with the request; both banners warn while it stands. */
  mergePending: pendingMergeSchema.nullable(),
  active: z.boolean(),
});
export type Patient = z.infer<typeof patientSchema>;
