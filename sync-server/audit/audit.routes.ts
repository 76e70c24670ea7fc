import * as z from "zod";
import { can } from "#domain/access/can.ts";
import { isAuditAction } from "#domain/audit/actions.ts";
import { auditBodySchema } from "#domain/audit/record.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { instantSchema } from "#domain/kernel/instant.ts";
import { type Route, route } from "#server/http/route.ts";
import { type AuditRecord, actorNames, searchAudit, verifyAudit } from "./audit-log.ts";

const record = auditBodySchema.extend({ seq: z.int(), id: idSchema, hash: z.string() });

/** The security officer sees who did what when, but not to whom. */
const withoutPatient = ({
  patientId: _patient,
  namedPatientId: _named,
  resource: _resource,
  ...rest
}: AuditRecord) => rest;

export const auditRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/audit",
    summary: "Search the audit log, newest first",
    permission: "audit:search",
    audit: "audit.searched",
    query: z.strictObject({
      actor: z.string().max(80).optional(),
      /** What somebody did, and what was brought in for them. */
      person: idSchema.optional(),
      patient: idSchema.optional(),
      /** One action, or several with commas between them. */
      action: z
        .string()
        .max(2000)
        .refine((list) => list.split(",").every(isAuditAction), "names an action that there is none of")
        .optional(),
      outcome: z.enum(["ok", "denied", "error"]).optional(),
      from: instantSchema.optional(),
      to: instantSchema.optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      before: z.coerce.number().int().min(1).optional(),
    }),
    response: z.object({
      records: z.array(record.partial()),
      next: z.int().optional(),
      /** What the tokens and devices among the actors, and the devices people used, are called, by id. */
      names: z.record(z.string(), z.string()),
    }),
    handle: async ({ practice, principal, query, requestId }) => {
      const decision = can(principal.actor, "audit:search");
      const metadataOnly = !decision.allowed || decision.grant === "metadata";
      // Asking for one patient's records would tell what the answer leaves out.
      if (metadataOnly && query.patient) throw new DomainError("forbidden");
      const page = await searchAudit(practice.database, query);
      const found = { ...page, names: await actorNames(practice.database, page.records) };
      await practice.ledger.record({
        actor: principal.audit,
        action: "audit.searched",
        outcome: "ok",
        requestId,
        ...(query.patient ? { patientId: query.patient } : {}),
      });
      return metadataOnly ? { ...found, records: found.records.map(withoutPatient) } : found;
    },
  }),
  route({
    method: "get",
    path: "/api/audit/own",
    summary: "One's own actions, newest first",
    permission: "audit:own",
    audit: { none: "people see their own actions" },
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      before: z.coerce.number().int().min(1).optional(),
    }),
    response: z.object({ records: z.array(record.partial()), next: z.int().optional() }),
    handle: ({ practice, principal, query }) =>
      searchAudit(practice.database, { ...query, actor: principal.actor.id }),
  }),
  route({
    method: "post",
    path: "/api/audit/verify",
    summary: "Recompute the whole chain",
    permission: "audit:verify",
    audit: "audit.verified",
    body: z.strictObject({}),
    response: z.object({
      whole: z.boolean(),
      records: z.int().optional(),
      head: z.string().optional(),
      fault: z.enum(["altered", "gap"]).optional(),
      seq: z.int().optional(),
    }),
    handle: async ({ practice, principal, requestId }) => {
      const verdict = await verifyAudit(practice.database.em.fork());
      await practice.ledger.record({
        actor: principal.audit,
        action: "audit.verified",
        outcome: verdict.whole ? "ok" : "error",
        requestId,
        ...(verdict.whole ? {} : { reason: `${verdict.fault} at ${verdict.seq}` }),
      });
      return verdict;
    },
  }),
];
