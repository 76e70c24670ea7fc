import { DomainError, type ErrorCode } from "#domain/errors/catalog.ts";
import { deriveId, idSchema } from "#domain/kernel/id.ts";
import type { MergeLinks } from "#domain/patient/index.ts";
import { mutations } from "#domain/registry.ts";
import { UNREADABLE } from "#domain/sync/envelope.ts";
import type { GivenBack, MutationResult, PushedMutation, PushResult } from "#domain/sync/protocol.ts";
import { isNewer } from "#domain/upcast.ts";
import { isTaken, isTransient, refusalOf, repeatTransient } from "#server/database/database-error.ts";
import type { ClosingStatement, LedgerTransaction } from "#server/database/ledger.ts";
import { holdMergeLinks, lockPeople } from "#server/patient/index.ts";
import { type CarryOutContext, carryOut } from "./carry-out.ts";
import { type LockedClient, lockClient } from "./client.ts";
import { apart, ForkedClient } from "./fork.ts";
import { hold, waits, yields } from "./held.ts";
import { refuse } from "./refuse.ts";
import { DoneBefore, PartlyStored } from "./slice.ts";

export interface PushContext extends CarryOutContext {
  readonly clientId: string;
  /** Set while the client gives back what a restored backup did not hold. */
  readonly givenBack?: GivenBack;
  /** Set where a refusal would reach nobody: the keys of whoever wrote it are gone from the tablet. */
  readonly keysGone?: true;
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
  const settle = apart(context, (mutations) => pushTogether(context, mutations));
  const results = await settle(batch).catch(async (error: unknown) => {
    if (!isTransient(error)) throw error;
    const again = apart(context, (mutations) => repeatTransient(() => pushTogether(context, mutations)));
    const single: MutationResult[] = [];
    for (const mutation of batch) single.push(...(await again([mutation])));
    return single;
  });
  const { epoch, checkpoints } = context.practice;
  const [client]: { last_n: string }[] = await context.practice.database.em
    .fork()
    .execute("select last_n from sync_client where client_id = ?", [context.clientId]);
  const lastN = Number(client?.last_n ?? 0);
  const next = batch.find(({ n }) => n === lastN + 1);
  const later = next && comesFromLater(next) && { n: next.n, code: "version_too_new" };
  return {
    epoch: await epoch(),
    lastN,
    results,
    ...(later && { waits: later }),
    checkpoint: checkpoints.latest(),
  };
}

/** The tablet was updated before the clinic was: it waits for that, and nothing after it may overtake it. */
function comesFromLater(mutation: PushedMutation): boolean {
  const found = mutations.get(mutation.name);
  return found !== undefined && isNewer(found.mutation, mutation);
}

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

/** Between two mutations, in one message: what the last one did stays, and the next may fail without it. */
const NEXT_SAVEPOINT = "release savepoint mutation; savepoint mutation";

async function pushTogether(
  context: PushContext,
  batch: readonly PushedMutation[],
): Promise<MutationResult[]> {
  const known: MutationResult[] = [];
  const nothingNew = new Error("nothing new");
  try {
    const { result, seq } = await context.practice.ledger.transact(async (tx) => {
      const client = await lockClient(tx.em, context.principal, context.clientId);
      const lastN = await lastKept(context, tx, client.lastN);
      known.push(...(await settledBefore(tx, context.clientId, batch, lastN)));
      const fresh = batch.filter((mutation) => mutation.n > lastN).sort((a, b) => a.n - b.n);
      const taken = await takenIds(tx, fresh);
      const links = await holdMergeLinks(tx.em);
      // In one order for all: two batches that name the same patients crosswise wait, instead of stopping each other.
      if (fresh.length > 1) await lockPeople(tx.em, links, fresh.flatMap(patientNamed));
      const settled: Settled[] = [];
      await tx.em.execute("savepoint mutation");
      for (const mutation of fresh) {
        const { n, id } = mutation;
        if (n !== lastN + settled.length + 1) break;
        if (!taken.has(id) && !barredBy(client, mutation) && comesFromLater(mutation)) break;
        // Whether the clinic refused that is asked of the store, in which this batch stands when it is over.
        if (settled.some((one) => one.mutation.id === handedOver(mutation))) break;
        // The same work under another number or client: a copied outbox. It was settled once.
        const outcome = taken.has(id)
          ? await refuse(context, tx, mutation, new DomainError("already_exists"))
          : await settleOne(context, tx, client, mutation, links);
        const storedId = taken.has(id) ? deriveId("repeated", context.clientId, String(n)) : id;
        settled.push({ ...outcome, mutation, storedId });
        taken.add(id);
        await tx.em.execute(NEXT_SAVEPOINT);
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

/**
 * The number after which a client goes on: the last one that was settled, or, in a practice that went back to a backup,
 * the one before the lowest that the device still holds. What lies between nobody has any more.
 */
async function lastKept(
  { practice, principal, clientId, givenBack, requestId }: PushContext,
  { audit }: LedgerTransaction,
  lastN: number,
): Promise<number> {
  if (!givenBack || givenBack.from <= lastN + 1 || !(await practice.restored())) return lastN;
  audit({
    actor: principal.audit,
    action: "client.numbers_lost",
    outcome: "error",
    resource: { type: "client", id: clientId },
    before: String(lastN),
    after: String(givenBack.from - 1),
    requestId,
  });
  return givenBack.from - 1;
}

/** Settles one mutation of a locked client, whatever it is. */
export async function settleOne(
  context: PushContext,
  tx: LedgerTransaction,
  client: Pick<LockedClient, "lost" | "forked">,
  mutation: PushedMutation,
  links: MergeLinks,
): Promise<MutationResult> {
  const setAside = context.givenBack?.decided.includes(mutation.n) && !isReport(mutation);
  const barred = barredBy(client, mutation) ?? (setAside ? "set_aside_before" : null);
  return barred
    ? refuse(context, tx, mutation, new DomainError(barred))
    : settle(context, tx, mutation, links);
}

/** Why nothing of this client is carried out, if so. What cannot be read keeps that for its reason. */
function barredBy(
  { lost, forked }: Pick<LockedClient, "lost" | "forked">,
  mutation: PushedMutation,
): ErrorCode | null {
  if (lost && mutation.name !== UNREADABLE) return "revoked_before_arrival";
  return forked && !isReport(mutation) ? "client_fork" : null;
}

/** The id of the refused change that a hand-over names. What a clinic lost in a restore may come together with it. */
const handedOver = ({ name, args }: PushedMutation): unknown =>
  name === "handover.give" ? (args.mutation as { readonly id?: unknown } | undefined)?.id : undefined;

/** That something happened, such as that a chart was opened: no review could undo it. */
const isReport = ({ name }: PushedMutation): boolean => mutations.get(name)?.mutation.report === true;

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

/** Results of mutations that were settled earlier. @throws {ForkedClient} for numbers that were used for other content */
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
  const settledAs = ({ n, hash }: PushedMutation) => {
    const row = byNumber.get(n);
    // What could not be opened has no hash that the tablet's own could be compared with.
    return row?.hash === hash || row?.result.code === "envelope_unreadable" ? row : undefined;
  };
  const foreign = repeated.filter((mutation) => !settledAs(mutation));
  if (foreign.length > 0) throw new ForkedClient(foreign);
  return repeated.map((mutation) => {
    const { status, result, seq } = settledAs(mutation)!;
    return { n: mutation.n, status, ...result, seq: Number(seq) };
  });
}

/**
 * Settles one mutation in a savepoint of its own. Failures that may pass are thrown; everything else is a result.
 * A record that somebody else began in the same moment is there when it is tried `again`: the rules then see it.
 */
async function settle(
  context: PushContext,
  tx: LedgerTransaction,
  mutation: PushedMutation,
  links: MergeLinks,
  again = false,
): Promise<MutationResult> {
  const { em } = tx;
  const entries: Parameters<LedgerTransaction["audit"]>[0][] = [];
  const later: (() => Promise<void>)[] = [];
  try {
    const done = await carryOut(
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
    if (await yields(context, mutation, done)) throw new DomainError("yields_to_others");
    // What was loaded for this one is of no use to the next, and would be compared again with every flush.
    em.clear();
    for (const entry of entries) tx.audit(entry);
    for (const work of later) tx.afterCommit(work);
    return { n: mutation.n, ...answerOf(done) };
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    await em.execute("rollback to savepoint mutation");
    em.clear();
    if (isTaken(error) && !again) return settle(context, tx, mutation, links, true);
    if (await waits(context, em, mutation, refusal)) return hold(context, tx, mutation, refusal);
    return refuse(context, tx, mutation, refusal);
  }
}

/** A change of which a part waits is a conflict, though the rest of it is stored. */
function answerOf(done: unknown): Omit<MutationResult, "n"> {
  if (done instanceof DoneBefore) return { status: "applied", code: done.code };
  if (!(done instanceof PartlyStored))
    return { status: "applied", ...(done === undefined ? {} : { detail: done }) };
  const { code, detail } = done;
  return code === null ? { status: "applied" } : { status: "conflict", code, detail };
}
