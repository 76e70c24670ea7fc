import { can } from "#domain/access/can.ts";
import { permissions } from "#domain/access/permissions.ts";
import type { AuditAction } from "#domain/audit/actions.ts";
import type { Row } from "#domain/collection.ts";
import { DomainError, errorCatalog } from "#domain/errors/catalog.ts";
import { deriveId, idSchema } from "#domain/kernel/id.ts";
import { instantSchema } from "#domain/kernel/instant.ts";
import type { MergeLinks } from "#domain/patient/index.ts";
import { mutations } from "#domain/registry.ts";
import { UNREADABLE } from "#domain/sync/envelope.ts";
import {
  type MutationResult,
  mutationHash,
  type PushedMutation,
  type PushResult,
} from "#domain/sync/protocol.ts";
import { unstorablePlace } from "#domain/sync/storable.ts";
import { patientOf } from "#server/audit/attempt.ts";
import { assertChartOpen } from "#server/chart/index.ts";
import { isTransient, refusalOf } from "#server/database/database-error.ts";
import type { ClosingStatement, LedgerTransaction } from "#server/database/ledger.ts";
import type { Principal } from "#server/identity/principal.ts";
import { holdMergeLinks, lockPeople } from "#server/patient/index.ts";
import type { Practice } from "#server/practice/practice.ts";
import { slices } from "#server/slices.ts";
import { lockClient } from "./client.ts";
import { quarantine } from "./quarantine.ts";
import { forThePerson } from "./redirect.ts";
import { type HandlerContext, rowAccess } from "./slice.ts";

export interface PushContext {
  readonly practice: Practice;
  readonly principal: Principal;
  readonly clientId: string;
  readonly requestId: string;
}

interface Settled extends MutationResult {
  readonly mutation: PushedMutation;
  /** The mutation's id, or one that follows from its place when another mutation already has that id. */
  readonly storedId: string;
}

/**
 * Applies a client's mutations in the order of their numbers: what was settled before is answered from the store, a gap
 * stops the batch, a refusal becomes a result and never blocks what follows. All of a batch is one transaction with one
 * seal; when that fails for a passing reason the mutations are done one by one.
 */
export async function push(context: PushContext, batch: readonly PushedMutation[]): Promise<PushResult> {
  const results = await pushTogether(context, batch).catch(async (error: unknown) => {
    if (error instanceof DomainError && error.code === "client_fork") await recordFork(context);
    if (!isTransient(error)) throw error;
    const single: MutationResult[] = [];
    for (const mutation of batch) single.push(...(await pushAlone(context, mutation)));
    return single;
  });
  const { epoch } = context.practice;
  const [client]: { last_n: string }[] = await context.practice.database.em
    .fork()
    .execute("select last_n from sync_client where client_id = ?", [context.clientId]);
  return { epoch: await epoch(), lastN: Number(client?.last_n ?? 0), results, checkpoint: null };
}

/** Two pushes that lock the same records in another order may meet again; after the third time the tablet repeats it. */
const TRIES = 3;

async function pushAlone(context: PushContext, mutation: PushedMutation): Promise<MutationResult[]> {
  for (let tried = 1; ; tried++) {
    try {
      return await pushTogether(context, [mutation]);
    } catch (error) {
      if (tried === TRIES || !isTransient(error)) throw error;
    }
  }
}

/** A copied profile is something that practice IT has to hear of. */
const recordFork = ({ practice, principal, clientId, requestId }: PushContext): Promise<number> =>
  practice.ledger.record({
    actor: principal.audit,
    action: "mutation.refused",
    outcome: "denied",
    reason: "client_fork",
    resource: { type: "client", id: clientId },
    requestId,
  });

const writeOutcome =
  (clientId: string) =>
  (settled: readonly Settled[]): ClosingStatement => {
    const rows = settled.map(({ mutation, storedId, n, status, code, detail }) => ({
      n,
      id: storedId,
      name: mutation.name,
      hash: mutation.hash,
      status,
      result: { code, detail },
    }));
    return {
      sql: `with s as (select $seal as seq),
        m as (insert into sync_mutation(client_id, n, mutation_id, name, body_hash, status, result, seq)
              select ?::uuid, (v->>'n')::bigint, (v->>'id')::uuid, v->>'name', decode(v->>'hash', 'hex'),
                v->>'status', v->'result', s.seq
              from s, jsonb_array_elements(?::jsonb) v)
      update sync_client set last_n = ?, last_hash = decode(?, 'hex') from s where client_id = ?::uuid returning s.seq`,
      params: [clientId, JSON.stringify(rows), rows.at(-1)!.n, rows.at(-1)!.hash, clientId],
    };
  };

async function pushTogether(
  context: PushContext,
  batch: readonly PushedMutation[],
): Promise<MutationResult[]> {
  const known: MutationResult[] = [];
  const nothingNew = new Error("nothing new");
  try {
    const { result, seq } = await context.practice.ledger.transact(async (tx) => {
      const lastN = await lockClient(tx.em, context.principal, context.clientId);
      known.push(...(await settledBefore(tx, context.clientId, batch, lastN)));
      const fresh = batch.filter((mutation) => mutation.n > lastN).sort((a, b) => a.n - b.n);
      const taken = await takenIds(tx, fresh);
      const links = await holdMergeLinks(tx.em);
      // In one order for all: two batches that name the same patients crosswise wait, instead of stopping each other.
      if (fresh.length > 1) await lockPeople(tx.em, links, fresh.flatMap(patientNamed));
      const settled: Settled[] = [];
      for (const mutation of fresh) {
        const { n, id } = mutation;
        if (n !== lastN + settled.length + 1) break;
        // The same work under another number or client: a copied outbox. It was settled once.
        const outcome = taken.has(id)
          ? await refuse(context, tx, mutation, new DomainError("already_exists"))
          : await settle(context, tx, mutation, links);
        const storedId = taken.has(id) ? deriveId("repeated", context.clientId, String(n)) : id;
        settled.push({ ...outcome, mutation, storedId });
        taken.add(id);
      }
      if (settled.length === 0) throw nothingNew;
      return settled;
    }, writeOutcome(context.clientId));
    return [...known, ...result.map(({ mutation: _, storedId: _id, ...outcome }) => ({ ...outcome, seq }))];
  } catch (error) {
    if (error === nothingNew) return known;
    throw error;
  }
}

/** The patient whose records a mutation claims to be about. */
const patientNamed = ({ args }: PushedMutation): readonly string[] => {
  const named = idSchema.safeParse(args.patientId);
  return named.success ? [named.data] : [];
};

/** Which of these mutations' ids are already in the store. */
async function takenIds({ em }: LedgerTransaction, fresh: readonly PushedMutation[]): Promise<Set<string>> {
  if (fresh.length === 0) return new Set();
  const rows: { mutation_id: string }[] = await em.execute(
    "select mutation_id from sync_mutation where mutation_id = any(?::uuid[])",
    [`{${fresh.map(({ id }) => id).join(",")}}`],
  );
  return new Set(rows.map((row) => row.mutation_id));
}

/** Results of mutations that were settled earlier. @throws {DomainError} client_fork for the same n with other content */
async function settledBefore(
  { em }: LedgerTransaction,
  clientId: string,
  batch: readonly PushedMutation[],
  lastN: number,
): Promise<MutationResult[]> {
  const repeated = batch.filter((mutation) => mutation.n <= lastN);
  if (repeated.length === 0) return [];
  const stored: {
    n: string;
    hash: string;
    status: MutationResult["status"];
    result: { code?: string; detail?: unknown };
    seq: string;
  }[] = await em.execute(
    "select n, encode(body_hash, 'hex') as hash, status, result, seq from sync_mutation where client_id = ? and n = any(?::bigint[])",
    [clientId, `{${repeated.map((mutation) => mutation.n).join(",")}}`],
  );
  const byNumber = new Map(stored.map((row) => [Number(row.n), row]));
  return repeated.map((mutation) => {
    const row = byNumber.get(mutation.n);
    // What could not be opened has no hash that the tablet's own could be compared with.
    const same = row?.hash === mutation.hash || row?.result.code === "envelope_unreadable";
    if (!row || !same) throw new DomainError("client_fork");
    return { n: mutation.n, status: row.status, ...row.result, seq: Number(row.seq) };
  });
}

/** Settles one mutation in a savepoint of its own. Failures that may pass are thrown; everything else is a result. */
async function settle(
  context: PushContext,
  tx: LedgerTransaction,
  mutation: PushedMutation,
  links: MergeLinks,
): Promise<MutationResult> {
  const { em } = tx;
  const entries: Parameters<LedgerTransaction["audit"]>[0][] = [];
  const later: (() => Promise<void>)[] = [];
  await em.execute("savepoint mutation");
  try {
    const detail = await carryOut(
      context,
      {
        em,
        audit: (entry) => void entries.push(entry),
        beforeSeal: tx.beforeSeal,
        afterCommit: (work) => void later.push(work),
      },
      mutation,
      links,
    );
    await em.flush();
    await em.execute("release savepoint mutation");
    for (const entry of entries) tx.audit(entry);
    for (const work of later) tx.afterCommit(work);
    return { n: mutation.n, status: "applied", ...(detail === undefined ? {} : { detail }) };
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    await em.execute("rollback to savepoint mutation");
    em.clear();
    return refuse(context, tx, mutation, refusal);
  }
}

async function refuse(
  context: PushContext,
  tx: LedgerTransaction,
  mutation: PushedMutation,
  refusal: DomainError,
): Promise<MutationResult> {
  const { code, detail } = refusal;
  const denied =
    code === "forbidden" || code === "not_yours" || code === "role_not_held" || code === "chart_restricted";
  const own = auditBase(context, mutation);
  // Whose record it is, says the record; what the device claims stands where there is none.
  const patientId = (await patientOf(tx.em, own.resource)) ?? own.patientId;
  const base = { ...own, ...(patientId && { patientId }), outcome: "denied" as const, reason: code };
  if (code === "revoked_before_arrival" || code === "envelope_unreadable") {
    await quarantine(context, tx.em, mutation, code);
    tx.audit({ ...base, action: "mutation.quarantined" });
    return { n: mutation.n, status: "quarantined", code };
  }
  const permission = denied ? mutations.get(mutation.name)?.mutation.permission : undefined;
  tx.audit({
    ...base,
    action: denied ? "access.denied" : "mutation.refused",
    ...(permission && { permission }),
  });
  const status = errorCatalog[code].status === 409 ? "conflict" : "rejected";
  return { n: mutation.n, status, code, ...(detail === undefined ? {} : { detail }) };
}

function auditBase({ principal, requestId }: PushContext, mutation: PushedMutation) {
  const at = instantSchema.safeParse(mutation.at);
  const patientId = idSchema.safeParse(mutation.args.patientId).data;
  return {
    actor: { ...principal.audit, role: mutation.role },
    // What a device delivers for somebody who is locked out is still that person's work.
    ...(principal.audit.type === "device" ? { onBehalfOf: principal.actor.id } : {}),
    ...(at.success ? { occurredAt: at.data } : {}),
    deviceSeq: mutation.n,
    requestId,
    resource: { type: mutation.name.split(".")[0]!, id: mutation.args.id },
    ...(patientId ? { patientId } : {}),
  };
}

/** Checks form, rights and rules of one mutation, and changes what it is about. */
async function carryOut(
  context: PushContext,
  tx: LedgerTransaction,
  mutation: PushedMutation,
  links: MergeLinks,
): Promise<unknown> {
  const odd = unstorablePlace(mutation.args);
  if (odd !== null)
    throw new DomainError("invalid_arguments", { field: odd, problem: "holds what cannot be stored" });
  if (mutationHash(mutation) !== mutation.hash) throw new DomainError("hash_mismatch");
  if (mutation.name === UNREADABLE) throw new DomainError("envelope_unreadable");
  const found = mutations.get(mutation.name);
  if (!found || found.mutation.v !== mutation.v) throw new DomainError("unknown_mutation");
  judge(context.principal, mutation, found.mutation.permission);
  const parsed = found.mutation.args.safeParse(mutation.args);
  const at = instantSchema.safeParse(mutation.at);
  if (!parsed.success || !at.success) {
    const issue = parsed.error?.issues[0] ?? at.error?.issues[0];
    throw new DomainError("invalid_arguments", { field: issue?.path.join("."), problem: issue?.message });
  }
  const slice = slices[found.collectionName];
  const clinical = permissions[found.mutation.permission].clinical;
  const { args, namedPatientId } = await forThePerson(tx.em, links, found, parsed.data);
  const named = idSchema.safeParse(Reflect.get(args, "patientId"));
  if (clinical && named.success) await assertChartOpen(tx.em, mutation.actor, named.data);
  const stamp = { mutationId: mutation.id, at: at.data, actor: mutation.actor, role: mutation.role };
  const access = rowAccess(tx.em, slice, args.id);
  let saved: Row | undefined;
  const handlerContext: HandlerContext = {
    practice: context.practice,
    tx,
    mutation,
    args,
    stamp,
    user: { id: mutation.actor, role: mutation.role, deviceId: context.principal.session?.deviceId ?? "" },
    load: access.load,
    apply: (view) => found.mutation.apply(view, args, stamp),
    async save(row, serverOnly) {
      saved = row;
      await access.save(row, serverOnly);
    },
  };
  const detail = await slice.handlers[mutation.name.split(".")[1]!]!(handlerContext);
  const concerned: unknown = saved && Reflect.get(saved, "patientId");
  if (clinical && typeof concerned === "string" && concerned !== named.data)
    await assertChartOpen(tx.em, mutation.actor, concerned);
  tx.audit({
    ...applied(
      context,
      { ...mutation, args: { ...mutation.args, id: args.id } },
      found.mutation.audit,
      saved,
    ),
    ...(namedPatientId && { namedPatientId }),
  });
  return detail;
}

function applied(
  context: PushContext,
  mutation: PushedMutation,
  action: AuditAction,
  saved: Row | undefined,
) {
  const patientId: unknown = saved ? Reflect.get(saved, "patientId") : undefined;
  const isPatient = mutation.name.startsWith("patient.");
  return {
    ...auditBase(context, mutation),
    action,
    outcome: "ok" as const,
    changed: Object.keys(mutation.args).filter((name) => name !== "id"),
    // A signature's words can be held against the log, which nobody can rewrite without it showing.
    ...(action === "note.signed" ? { after: String(mutation.args.hash) } : {}),
    ...(isPatient ? { patientId: mutation.args.id } : typeof patientId === "string" ? { patientId } : {}),
  };
}

/** Today's rights, not those of the moment of writing; the words of somebody who lost them are kept for review. */
function judge(principal: Principal, mutation: PushedMutation, permission: Parameters<typeof can>[1]): void {
  const { actor } = principal;
  if (actor.type !== "user" || mutation.actor !== actor.id) throw new DomainError("forbidden");
  const decision = can({ ...actor, role: mutation.role }, permission);
  if (!decision.allowed) throw new DomainError(decision.code);
  if (!principal.roles.includes(mutation.role)) throw new DomainError("revoked_before_arrival");
}
