import { can } from "#domain/access/can.ts";
import { mayOpenChart } from "#domain/access/scope.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { mutations } from "#domain/registry.ts";
import { mutationSchema, type PushedMutation } from "#domain/sync/protocol.ts";
import { buildsOn, handedSortsOf, reportNames, sortOf, sortsOf } from "#domain/sync/review.ts";
import type { ReviewDecision, ReviewItem } from "#domain/sync/review-items.ts";
import { DeniedAttempt } from "#server/audit/attempt.ts";
import { isChartOpen, restrictedCharts } from "#server/chart/index.ts";
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
  /** What people call the device. */
  readonly device: string;
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
  coalesce((select d.name from device d where d.id = device_id), '') as device, patient_id as "patientId", name, reason, sealed, written_at as "writtenAt", received_at as "receivedAt", decision,
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
  n: Number(item.n),
  deviceId: item.deviceId,
  device: item.device,
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
  // A broken glass opens the chart, not what others wrote and could not bring in.
  if (
    sortOf(name) === "clinical" &&
    patientId !== null &&
    !(await isChartOpen(em, principal.actor.id, patientId))
  )
    throw new DomainError("chart_restricted");
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

/** A condition on the table, with what its question marks stand for. */
export interface Condition {
  readonly sql: string;
  readonly params: readonly unknown[];
}

const deskNames = [...mutations.keys()].filter((name) => sortOf(name) === "desk");

/** What may be for this person, before {@link judgedBy} looks: a list that ends somewhere must not end in others' work. */
export function concerning({ actor }: Principal, all: boolean): Condition {
  const sorts = actor.type === "user" ? sortsOf(actor.role) : [];
  if (all || sorts.includes("clinical")) return { sql: "true", params: [] };
  const names = sorts.includes("desk") ? deskNames : [];
  return { sql: "(name = any(?::text[]) or handed_to = ?)", params: [`{${names.join(",")}}`, actor.id] };
}

/** Of these only what somebody has to decide about. */
export const asking = ({ sql, params }: Condition): Condition => ({
  sql: `${sql} and name <> all(?::text[])`,
  params: [...params, reports],
});

/** What needs nobody's decision, as a parameter. */
export const reports = `{${reportNames.join(",")}}`;

/**
 * What nobody has decided, each tablet's work in the order in which it was written: up to `limit` items that meet the
 * condition, with those of the same tablets that they may build on.
 */
export const undecided = (
  em: EntityManager,
  { sql, params }: Condition,
  limit: number,
): Promise<StoredItem[]> =>
  em.execute(
    `select ${itemColumns} from (
       select *, count(*) filter (where ${sql}) over (order by first_at, client_id, n) as place from (
         select *, min(received_at) over (partition by client_id) as first_at from quarantine
         where decided_at is null
           and client_id in (select client_id from quarantine where decided_at is null and ${sql})) q) q
     where place <= ? order by first_at, client_id, n`,
    [...params, ...params, limit],
  );

/** The nearest undecided work of the same tablet that this one builds on. */
export function builtOn(
  item: { readonly mutation: PushedMutation },
  earlier: readonly { readonly id: string; readonly mutation: PushedMutation }[],
): string | null {
  return earlier.findLast(({ mutation }) => buildsOn(item.mutation, mutation))?.id ?? null;
}
