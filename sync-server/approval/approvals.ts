import { can } from "#domain/access/can.ts";
import type { Role } from "#domain/access/roles.ts";
import {
  type Approval,
  type ApprovalPayload,
  approvalDigest,
  approvalTimes,
  approverRoles,
  beneficiaryOf,
  isMerge,
  leavesNoReader,
  mayDecide,
  permissionToRequest,
  shownApproval,
  waitsFor,
} from "#domain/approval/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { Principal } from "#server/identity/principal.ts";
import { markRequest } from "#server/merge/index.ts";
import { lockMerges } from "#server/patient/index.ts";
import type { Practice } from "#server/practice/practice.ts";
import { carryOut } from "./carry-out.ts";
import { differenceOf } from "./difference.ts";

/** Who acts in a request, and for which request. */
export interface ApprovalContext {
  readonly practice: Practice;
  readonly principal: Principal;
  readonly requestId: string;
}

interface StoredApproval extends Omit<Approval, "requestedAt" | "opensAt" | "closesAt" | "executedAt"> {
  requestedAt: string | Date;
  opensAt: string | Date;
  closesAt: string | Date;
  executedAt: string | Date | null;
}

const columns = `id, payload, difference, digest, reason, status, requested_by as "requestedBy",
  requested_at as "requestedAt", decisions, single_person as "singlePerson", opens_at as "opensAt",
  closes_at as "closesAt", executed_at as "executedAt"`;

const shown = (row: StoredApproval): Approval => {
  const at = (value: string | Date) => new Date(value).toISOString();
  return {
    ...row,
    requestedAt: at(row.requestedAt),
    opensAt: at(row.opensAt),
    closesAt: at(row.closesAt),
    executedAt: row.executedAt && at(row.executedAt),
  };
};

/** What this person may see, newest first; what ran out says so, whoever asks. */
export async function listApprovals(practice: Practice, principal: Principal): Promise<Approval[]> {
  const person = own(principal);
  await expire(practice);
  const rows: StoredApproval[] = await practice.database.em
    .fork()
    .execute(`select ${columns} from approval order by requested_at desc limit 200`);
  return rows.map((row) => shownApproval(shown(row), person)).filter((one) => one !== null);
}

/** Ids of the requests that this person is to decide or to carry out now. */
export async function waitingApprovals(practice: Practice, principal: Principal): Promise<string[]> {
  const person = own(principal);
  const rows: StoredApproval[] = await practice.database.em
    .fork()
    .execute(`select ${columns} from approval where status in ('requested', 'approved')`);
  return rows
    .map(shown)
    .filter((one) => shownApproval(one, person) !== null && waitsFor(one, person, now()))
    .map(({ id }) => id);
}

/** Marks what ran out, with what hangs on it. */
export async function expire(practice: Practice): Promise<void> {
  const em = practice.database.em.fork();
  const due: unknown[] = await em.execute(
    "select 1 from approval where status in ('requested', 'approved') and closes_at <= ? limit 1",
    [instantNow()],
  );
  if (due.length === 0) return;
  await practice.ledger
    .transact(async (tx) => {
      const rows: Pick<Approval, "id" | "payload">[] = await tx.em.execute(
        "update approval set status = 'expired' where status in ('requested', 'approved') and closes_at <= ? returning id, payload",
        [instantNow()],
      );
      for (const { id, payload } of rows) {
        await markRequest(tx.em, { id, payload, status: "expired" });
        tx.audit({
          actor: { type: "system", id: "approvals" },
          action: "approval.expired",
          outcome: "ok",
          resource: { type: "approval", id },
          approvalId: id,
        });
      }
      if (rows.length === 0) throw new DomainError("not_found");
    })
    .catch((error: unknown) => {
      // Another request marked them first.
      if (!(error instanceof DomainError && error.code === "not_found")) throw error;
    });
}

const own = ({ actor }: Principal): { id: string; role: Role } => {
  if (actor.type !== "user") throw new DomainError("forbidden");
  return { id: actor.id, role: actor.role };
};

/** Whether anybody but the one who asks and the one who gains could approve. */
async function hasOtherApprover(
  em: EntityManager,
  request: Pick<Approval, "payload" | "difference">,
  requester: string,
): Promise<boolean> {
  const rows: unknown[] = await em.execute(
    `select 1 from staff f join app_user u on u.id = f.id
     where f.roles && ?::text[] and f.active and u.disabled_at is null and f.id <> all(?::uuid[]) limit 1`,
    [
      `{${approverRoles(request).join(",")}}`,
      `{${[requester, beneficiaryOf(request.payload)].filter(Boolean).join(",")}}`,
    ],
  );
  return rows.length > 0;
}

/** Files a request. Nothing changes until a second person has seen exactly this. */
export async function requestApproval(
  { practice, principal, requestId }: ApprovalContext,
  { payload, reason }: { payload: ApprovalPayload; reason: string },
): Promise<Approval> {
  const requester = own(principal);
  const decision = can(principal.actor, permissionToRequest(payload));
  if (!decision.allowed) throw new DomainError(decision.code);
  // A request that ran out stands in the way of no new one.
  await expire(practice);
  const { result } = await practice.ledger.transact(async ({ em, audit }) => {
    const difference = await differenceOf(em, payload);
    const singlePerson = !(await hasOtherApprover(em, { payload, difference }, requester.id));
    const opens = now() + (singlePerson ? approvalTimes.wait : 0);
    const closes = opens + (singlePerson ? approvalTimes.confirm : approvalTimes.decide);
    const approval: Approval = {
      id: newId(),
      payload,
      difference,
      digest: approvalDigest(payload, difference),
      reason,
      status: "requested",
      requestedBy: requester.id,
      requestedAt: instantNow(),
      decisions: [],
      singlePerson,
      opensAt: instant(opens),
      closesAt: instant(closes),
      executedAt: null,
    };
    await em.execute(
      `insert into approval(id, payload, difference, digest, reason, status, requested_by, requested_at, decisions,
        single_person, opens_at, closes_at) values (?, ?, ?, ?, ?, ?, ?, ?, '[]', ?, ?, ?)`,
      [
        approval.id,
        JSON.stringify(payload),
        JSON.stringify(difference),
        approval.digest,
        reason,
        approval.status,
        requester.id,
        approval.requestedAt,
        singlePerson,
        approval.opensAt,
        approval.closesAt,
      ],
    );
    await markRequest(em, approval);
    audit({ ...recordOf(principal, requestId, approval), action: "approval.requested", outcome: "ok" });
    return shownApproval(approval, requester) ?? approval;
  });
  return result;
}

const recordOf = (principal: Principal, requestId: string, { id, payload, digest }: Approval) => ({
  actor: principal.audit,
  requestId,
  resource: { type: "approval", id },
  approvalId: id,
  purpose: payload.kind,
  after: digest,
  ...(isMerge(payload) && { patientId: payload.keptId }),
});

async function lock({ em }: Pick<LedgerTransaction, "em">, id: string): Promise<Approval> {
  const [row]: StoredApproval[] = await em.execute(
    `select ${columns} from approval where id = ? for update`,
    [id],
  );
  if (!row) throw new DomainError("not_found");
  return shown(row);
}

function assertOpen(approval: Approval, status: Approval["status"]): void {
  if (approval.status !== status) throw new DomainError("approval_not_open", { status: approval.status });
  if (Date.parse(approval.closesAt) <= now())
    throw new DomainError("approval_not_open", { status: "expired" });
  if (Date.parse(approval.opensAt) > now())
    throw new DomainError("approval_not_open", { opensAt: approval.opensAt });
}

/** What would change now, unless it is what was asked: then the request is void. */
async function assertUnchanged(em: EntityManager, approval: Approval): Promise<void> {
  const difference = await differenceOf(em, approval.payload).catch((error: unknown) => {
    if (error instanceof DomainError && error.status < 500) return null;
    throw error;
  });
  if (!difference || approvalDigest(approval.payload, difference) !== approval.digest)
    throw new DomainError("approval_changed");
}

/**
 * Approves or denies, by a person who holds the role now, is neither the one who asked nor the one who gains, has given
 * their password again, and names the digest of what they saw.
 */
export async function decide(
  { practice, principal, requestId }: ApprovalContext,
  id: string,
  given: { decision: "approve" | "deny"; digest: string; reason: string },
): Promise<Approval> {
  const person = own(principal);
  const outcome = await practice.ledger.transact(async ({ em, audit }) => {
    const approval = await lock({ em }, id);
    const verdict = mayDecide(approval, person);
    if (verdict !== "may") throw new DomainError(verdict === "self" ? "self_approval" : "forbidden");
    assertOpen(approval, "requested");
    if (given.digest !== approval.digest) throw new DomainError("approval_changed");
    const base = recordOf(principal, requestId, approval);
    const approves = given.decision === "approve";
    const changed = approves && (await isChanged(em, approval));
    if (approves && !changed && leavesNoReader(approval.difference))
      throw new DomainError("care_teams_apart");
    const status = changed ? "voided" : approves ? "approved" : "denied";
    const next: Approval = {
      ...approval,
      status,
      decisions: [
        ...approval.decisions,
        {
          by: person.id,
          role: person.role,
          decision: given.decision,
          at: instantNow(),
          reason: given.reason,
        },
      ],
      closesAt: status === "approved" ? instant(now() + approvalTimes.execute) : approval.closesAt,
    };
    await em.execute("update approval set status = ?, decisions = ?, closes_at = ? where id = ?", [
      next.status,
      JSON.stringify(next.decisions),
      next.closesAt,
      id,
    ]);
    await markRequest(em, next);
    audit({ ...base, action: `approval.${status}`, outcome: "ok" });
    return next;
  });
  if (outcome.result.status === "voided") throw new DomainError("approval_changed");
  return shownApproval(outcome.result, person) ?? outcome.result;
}

const isChanged = (em: EntityManager, approval: Approval): Promise<boolean> =>
  assertUnchanged(em, approval).then(
    () => false,
    (error: unknown) => {
      if (error instanceof DomainError && error.code === "approval_changed") return true;
      throw error;
    },
  );

/** The one who asked withdraws it. */
export async function withdraw(
  { practice, principal, requestId }: ApprovalContext,
  id: string,
): Promise<Approval> {
  const person = own(principal);
  const { result } = await practice.ledger.transact(async ({ em, audit }) => {
    const approval = await lock({ em }, id);
    if (approval.requestedBy !== person.id) throw new DomainError("not_yours");
    if (approval.status !== "requested" && approval.status !== "approved")
      throw new DomainError("approval_not_open", { status: approval.status });
    await em.execute("update approval set status = 'voided' where id = ?", [id]);
    const withdrawn = { ...approval, status: "voided" as const };
    await markRequest(em, withdrawn);
    audit({ ...recordOf(principal, requestId, approval), action: "approval.voided", outcome: "ok" });
    return shownApproval(withdrawn, person) ?? withdrawn;
  });
  return result;
}

/**
 * Carries out what was approved, once. Everything is judged again in the transaction that does it: the difference, that
 * the approver still holds the role, and that the one who asked still may ask. A second call gives the first's answer.
 */
export async function execute(
  { practice, principal, requestId }: ApprovalContext,
  id: string,
): Promise<{ approval: Approval; token?: string }> {
  const person = own(principal);
  const { result } = await practice.ledger.transact(async (tx) => {
    const { em, audit } = tx;
    const approval = await lock({ em }, id);
    if (approval.requestedBy !== person.id) throw new DomainError("not_yours");
    const base = recordOf(principal, requestId, approval);
    if (approval.status === "executed") {
      audit({ ...base, action: "approval.executed", outcome: "ok", reason: "repeated" });
      return { approval: shownApproval(approval, person) ?? approval };
    }
    assertOpen(approval, "approved");
    const asks = can(principal.actor, permissionToRequest(approval.payload));
    if (!asks.allowed) throw new DomainError(asks.code);
    // Before any patient is locked: pushes lock them in this order too.
    if (isMerge(approval.payload)) await lockMerges(em);
    await assertApproverStands(em, approval);
    await assertUnchanged(em, approval);
    const done = await carryOut(practice, tx, approval, principal);
    const executedAt = instantNow();
    await em.execute("update approval set status = 'executed', executed_at = ? where id = ?", [
      executedAt,
      id,
    ]);
    const executed = { ...approval, status: "executed" as const, executedAt };
    await markRequest(em, executed);
    audit({ ...base, action: "approval.executed", outcome: "ok" });
    return { approval: shownApproval(executed, person) ?? executed, ...done };
  });
  return result;
}

/** Whoever approved holds the role at this moment too. */
async function assertApproverStands(em: EntityManager, approval: Approval): Promise<void> {
  if (approval.singlePerson) return;
  const approved = approval.decisions.find(({ decision }) => decision === "approve");
  const rows: unknown[] = approved
    ? await em.execute(
        `select 1 from staff f join app_user u on u.id = f.id
         where f.id = ? and ? = any(f.roles) and f.active and u.disabled_at is null`,
        [approved.by, approved.role],
      )
    : [];
  if (rows.length === 0) throw new DomainError("approval_changed");
}
