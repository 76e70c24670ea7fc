import * as z from "zod";
import { givenPasswordSchema } from "#domain/access/account.ts";
import { approvalPayloadSchema, approvalSchema } from "#domain/approval/index.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { type Route, route } from "#server/http/route.ts";
import { confirmPassword } from "#server/identity/index.ts";
import { decide, execute, listApprovals, requestApproval, waitingApprovals, withdraw } from "./approvals.ts";

const params = z.strictObject({ id: idSchema });
const password = givenPasswordSchema;
const reason = z.string().trim().min(3).max(500);

export const approvalRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/approvals",
    summary: "Requests that need a second person, newest first",
    permission: "approval:read",
    audit: { none: "requests hold roles, scopes and demographics, no clinical content" },
    response: z.object({ approvals: z.array(approvalSchema) }),
    handle: async ({ practice, principal }) => ({ approvals: await listApprovals(practice, principal) }),
  }),
  route({
    method: "get",
    path: "/api/approvals/waiting",
    summary: "How many requests the caller is to decide, or to carry out now that they are approved",
    permission: "approval:read",
    audit: { none: "a number, which says nothing of whom or what" },
    response: z.object({ waiting: z.int().min(0) }),
    handle: async ({ practice, principal }) => ({
      waiting: (await waitingApprovals(practice, principal)).length,
    }),
  }),
  route({
    method: "post",
    path: "/api/approvals",
    summary: "Ask for something that needs a second person",
    permission: "approval:read",
    audit: "approval.requested",
    body: z.strictObject({ payload: approvalPayloadSchema, reason }),
    response: approvalSchema,
    handle: (context) => requestApproval(context, context.body),
  }),
  route({
    method: "post",
    path: "/api/approvals/{id}/decision",
    summary:
      "Approve or deny exactly what was shown, with the password given again; or withdraw one's own request",
    permission: "approval:read",
    audit: "approval.approved",
    params,
    body: z.discriminatedUnion("decision", [
      z.strictObject({
        decision: z.enum(["approve", "deny"]),
        digest: z.string().max(100),
        reason: z.string().trim().max(500).default(""),
        password,
      }),
      z.strictObject({ decision: z.literal("withdraw") }),
    ]),
    response: approvalSchema,
    handle: async (context) => {
      const { body, params, practice, principal } = context;
      if (body.decision === "withdraw") return withdraw(context, params.id);
      await confirmPassword(practice, principal, body.password);
      return decide(context, params.id, body);
    },
  }),
  route({
    method: "post",
    path: "/api/approvals/{id}/execute",
    summary: "Carry out one's own approved request, once",
    permission: "approval:read",
    audit: "approval.executed",
    params,
    body: z.strictObject({ password }),
    response: z.object({ approval: approvalSchema, token: z.string().optional() }),
    handle: async (context) => {
      await confirmPassword(context.practice, context.principal, context.body.password);
      return execute(context, context.params.id);
    },
  }),
];
