import { type DomainError, errorCatalog } from "#domain/errors/catalog.ts";
import { newId } from "#domain/kernel/id.ts";
import { mutations } from "#domain/registry.ts";
import type { MutationResult, PushedMutation } from "#domain/sync/protocol.ts";
import { asksForDecision } from "#domain/sync/review.ts";
import { isReviewReason } from "#domain/sync/review-items.ts";
import { unstorablePlace } from "#domain/sync/storable.ts";
import { presentArgs } from "#domain/upcast.ts";
import { patientOf } from "#server/audit/attempt.ts";
import type { AuditEntry, LedgerTransaction } from "#server/database/ledger.ts";
import { askToCallBack } from "#server/task/index.ts";
import { auditBase } from "./carry-out.ts";
import type { PushContext } from "./push.ts";
import { keepSealed } from "./quarantine.ts";

/** Writes down that a mutation was not carried out, and keeps for review what a person has to decide about. */
export async function refuse(
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
  const definition = mutations.get(mutation.name)?.mutation;
  const permission = denied ? definition?.permission : undefined;
  // Nobody has the words on the tablet any more. What has arrived before under the same id is here already.
  const sealed = context.keysGone || (definition?.sealed === true && code !== "already_exists");
  // What cannot be written down cannot be kept either: no tablet's own words are like that.
  const keepable = unstorablePlace(mutation.args) === null;
  if (keepable && (isReviewReason(code) || sealed)) {
    const about = mutation.name.startsWith("patient.") ? mutation.args.id : patientId;
    await keepSealed(context.practice, tx.em, {
      id: newId(),
      clientId: context.clientId,
      userId: context.principal.actor.id,
      deviceId: context.principal.session!.deviceId,
      mutation,
      patientId: about ?? null,
      reason: isReviewReason(code) ? code : "sealed",
    });
    tx.audit({
      ...base,
      action: denied ? "access.denied" : "mutation.quarantined",
      ...(permission && { permission }),
    });
    if (isReviewReason(code)) recordReport(tx, mutation, base);
    return { n: mutation.n, status: "quarantined", code };
  }
  tx.audit({
    ...base,
    action: denied ? "access.denied" : "mutation.refused",
    ...(permission && { permission }),
  });
  const status = errorCatalog[code].status === 409 ? "conflict" : "rejected";
  const callBack = await askToCallBack(tx, context.practice.info.zone, mutation, { code, base: own });
  const told = callBack === null ? detail : { ...(detail as object | undefined), callBack };
  return { n: mutation.n, status, code, ...(told === undefined ? {} : { detail: told }) };
}

/**
 * What a report tells has happened, whoever lost which rights since: that a chart was opened is in the log from the moment it
 * is known, with the reason for which the report itself was kept apart. Nobody has to bring it in.
 */
function recordReport(
  tx: LedgerTransaction,
  mutation: PushedMutation,
  { deviceSeq: _, ...base }: Omit<AuditEntry, "action"> & { readonly deviceSeq?: number },
): void {
  const definition = mutations.get(mutation.name)?.mutation;
  if (!definition || asksForDecision(mutation.name)) return;
  const isReadable = definition.args.safeParse(presentArgs(definition, mutation)).success;
  const isKnown = base.resource?.type !== "patient" || base.patientId !== undefined;
  if (isReadable && isKnown) tx.audit({ ...base, action: definition.audit, outcome: "ok" });
}
