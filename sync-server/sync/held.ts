import type { DomainError, ErrorCode } from "#domain/errors/catalog.ts";
import { canonical } from "#domain/kernel/canonical.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { mutations } from "#domain/registry.ts";
import type { MutationResult, PushedMutation } from "#domain/sync/protocol.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import { auditBase } from "./carry-out.ts";
import type { PushContext } from "./push.ts";
import { DoneBefore } from "./slice.ts";

/** What is refused because something it builds on is not here. */
const lacking: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["missing_parent", "unknown_revision"]);

/**
 * Whether a refused change waits instead: it was written before the clinic went back to its backup, and builds on
 * something that another tablet has still to give back.
 */
export async function waits(
  { practice, givenBack }: PushContext,
  em: EntityManager,
  mutation: PushedMutation,
  { code, status }: DomainError,
): Promise<boolean> {
  if (!givenBack || mutation.n > givenBack.through || !(await practice.recovering())) return false;
  if (lacking.has(code) || code === "yields_to_others") return true;
  return status === 409 && (await isAhead(em, mutation));
}

/**
 * Whether a change that could be carried out waits all the same: the clinic had preferred to it what somebody else's tablet
 * may still give back, and the first one of both is to be the first again. Once that is back, it has no effect or is refused.
 */
export async function yields(
  { practice, givenBack }: PushContext,
  { n }: PushedMutation,
  done: unknown,
): Promise<boolean> {
  if (!givenBack?.yields?.includes(n) || done instanceof DoneBefore) return false;
  return (await practice.recovering()) !== null;
}

/** Its author saw a later version of the record than there is here. */
async function isAhead(em: EntityManager, { name, args, base }: PushedMutation): Promise<boolean> {
  const table = mutations.get(name)?.collectionName.replaceAll("-", "_");
  if (!table || base === null) return false;
  const [row]: { version: number }[] = await em.execute(`select version from "${table}" where id = ?`, [
    args.id,
  ]);
  return base > (row?.version ?? 0);
}

export const heldAs = (clientId: string, n: number): string => `held|${clientId}|${n}`;

/** Keeps it sealed until what it needs is back. Its number counts as answered, so that what comes after it is not stopped. */
export async function hold(
  context: PushContext,
  { em, audit }: LedgerTransaction,
  mutation: PushedMutation,
  { code }: DomainError,
): Promise<MutationResult> {
  const { practice, clientId } = context;
  const { n } = mutation;
  // Whatever it lacks now, it is the other one's turn after that, too.
  const why = context.givenBack?.yields?.includes(n) ? "yields_to_others" : code;
  const sealed = practice.keys.sealForPractice(Buffer.from(canonical(mutation)), heldAs(clientId, n));
  await em.execute("insert into held_mutation(client_id, n, held_at, code, sealed) values (?, ?, ?, ?, ?)", [
    clientId,
    n,
    instantNow(),
    why,
    sealed,
  ]);
  // The device's own number stands on the record of what became of it in the end.
  const { deviceSeq: _, ...base } = { deviceSeq: n, ...auditBase(context, mutation) };
  audit({ ...base, action: "mutation.held", outcome: "ok", reason: why });
  return { n, status: "held", code: why };
}
