import { DomainError } from "#domain/errors/catalog.ts";
import { digest } from "#domain/kernel/canonical.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { type Naming, type Office, offices } from "#domain/set-up/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import type { RouteContext } from "#server/http/route.ts";
import { confirmPassword } from "#server/identity/index.ts";
import type { Principal } from "#server/identity/principal.ts";
import { StaffEntity } from "#server/staff/index.ts";
import { lockPractice } from "./set-up-code.ts";

type Context = Pick<RouteContext, "practice" | "principal" | "requestId">;

/** @throws {DomainError} practice_is_open */
async function lockInSetUp(em: EntityManager): Promise<void> {
  const { open } = await lockPractice(em);
  if (open) throw new DomainError("practice_is_open");
}

/** Gives or takes an officer's role, with its record. The bootstrap needs no approval: there is nobody yet who could give one. */
async function setRole(
  { em, audit }: LedgerTransaction,
  record: { readonly actor: Principal["audit"]; readonly requestId: string },
  { personId, office, holds }: { personId: string; office: Office; holds: boolean },
): Promise<void> {
  const person = await em.findOneOrFail(StaffEntity, { id: personId });
  if (person.roles.includes(office) === holds) return;
  person.roles = holds ? [...person.roles, office] : person.roles.filter((role) => role !== office);
  await em.flush();
  audit({
    ...record,
    action: holds ? "staff.role_granted" : "staff.role_removed",
    outcome: "ok",
    reason: "set-up",
    resource: { type: "staff", id: personId },
    changed: [office],
  });
}

/** Whether the person is an administrator, or stands named for the other office. */
async function holdsAnother(em: EntityManager, person: StaffEntity, office: Office): Promise<boolean> {
  if (person.roles.includes("administrator")) return true;
  const others: unknown[] = await em.execute(
    "select 1 from officer_naming where person_id = ? and office <> ? and status in ('named', 'accepted')",
    [person.id, office],
  );
  return others.length > 0;
}

/**
 * Names an officer, in the place of whoever was named before. They hold the role from now on, so that they can sign in; the
 * practice does not open before they have accepted.
 * @returns the naming's id
 * @throws {DomainError} practice_is_open, not_found, statement_needed
 */
export async function nameOfficer(
  { practice, principal, requestId }: Context,
  { office, personId, statement }: Naming,
): Promise<string> {
  const id = newId();
  const record = { actor: principal.audit, requestId };
  await practice.ledger.transact(async (tx) => {
    const { em, audit } = tx;
    await lockInSetUp(em);
    const person = await em.findOne(StaffEntity, { id: personId, active: true });
    if (!person) throw new DomainError("not_found");
    const needsStatement = await holdsAnother(em, person, office);
    if (needsStatement && statement === undefined) throw new DomainError("statement_needed");
    const said = needsStatement ? statement : undefined;
    const before: { person_id: string }[] = await em.execute(
      `update officer_naming set status = 'replaced', decided_at = ?
       where office = ? and status in ('named', 'accepted') returning person_id`,
      [instantNow(), office],
    );
    await em.execute(
      `insert into officer_naming(id, office, person_id, named_by, named_at, statement, status)
       values (?, ?, ?, ?, ?, ?, 'named')`,
      [id, office, personId, principal.actor.id, instantNow(), said ?? null],
    );
    audit({
      ...record,
      action: "set-up.officer_named",
      outcome: "ok",
      resource: { type: "staff", id: personId },
      changed: [office],
      ...(said !== undefined && { after: digest(said) }),
    });
    for (const { person_id } of before)
      if (person_id !== personId) await setRole(tx, record, { personId: person_id, office, holds: false });
    await setRole(tx, record, { personId, office, holds: true });
  });
  return id;
}

/**
 * The person who was named accepts or, with words, declines, having given their own password. The second acceptance opens
 * the practice; who declines loses the role again.
 * @throws {DomainError} wrong_credentials, practice_is_open, not_found, not_yours, naming_decided
 */
export async function decideNaming(
  { practice, principal, requestId }: Context,
  id: string,
  { password, words }: { readonly password: string; readonly words?: string },
): Promise<void> {
  await confirmPassword(practice, principal, password);
  const personId = principal.actor.id;
  const record = { actor: principal.audit, requestId };
  await practice.ledger.transact(async (tx) => {
    const { em, audit } = tx;
    await lockInSetUp(em);
    const [naming]: { person_id: string; office: Office; status: string }[] = await em.execute(
      "select person_id, office, status from officer_naming where id = ?",
      [id],
    );
    if (!naming) throw new DomainError("not_found");
    if (naming.person_id !== personId) throw new DomainError("not_yours");
    if (naming.status !== "named") throw new DomainError("naming_decided");
    const accepts = words === undefined;
    await em.execute("update officer_naming set status = ?, decided_at = ?, words = ? where id = ?", [
      accepts ? "accepted" : "declined",
      instantNow(),
      words ?? null,
      id,
    ]);
    audit({
      ...record,
      action: accepts ? "set-up.officer_accepted" : "set-up.officer_declined",
      outcome: "ok",
      resource: { type: "staff", id: personId },
      changed: [naming.office],
      ...(words !== undefined && { after: digest(words) }),
    });
    if (accepts) await openWhenBothAccepted(tx, record, practice.info.id);
    else await setRole(tx, record, { personId, office: naming.office, holds: false });
  });
}

async function openWhenBothAccepted(
  { em, audit }: LedgerTransaction,
  record: { readonly actor: Principal["audit"]; readonly requestId: string },
  practiceId: string,
): Promise<void> {
  const accepted: unknown[] = await em.execute("select office from officer_naming where status = 'accepted'");
  if (accepted.length < offices.length) return;
  await em.execute("update practice set opened_at = ? where opened_at is null", [instantNow()]);
  audit({
    ...record,
    action: "practice.opened",
    outcome: "ok",
    resource: { type: "practice", id: practiceId },
  });
}
