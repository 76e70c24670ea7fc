import type { Role } from "#domain/access/roles.ts";
import { type Approval, isMerge } from "#domain/approval/index.ts";
import { voidBreakGlass } from "#server/break-glass/index.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import { resetFactor } from "#server/identity/index.ts";
import type { Principal } from "#server/identity/principal.ts";
import { carryOutMerge } from "#server/merge/index.ts";
import type { Practice } from "#server/practice/practice.ts";
import { StaffEntity } from "#server/staff/index.ts";
import { registerToken } from "#server/token/index.ts";

/** Does what the payload says, in the caller's transaction. A new service token is told once, here. */
export async function carryOut(
  practice: Practice,
  tx: LedgerTransaction,
  { id, payload }: Approval,
  principal: Principal,
): Promise<{ token?: string }> {
  const { em, audit } = tx;
  const record = { actor: principal.audit, outcome: "ok" as const, approvalId: id };
  if (payload.kind === "token.register") {
    const { token } = await registerToken(practice, tx, payload);
    return { token };
  }
  if (isMerge(payload)) {
    await carryOutMerge(tx, { id, payload }, principal);
    return {};
  }
  if (payload.kind === "factor.reset") {
    await resetFactor(tx, payload.userId, record);
    return {};
  }
  const resource = { type: "staff", id: payload.userId };
  const person = await em.findOneOrFail(StaffEntity, { id: payload.userId });
  if (payload.kind === "user.enable") {
    await em.execute(
      "update app_user set disabled_at = null, disabled_by = null, disabled_reason = null where id = ?",
      [payload.userId],
    );
    person.active = true;
    await em.flush();
    audit({ ...record, action: "staff.enabled", resource });
    return {};
  }
  const grants = payload.kind === "role.grant";
  const roles: Role[] = grants
    ? [...person.roles, payload.role]
    : person.roles.filter((role) => role !== payload.role);
  person.roles = roles;
  await em.flush();
  audit({
    ...record,
    action: grants ? "staff.role_granted" : "staff.role_removed",
    resource,
    changed: [payload.role],
  });
  if (!grants) await voidBreakGlass(tx, { userId: payload.userId, role: payload.role }, record.actor);
  return {};
}
