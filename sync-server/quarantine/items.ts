import { can } from "#domain/access/can.ts";
import { mayOpenChart } from "#domain/access/scope.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { mutationSchema, type PushedMutation } from "#domain/sync/protocol.ts";
import { buildsOn, handedSortsOf, sortOf, sortsOf } from "#domain/sync/review.ts";
import type { ReviewDecision, ReviewItem } from "#domain/sync/review-items.ts";
import { DeniedAttempt } from "#server/audit/attempt.ts";
import { assertChartOpen, restrictedCharts } from "#server/chart/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import { sealedAs } from "#server/sync/quarantine.ts";

/** A row of the table. */
export interface StoredItem {
  readonly id: string;
  readonly clientId: string;
  readonly n: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly patientId: string | null;
  readonly name: string;
  readonly reason: ReviewItem["reason"];
  readonly sealed: Buffer;
  readonly writtenAt: string | Date;
  readonly receivedAt: string | Date;
  readonly decision: ReviewDecision | null;
  readonly decidedBy: string | null;
  readonly decidedAt: string | Date | null;
  readonly decisionReason: Buffer | null;
  readonly handedTo: string | null;
  readonly refusal: string | null;
}

export const itemColumns = `id, client_id as "clientId", n, user_id as "userId", device_id as "deviceId",
  patient_id as "patientId", name, reason, sealed, written_at as "writtenAt", received_at as "receivedAt", decision,
  decided_by as "decidedBy", decided_at as "decidedAt", decision_reason as "decisionReason", handed_to as "handedTo", refusal`;

/** What was written, as the tablet sent it. */
export const openItem = (
  { keys }: Practice,
  { id, sealed }: Pick<StoredItem, "id" | "sealed">,
): PushedMutation => mutationSchema.parse(JSON.parse(keys.openForPractice(sealed, sealedAs(id)).toString()));

/** Why somebody discarded an item may tell as much as the item does: it is kept like it. */
export const reasonSealedAs = (id: string): string => `quarantine-reason|${id}`;

export const openReason = (
  { keys }: Practice,
  { id, reason }: { readonly id: string; readonly reason: Buffer | null },
): string | null => reason && keys.openForPractice(reason, reasonSealedAs(id)).toString();

const at = (value: string | Date): string => new Date(value).toISOString();

export const entryOf = (item: StoredItem, after: string | null): ReviewItem => ({
  id: item.id,
  patientId: item.patientId,
  authorId: item.userId,
  writtenAt: at(item.writtenAt),
  name: item.name,
  sort: sortOf(item.name),
  reason: item.reason,
  handedTo: item.handedTo,
  refusal: item.refusal,
  receivedAt: at(item.receivedAt),
  after,
  decision: item.decision,
  decidedBy: item.decidedBy,
  decidedAt: item.decidedAt && at(item.decidedAt),
});

type Judged = Pick<StoredItem, "name" | "patientId" | "userId" | "handedTo">;

/**
 * Whether somebody in this role judges work of this sort. What was handed over is decided by the colleague it was handed
 * to, or by whoever judges all of its sort, so that it is not stuck where that colleague is away; never by its author.
 */
function judgesSort({ actor }: Principal, { name, userId, handedTo }: Judged): boolean {
  if (actor.type !== "user" || !can(actor, "quarantine:decide").allowed) return false;
  if (handedTo !== null && userId === actor.id) return false;
  const sorts = handedTo === actor.id ? handedSortsOf(actor.role) : sortsOf(actor.role);
  return sorts.includes(sortOf(name));
}

/** Those whose content this person may judge: by their sort, and a restricted chart's for its care team alone. */
export async function judgedBy<T extends Judged>(
  em: EntityManager,
  principal: Principal,
  items: readonly T[],
): Promise<T[]> {
  const own = items.filter((item) => judgesSort(principal, item));
  const clinical = own.filter(({ name }) => sortOf(name) === "clinical");
  const patientIds = clinical.map(({ patientId }) => patientId).filter((id) => id !== null);
  const restricted = await restrictedCharts(em, [...new Set(patientIds)]);
  return own.filter(
    ({ name, patientId }) =>
      sortOf(name) === "desk" ||
      patientId === null ||
      mayOpenChart(principal.actor.id, restricted.get(patientId)),
  );
}

/** @throws {DomainError} forbidden, chart_restricted: somebody else judges this one */
export async function assertMayJudge(
  em: EntityManager,
  principal: Principal,
  item: StoredItem,
): Promise<void> {
  const { id, name, patientId } = item;
  const about = { type: "quarantine" as const, id };
  if (!judgesSort(principal, item)) throw new DeniedAttempt("forbidden", "quarantine:decide", about);
  if (sortOf(name) === "clinical" && patientId !== null)
    await assertChartOpen(em, principal.actor.id, patientId);
}

/** @throws {DomainError} not_found */
export async function findItem(
  em: EntityManager,
  id: string,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<StoredItem> {
  const [item]: StoredItem[] = await em.execute(
    `select ${itemColumns} from quarantine where id = ?${lock ? " for update" : ""}`,
    [id],
  );
  if (!item) throw new DomainError("not_found");
  return item;
}

/** What nobody has decided, each tablet's work in the order in which it was written. */
export const undecided = (em: EntityManager, limit: number): Promise<StoredItem[]> =>
  em.execute(
    `select ${itemColumns} from (select *, min(received_at) over (partition by client_id) as first_at from quarantine
       where decided_at is null) q order by first_at, client_id, n limit ?`,
    [limit],
  );

/** The nearest undecided work of the same tablet that this one builds on. */
export function builtOn(
  item: { readonly mutation: PushedMutation },
  earlier: readonly { readonly id: string; readonly mutation: PushedMutation }[],
): string | null {
  return earlier.findLast(({ mutation }) => buildsOn(item.mutation, mutation))?.id ?? null;
}
