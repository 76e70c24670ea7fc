import { Readable } from "node:stream";
import * as z from "zod";
import { can } from "#domain/access/can.ts";
import { isAuditAction } from "#domain/audit/actions.ts";
import { auditBodySchema } from "#domain/audit/record.ts";
import { auditHeadSchema, historyProofSchema } from "#domain/audit/witness.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { instantSchema } from "#domain/kernel/instant.ts";
import { type Route, route } from "#server/http/route.ts";
import type { Principal } from "#server/identity/principal.ts";
import { actorNames, auditHead, countAudit, searchAudit, withoutPatient } from "./audit-log.ts";
import type { AuditFilter } from "./audit-query.ts";
import { exportRecords, searchRecord } from "./export-records.ts";
import { verifyAudit } from "./verify-database.ts";
import { logFaults } from "./verify-log.ts";

const record = auditBodySchema.extend({ seq: z.int(), id: idSchema, hash: z.string() });

/** What a search and an export can be narrowed to. */
const filterShape = {
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
};
export const auditFilterSchema = z.strictObject(filterShape);

/**
 * Whether the caller sees who did what when, but not to whom.
 * @throws {DomainError} forbidden: asking for one patient's records would tell what the answer leaves out
 */
function seesMetadataOnly(principal: Principal, { patient }: AuditFilter): boolean {
  const decision = can(principal.actor, "audit:search");
  const metadataOnly = !decision.allowed || decision.grant === "metadata";
  if (metadataOnly && patient) throw new DomainError("forbidden");
  return metadataOnly;
}

const mediaTypes = {
  csv: "text/csv; charset=utf-8; header=present",
  ndjson: "application/x-ndjson",
} as const;

export const auditRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/audit",
    summary: "Search the audit log, newest first",
    permission: "audit:search",
    audit: "audit.searched",
    query: z.strictObject({
      ...filterShape,
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
      const metadataOnly = seesMetadataOnly(principal, query);
      const page = await searchAudit(practice.database, query);
      const found = { ...page, names: await actorNames(practice.database, page.records) };
      const { limit: _limit, before: _before, ...filter } = query;
      await practice.ledger.record({
        actor: principal.audit,
        action: "audit.searched",
        outcome: "ok",
        requestId,
        ...searchRecord(filter, { records: found.records.length }),
      });
      return metadataOnly ? { ...found, records: found.records.map(withoutPatient) } : found;
    },
  }),
  route({
    method: "get",
    path: "/api/audit/export",
    summary: "Every record that a search finds, newest first, as a file",
    permission: "audit:search",
    audit: "audit.exported",
    query: z.strictObject({ ...filterShape, format: z.enum(["csv", "ndjson"]) }),
    response: "bytes",
    handle: async ({ practice, principal, query, requestId }) => {
      const { format, ...filter } = query;
      const metadataOnly = seesMetadataOnly(principal, filter);
      const { database, info } = practice;
      const through = await auditHead(database);
      const records = await countAudit(database, { ...filter, through });
      // Recorded before the first byte leaves.
      await practice.ledger.record({
        actor: principal.audit,
        action: "audit.exported",
        outcome: "ok",
        requestId,
        ...searchRecord(filter, { records, format }),
      });
      const lines = exportRecords({ database, practice: info, format, filter, through, metadataOnly });
      return new Response(Readable.toWeb(Readable.from(lines, { objectMode: false })) as ReadableStream, {
        headers: {
          "content-type": mediaTypes[format],
          "content-disposition": `attachment; filename="audit-${through}.${format}"`,
          "cache-control": "no-store",
        },
      });
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
    method: "get",
    path: "/api/audit/checkpoint",
    summary: "The newest signed head of the log, a C2SP signed note",
    permission: "audit:witness",
    audit: { none: "sizes and hashes, nothing of what is recorded" },
    response: auditHeadSchema,
    handle: async ({ practice: { checkpoints } }) => ({
      checkpoint: checkpoints.latest(),
      key: checkpoints.key,
    }),
  }),
  route({
    method: "get",
    path: "/api/audit/proof",
    summary: "That the log of `from` records is the beginning of the log of `to` records",
    permission: "audit:witness",
    audit: { none: "hashes, and the records of restores" },
    query: z.strictObject({
      /** Of the earlier head. */
      epoch: idSchema,
      from: z.coerce.number().int().min(0),
      to: z.coerce.number().int().min(0),
    }),
    response: historyProofSchema,
    handle: async ({ practice, query }) => {
      const proof = await practice.checkpoints.prove(query);
      if (!proof) throw new DomainError("history_shorter");
      return proof;
    },
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
      /** Records under the newest signed head. */
      signed: z.int().nullable().optional(),
      fault: z.enum(logFaults).optional(),
      seq: z.int().optional(),
    }),
    handle: async ({ practice, principal, requestId }) => {
      const verdict = await verifyAudit(practice.database.em.fork(), practice.checkpoints.key);
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
