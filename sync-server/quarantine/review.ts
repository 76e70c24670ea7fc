import { can } from "#domain/access/can.ts";
import { permissions } from "#domain/access/permissions.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { instantSchema } from "#domain/kernel/instant.ts";
import { mutations } from "#domain/registry.ts";
import { UNREADABLE } from "#domain/sync/envelope.ts";
import type { PushedMutation } from "#domain/sync/protocol.ts";
import { isOwnHand } from "#domain/sync/review.ts";
import { groupKeyOf } from "#domain/sync/review-groups.ts";
import type { OpenedItem, ReviewItem } from "#domain/sync/review-items.ts";
import { presentArgs } from "#domain/upcast.ts";
import { isChartOpen } from "#server/chart/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { countHeldParts } from "#server/held-sound/index.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import { slices } from "#server/slices.ts";
import { findRecords } from "#server/sync/records.ts";
import { rowOf } from "#server/sync/slice.ts";
import {
  asking,
  assertMayJudge,
  builtOn,
  type Condition,
  concerning,
  entryOf,
  findItem,
  itemColumns,
  judgedBy,
  openItem,
  openReason,
  reports,
  type StoredItem,
  undecided,
} from "./items.ts";

/** Most undecided items in one answer; the oldest come first. */
const MOST = 500;
/** How many of the decided ones are shown, newest first. */
const PAST = 100;

/** Who asks about which item, and for which request. */
export interface ReviewContext {
  readonly practice: Practice;
  readonly principal: Principal;
  readonly requestId: string;
}

/** Whoever judges no content sees that it exists, whose it is and what became of it. */
const seesMetadataOnly = ({ actor }: Principal): boolean => {
  const decision = can(actor, "quarantine:read");
  return decision.allowed && decision.grant === "metadata";
};

/** What waits for this person, in the order to decide in; then what was decided, newest first. */
export async function listQuarantine(practice: Practice, principal: Principal): Promise<ReviewItem[]> {
  const em = practice.database.em.fork();
  const all = seesMetadataOnly(principal);
  const concerned = concerning(principal, all);
  const waiting = await undecided(em, asking(concerned), MOST);
  const past = await settled(em, concerned, { all, beside: waiting });
  if (all) return [...waiting, ...past].map((item) => entryOf(item, null));
  const judged = new Set(await judgedBy(em, principal, [...waiting, ...past]));
  const opened = waiting.map((item) => ({ ...item, mutation: openItem(practice, item) }));
  const byClient = Map.groupBy(opened, ({ clientId }) => clientId);
  const after = new Map(
    opened.map((item) => {
      const own = byClient.get(item.clientId) ?? [];
      return [item.id, builtOn(item, own.slice(0, own.indexOf(item)))];
    }),
  );
  return [...waiting, ...past]
    .filter((item) => judged.has(item))
    .map((item) => entryOf(item, after.get(item.id) ?? null));
}

/** What was decided, newest first; for whoever sees `all`, with the reports that nobody has to decide about. */
function settled(
  em: EntityManager,
  { sql, params }: Condition,
  { all, beside }: { readonly all: boolean; readonly beside: readonly StoredItem[] },
): Promise<StoredItem[]> {
  return em.execute(
    `select ${itemColumns} from quarantine
     where (decided_at is not null or ? and name = any(?::text[])) and id <> all(?::uuid[]) and ${sql}
     order by coalesce(decided_at, received_at) desc limit ?`,
    [all, reports, `{${beside.map(({ id }) => id).join(",")}}`, ...params, PAST],
  );
}

type Waiting = Pick<StoredItem, "id" | "name" | "patientId" | "userId" | "deviceId" | "handedTo">;

/** The items that wait for this person; not those that a colleague who can decide was handed. */
export async function waitingFor(practice: Practice, principal: Principal): Promise<readonly Waiting[]> {
  const em = practice.database.em.fork();
  const { sql, params } = asking(concerning(principal, seesMetadataOnly(principal)));
  const waiting: (Waiting & { away: boolean })[] = await em.execute(
    `select q.id, q.name, patient_id as "patientId", user_id as "userId", device_id as "deviceId", handed_to as "handedTo",
         u.disabled_at is not null or coalesce(not f.active, false) as away
       from (select * from quarantine where decided_at is null and ${sql} limit ?) q
         left join app_user u on u.id = handed_to left join staff f on f.id = handed_to`,
    [...params, MOST],
  );
  if (seesMetadataOnly(principal)) return waiting;
  const mine = waiting.filter(
    ({ handedTo, away }) => handedTo === null || away || handedTo === principal.actor.id,
  );
  return judgedBy(em, principal, mine);
}

/** How many decisions wait for this person: what belongs together is one. */
export async function countWaiting(practice: Practice, principal: Principal): Promise<number> {
  const waiting = await waitingFor(practice, principal);
  return new Set(waiting.map((item) => groupKeyOf({ ...item, authorId: item.userId }))).size;
}

/** One item with its words, and what the record says now. That it was looked at is recorded before the words leave. */
export async function openQuarantine(
  { practice, principal, requestId }: ReviewContext,
  id: string,
): Promise<OpenedItem> {
  const em = practice.database.em.fork();
  const item = await findItem(em, id);
  await assertMayJudge(em, principal, item);
  const mutation = openItem(practice, item);
  const args = readableArgs(mutation);
  const opened: OpenedItem = {
    ...entryOf(item, await stillBefore(practice, em, item, mutation)),
    role: mutation.role,
    args,
    unread: args === null && mutation.name !== UNREADABLE ? textsIn(mutation.args) : [],
    ownHand: isOwnHand(item.name),
    present: await presentRow(practice, em, principal, mutation),
    words: await wordsWith(em, item),
    soundParts: await countHeldParts(em, id),
    discardReason: openReason(practice, { id, reason: item.decisionReason }),
  };
  await practice.ledger.record({
    actor: principal.audit,
    action: "quarantine.opened",
    outcome: "ok",
    requestId,
    resource: { type: "quarantine", id },
    ...(item.patientId && { patientId: item.patientId }),
  });
  return opened;
}

/** What its author wrote to the colleague. */
async function wordsWith(em: EntityManager, { id, handedTo }: StoredItem): Promise<string> {
  if (handedTo === null) return "";
  const [handed]: { words: string }[] = await em.execute("select words from handover where id = ?", [id]);
  return handed?.words ?? "";
}

/** The undecided item of the same tablet that this one builds on. */
export async function stillBefore(
  practice: Practice,
  em: EntityManager,
  item: StoredItem,
  mutation: PushedMutation,
): Promise<string | null> {
  const earlier: StoredItem[] = await em.execute(
    `select ${itemColumns} from quarantine where client_id = ? and n < ? and decided_at is null order by n`,
    [item.clientId, item.n],
  );
  return builtOn(
    { mutation },
    earlier.map((one) => ({ id: one.id, mutation: openItem(practice, one) })),
  );
}

/** The arguments as this release writes them; null for those that it cannot read. */
function readableArgs(written: PushedMutation): OpenedItem["args"] {
  const mutation = mutations.get(written.name)?.mutation;
  const parsed = mutation?.args.safeParse(presentArgs(mutation, written));
  return parsed?.success ? { ...parsed.data } : null;
}

/** What people may have typed in values of whatever form; ids and times tell them nothing. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string")
    return value.trim() === "" || idSchema.safeParse(value).success || instantSchema.safeParse(value).success
      ? []
      : [value];
  if (typeof value === "number") return [String(value)];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsIn) : [];
}

/** The record as it stands, for somebody who may read it where it stands now. */
async function presentRow(
  practice: Practice,
  em: EntityManager,
  { actor }: Principal,
  { name, args }: PushedMutation,
): Promise<Record<string, unknown> | null> {
  const found = mutations.get(name);
  if (!found || !can(actor, found.collection.permissions.read).allowed) return null;
  const slice = slices[found.collectionName];
  const records = await findRecords(em, slice, [args.id]);
  const [row] = slice.reveal
    ? await slice.reveal(practice, records)
    : records.map((record) => rowOf(slice.collection, record));
  if (!row) return null;
  const patientId: unknown = Reflect.get(row, "patientId");
  const clinical = permissions[found.collection.permissions.read].clinical;
  // It may have been moved to another patient since.
  if (clinical && typeof patientId === "string" && !(await isChartOpen(em, actor.id, patientId))) return null;
  return { ...row };
}
