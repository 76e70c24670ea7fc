import * as z from "zod";
import { roles, tokenScopes } from "../access/roles.ts";
import { idSchema } from "../kernel/id.ts";
import { dateSchema, instantSchema } from "../kernel/instant.ts";
import { sexes } from "../patient/index.ts";

/** What somebody asks to be allowed to do once. The payload is exactly what will be carried out. */
export const approvalPayloadSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("role.grant"), userId: idSchema, role: z.enum(roles) }),
  z.strictObject({ kind: z.literal("role.remove"), userId: idSchema, role: z.enum(roles) }),
  z.strictObject({ kind: z.literal("user.enable"), userId: idSchema }),
  z.strictObject({ kind: z.literal("factor.reset"), userId: idSchema }),
  z.strictObject({
    kind: z.literal("token.register"),
    purpose: z.string().trim().min(3).max(120),
    scopes: z.array(z.enum(tokenScopes)).min(1),
    days: z.int().min(1).max(365),
    ownerId: idSchema.nullable(),
  }),
  // C07: `mergedId` points to `keptId` afterwards, or does no longer.
  z.strictObject({ kind: z.literal("patient.merge"), mergedId: idSchema, keptId: idSchema }),
  z.strictObject({ kind: z.literal("patient.unmerge"), mergedId: idSchema, keptId: idSchema }),
]);
export type ApprovalPayload = z.infer<typeof approvalPayloadSchema>;
export type ApprovalKind = ApprovalPayload["kind"];

/** One of two records as the desk knows it: what tells whether both are one person, and no clinical word. */
export const comparedPatientSchema = z.strictObject({
  id: idSchema,
  recordNumber: z.string().nullable(),
  name: z.string(),
  birthDate: dateSchema,
  sex: z.enum(sexes),
  phone: z.string(),
  email: z.string(),
  address: z.string(),
  deceasedOn: dateSchema.nullable(),
});
export type ComparedPatient = z.infer<typeof comparedPatientSchema>;

/** What is counted of a record, by words that the desk may read: `chart` stands for every clinical entry together. */
export const countedKinds = ["appointments", "visits", "wait-list", "tasks", "chart"] as const;
const countsSchema = z.record(z.enum(countedKinds), z.int());
export type RecordCounts = z.infer<typeof countsSchema>;

/** Ids of who may open a chart; null = all clinical staff. */
const readersSchema = z.strictObject({
  merged: z.array(idSchema).nullable(),
  kept: z.array(idSchema).nullable(),
});

export const mergeDifferenceSchema = z.strictObject({
  merged: comparedPatientSchema,
  kept: comparedPatientSchema,
  /** Who may open each chart before and after (C16). Shown to those who decide only. */
  readers: z.strictObject({ before: readersSchema, after: readersSchema }).optional(),
  /** Of a parting: what each record held when they were merged, and holds now. What came later stays with the kept one. */
  counts: z
    .strictObject({
      mergedAt: instantSchema,
      atMerge: z.strictObject({ merged: countsSchema, kept: countsSchema }),
      now: z.strictObject({ merged: countsSchema, kept: countsSchema }),
    })
    .optional(),
});
export type MergeDifference = z.infer<typeof mergeDifferenceSchema>;

/** The difference in reach that an approver sees: what is gained and lost, in the words of the permission matrix. */
export const approvalDifferenceSchema = z.strictObject({
  /** Whom it is about: a person's name, or the purpose of a token. */
  subject: z.string(),
  gains: z.array(z.string()),
  losses: z.array(z.string()),
  /** Patients whose charts come into reach; null when none do. */
  charts: z.int().nullable(),
  /** Of a merge or parting: both records. Absent otherwise, so that the digests of older requests stay what they are. */
  records: mergeDifferenceSchema.optional(),
});
export type ApprovalDifference = z.infer<typeof approvalDifferenceSchema>;

export const approvalStatuses = ["requested", "approved", "denied", "executed", "expired", "voided"] as const;
export type ApprovalStatus = (typeof approvalStatuses)[number];

export const approvalDecisionSchema = z.strictObject({
  by: idSchema,
  role: z.enum(roles),
  decision: z.enum(["approve", "deny"]),
  at: instantSchema,
  reason: z.string(),
});

export const approvalSchema = z.strictObject({
  id: idSchema,
  payload: approvalPayloadSchema,
  difference: approvalDifferenceSchema,
  /** SHA-256 over payload and difference: a decision names it, so that nobody approves what they did not see. */
  digest: z.string(),
  reason: z.string(),
  status: z.enum(approvalStatuses),
  requestedBy: idSchema,
  requestedAt: instantSchema,
  decisions: z.array(approvalDecisionSchema),
  /** Nobody else could approve: it waited a day and was confirmed by the one who asked. */
  singlePerson: z.boolean(),
  /** From when it can be decided, and until when it can be decided or, once approved, carried out. */
  opensAt: instantSchema,
  closesAt: instantSchema,
  executedAt: instantSchema.nullable(),
});
export type Approval = z.infer<typeof approvalSchema>;
