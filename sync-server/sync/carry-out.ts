import { can } from "#domain/access/can.ts";
import { permissions } from "#domain/access/permissions.ts";
import type { AuditAction } from "#domain/audit/actions.ts";
import type { GlassReader } from "#domain/break-glass/index.ts";
import type { Row } from "#domain/collection.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { instantSchema } from "#domain/kernel/instant.ts";
import type { MergeLinks } from "#domain/patient/index.ts";
import { type FoundMutation, mutations } from "#domain/registry.ts";
import { allowedInSetUp } from "#domain/set-up/index.ts";
import { TOO_LARGE, UNREADABLE } from "#domain/sync/envelope.ts";
import { mutationHash, type PushedMutation } from "#domain/sync/protocol.ts";
import { unstorablePlace } from "#domain/sync/storable.ts";
import { isNewer, presentArgs } from "#domain/upcast.ts";
import { isTooOld } from "#domain/upcast-age.ts";
import { assertChartOpen, underGlass } from "#server/chart/index.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";
import { isInSetUp } from "#server/set-up/index.ts";
import { slices } from "#server/slices.ts";
import { forThePerson } from "./redirect.ts";
import { type HandlerContext, PartlyStored, rowAccess } from "./slice.ts";

export interface CarryOutContext {
  readonly practice: Practice;
  readonly principal: Principal;
  readonly requestId: string;
  /**
   * Set when the principal takes over what somebody else wrote, on this device: the author's name stays on the record,
   * the rights are the principal's. The author is whoever delivered it, whatever name stands in it.
   */
  readonly adopts?: { readonly deviceId: string; readonly authorId: string };
}

/** What every record about a mutation says: who did it, for whom, when it was written, and on what. */
export function auditBase({ principal, requestId, adopts }: CarryOutContext, mutation: PushedMutation) {
  const at = instantSchema.safeParse(mutation.at);
  const patientId = idSchema.safeParse(mutation.args.patientId).data;
  return {
    ...doer(principal, mutation, adopts !== undefined),
    ...(at.success ? { occurredAt: at.data } : {}),
    requestId,
    resource: { type: mutation.name.split(".")[0]!, id: mutation.args.id },
    ...(patientId ? { patientId } : {}),
  };
}

/** The number is the device's own: it counts what was sent from there, so what is taken over later has none. */
function doer({ audit, actor }: Principal, { actor: author, role, n }: PushedMutation, adopts: boolean) {
  if (adopts) return { actor: audit, ...(author === actor.id ? {} : { onBehalfOf: author }) };
  return {
    actor: { ...audit, role },
    // What a device delivers for somebody who is locked out is still that person's work.
    ...(audit.type === "device" ? { onBehalfOf: actor.id } : {}),
    deviceSeq: n,
  };
}

/** Checks form, rights and rules of one mutation, and changes what it is about. */
export async function carryOut(
  context: CarryOutContext,
  tx: LedgerTransaction,
  written: PushedMutation,
  links: MergeLinks,
): Promise<unknown> {
  const odd = unstorablePlace(written.args);
  if (odd !== null)
    throw new DomainError("invalid_arguments", { field: odd, problem: "holds what cannot be stored" });
  if (mutationHash(written) !== written.hash) throw new DomainError("hash_mismatch");
  if (written.name === UNREADABLE) throw new DomainError("envelope_unreadable");
  if (written.name === TOO_LARGE) throw new DomainError("payload_too_large");
  const found = mutations.get(written.name);
  if (!found) throw new DomainError("unknown_mutation");
  judge(context, written, found.mutation.permission);
  if (!allowedInSetUp.has(found.mutation.permission) && (await isInSetUp(context.practice)))
    throw new DomainError("practice_in_set_up");
  const mutation = inPresentForm(context, found, written);
  const reader = readerOf(context, written);
  const parsed = found.mutation.args.safeParse(mutation.args);
  const at = instantSchema.safeParse(mutation.at);
  if (!parsed.success || !at.success) {
    const issue = parsed.error?.issues[0] ?? at.error?.issues[0];
    throw new DomainError("invalid_arguments", { field: issue?.path.join("."), problem: issue?.message });
  }
  const slice = slices[found.collectionName];
  const clinical = permissions[found.mutation.permission].clinical;
  const { args, namedPatientId } = await forThePerson(tx.em, links, found, parsed.data);
  const named = idSchema.safeParse(
    found.collectionName === "patient" ? args.id : Reflect.get(args, "patientId"),
  );
  const toldAt = found.mutation.report ? at.data : undefined;
  const enter = (patientId: string) => assertChartOpen(tx.em, reader, patientId, toldAt);
  let glass = clinical && named.success ? await enter(named.data) : null;
  const stamp = { mutationId: mutation.id, at: at.data, actor: mutation.actor, role: mutation.role };
  const access = rowAccess(tx.em, slice, args.id);
  let saved: Row | undefined;
  let colleagueId: string | undefined;
  const deviceId = context.adopts?.deviceId ?? context.principal.session?.deviceId ?? "";
  const handlerContext: HandlerContext = {
    practice: context.practice,
    tx,
    mutation,
    args,
    stamp,
    // Whose entry it is, is judged by its author also when somebody else brings it in: only so it stays the author's.
    user: { id: mutation.actor, role: mutation.role, deviceId },
    load: access.load,
    apply: (view) => found.mutation.apply(view, args, stamp),
    async save(row, serverOnly) {
      saved = row;
      await access.save(row, serverOnly);
    },
    concerns: (id) => {
      colleagueId = id;
    },
  };
  const detail = await slice.handlers[mutation.name.split(".")[1]!]!(handlerContext);
  const concerned: unknown = saved && Reflect.get(saved, "patientId");
  if (clinical && typeof concerned === "string" && concerned !== named.data)
    glass = (await enter(concerned)) ?? glass;
  tx.audit({
    ...applied(
      context,
      { ...mutation, args: { ...mutation.args, id: args.id } },
      found.mutation.audit,
      saved,
    ),
    ...(detail instanceof PartlyStored && {
      changed: [...detail.changed],
      ...(detail.waits.length > 0 && { waits: [...detail.waits] }),
    }),
    ...(namedPatientId && { namedPatientId }),
    ...(colleagueId && { colleagueId }),
    ...underGlass(found.collectionName === "break-glass" ? args.id : glass),
  });
  return detail;
}

/** Whose eyes it is: what somebody takes over is not done under a glass that they broke. */
const readerOf = (
  { principal, adopts }: CarryOutContext,
  { role }: Pick<PushedMutation, "role">,
): GlassReader => ({
  id: principal.actor.id,
  role,
  deviceId: adopts ? null : (principal.session?.deviceId ?? null),
});

/**
 * As this release would have written it. A person who takes over what is too old to be carried out unseen has read it.
 * @throws {DomainError} version_too_new, version_too_old
 */
function inPresentForm(
  { adopts }: CarryOutContext,
  { mutation }: FoundMutation,
  written: PushedMutation,
): PushedMutation {
  if (isNewer(mutation, written)) throw new DomainError("version_too_new");
  const args = presentArgs(mutation, written);
  if (!args || (!adopts && isTooOld(mutation, written, instantNow().slice(0, 10))))
    throw new DomainError("version_too_old");
  return { ...written, v: mutation.v, args };
}

function applied(
  context: CarryOutContext,
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
function judge(
  { principal, adopts }: CarryOutContext,
  mutation: PushedMutation,
  permission: Parameters<typeof can>[1],
): void {
  const { actor } = principal;
  if (actor.type !== "user" || mutation.actor !== (adopts?.authorId ?? actor.id))
    throw new DomainError("forbidden");
  const decision = can(adopts ? actor : { ...actor, role: mutation.role }, permission);
  if (!decision.allowed) throw new DomainError(decision.code);
  if (!adopts && !principal.roles.includes(mutation.role)) throw new DomainError("revoked_before_arrival");
}
