import { DomainError } from "#domain/errors/catalog.ts";
import { type Handover, handover } from "#domain/handover/index.ts";
import { idSchema } from "#domain/kernel/id.ts";
import type { ArgsOf } from "#domain/registry.ts";
import { mutationHash, type PushedMutation } from "#domain/sync/protocol.ts";
import { handoverKind, isHandable } from "#domain/sync/review.ts";
import { patientOf } from "#server/audit/attempt.ts";
import type { EntityManager } from "#server/database/database.ts";
import { assertColleague, openItem, openReason, takeItemBack } from "#server/quarantine/index.ts";
import { keepSealed } from "#server/sync/quarantine.ts";
import { defineSlice, type HandlerContext } from "#server/sync/slice.ts";
import { HandoverEntity } from "./handover.entity.ts";

interface Refused {
  readonly clientId: string;
  readonly deviceId: string;
  readonly status: string;
  readonly code: string | null;
  /** Whether its author holds the role now in which it says that it was written. */
  readonly held: boolean;
}

/**
 * The clinic's own record that it refused exactly this, from this person. So nothing is handed over that was not sent and
 * refused, and nothing in another's name.
 * @throws {DomainError} handover_not_refused
 */
async function refusalOf(em: EntityManager, authorId: string, mutation: PushedMutation): Promise<Refused> {
  const [sent]: Refused[] = await em.execute(
    `select client_id as "clientId", device_id as "deviceId", status, result->>'code' as code,
       ? = any(f.roles) as held
     from sync_mutation join sync_client using (client_id) join staff f on f.id = user_id
     where mutation_id = ? and body_hash = decode(?, 'hex') and user_id = ?`,
    [mutation.role, mutation.id, mutation.hash, authorId],
  );
  const refused =
    sent &&
    mutation.actor === authorId &&
    mutationHash(mutation) === mutation.hash &&
    (sent.status === "rejected" || sent.status === "conflict") &&
    // Every other refusal came after the role was looked at.
    (sent.code !== "forbidden" || sent.held) &&
    sent.code !== "demographics_conflict" && // stored, but for what waits as a question
    isHandable(mutation.name);
  if (!refused) throw new DomainError("handover_not_refused");
  return sent;
}

async function give(context: HandlerContext<Handover, ArgsOf<"handover.give"> & { words: string }>) {
  const { practice, tx, args, user, load, apply, save, concerns } = context;
  const { id, toId, mutation } = args;
  if (await load()) throw new DomainError("already_exists");
  const { clientId, deviceId, code } = await refusalOf(tx.em, user.id, mutation);
  if (args.kind !== handoverKind(mutation))
    throw new DomainError("invalid_arguments", { field: "kind", problem: "is not that of the work" });
  const on = { type: mutation.name.split(".")[0]!, id: mutation.args.id };
  const given = apply(undefined)!;
  const patientId =
    (await patientOf(tx.em, on)) ?? idSchema.safeParse(mutation.args.patientId).data ?? given.patientId;
  await assertColleague(tx.em, { authorId: user.id, toId, name: mutation.name, patientId });
  const [other]: unknown[] = await tx.em.execute(
    `select 1 from quarantine
     where mutation_id = ? and handed_to is not null and (decision is null or decision = 'adopted')`,
    [mutation.id],
  );
  if (other) throw new DomainError("handover_exists");
  await keepSealed(practice, tx.em, {
    id,
    clientId,
    userId: user.id,
    deviceId,
    mutation,
    patientId,
    reason: "handed_over",
    handed: { to: toId, refusal: code },
  });
  await save({ ...given, code, patientId });
  concerns(toId);
}

async function own({
  user,
  load,
}: HandlerContext<Handover, { readonly id: string }>): Promise<Handover & { version: number }> {
  const present = await load();
  if (!present) throw new DomainError("missing_parent");
  if (present.authorId !== user.id) throw new DomainError("not_yours");
  return present;
}

export const handoverSlice = defineSlice({
  collection: handover,
  entity: HandoverEntity,
  handlers: {
    give,
    /** Whoever decides locks the item before this row, and so does its author. */
    takeBack: async (context) => {
      const { tx, args, user, stamp, apply, save, concerns } = context;
      const item = await takeItemBack(tx.em, args.id, { userId: user.id, at: stamp.at });
      const present = await own(context);
      if (item !== null) throw new DomainError("quarantine_decided", { decision: item });
      await save(apply(present)!);
      concerns(present.toId);
    },
    close: async (context) => {
      const present = await own(context);
      if (present.decision === null) throw new DomainError("handover_undecided");
      await context.save(context.apply(present)!);
    },
  },
  /** Its author reads the words again, and why they were discarded. */
  reveal: async (practice, records) => {
    const handed = records as unknown as HandoverEntity[];
    const ids = handed.map(({ id }) => id);
    const items: { id: string; sealed: Buffer; reason: Buffer | null }[] = await practice.database.em
      .fork()
      .execute(`select id, sealed, decision_reason as reason from quarantine where id = any(?::uuid[])`, [
        `{${ids.join(",")}}`,
      ]);
    const byId = new Map(items.map((item) => [item.id, item]));
    return handed.map(({ id, decision, code, patientId, decidedBy, decidedAt, ...record }) => {
      const item = byId.get(id)!;
      return {
        id,
        authorId: record.authorId,
        toId: record.toId,
        kind: record.kind,
        mutation: openItem(practice, item),
        code: code ?? null,
        patientId: patientId ?? null,
        words: record.words,
        handedAt: record.handedAt,
        decision: decision ?? null,
        decidedBy: decidedBy ?? null,
        decidedAt: decidedAt ?? null,
        decisionReason: decision === "discarded" ? openReason(practice, item) : null,
        closed: record.closed,
      } satisfies Handover;
    });
  },
});
