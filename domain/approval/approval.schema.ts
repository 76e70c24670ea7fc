import * as z from "zod";
import { roles, tokenScopes } from "../access/roles.ts";
import { idSchema } from "../kernel/id.ts";
import { instantSchema } from "../kernel/instant.ts";

/** What somebody asks to be allowed to do once. The payload is exactly what will be carried out. */
export const approvalPayloadSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("role.grant"), userId: idSchema, role: z.enum(roles) }),
  z.strictObject({ kind: z.literal("role.remove"), userId: idSchema, role: z.enum(roles) }),
  z.strictObject({ kind: z.literal("user.enable"), userId: idSchema }),
  z.strictObject({
    kind: z.literal("token.register"),
    purpose: z.string().trim().min(3).max(120),
    scopes: z.array(z.enum(tokenScopes)).min(1),
    days: z.int().min(1).max(365),
    ownerId: idSchema.nullable(),
  }),
]);
export type ApprovalPayload = z.infer<typeof approvalPayloadSchema>;
export type ApprovalKind = ApprovalPayload["kind"];

/** The difference in reach that an approver sees: what is gained and lost, in the words of the permission matrix. */
export const approvalDifferenceSchema = z.strictObject({
  /** Whom it is about: a person's name, or the purpose of a token. */
  subject: z.string(),
  gains: z.array(z.string()),
  losses: z.array(z.string()),
  /** Patients whose charts come into reach; null when none do. */
  charts: z.int().nullable(),
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
