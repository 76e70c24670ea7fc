import type { Role } from "#domain/access/roles.ts";
import {
  type ApprovalDifference,
  type ApprovalPayload,
  isMerge,
  neverEmpty,
  reachBeyond,
  tokenDays,
} from "#domain/approval/index.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import type { EntityManager } from "#server/database/database.ts";
import { resettable } from "#server/identity/index.ts";
import { mergeDifferenceOf } from "#server/merge/index.ts";

interface Person {
  readonly id: string;
  readonly name: string;
  readonly roles: Role[];
  readonly disabled: boolean;
}

export async function findPerson(em: EntityManager, id: string): Promise<Person> {
  const [person]: Person[] = await em.execute(
    `select u.id, f.name, f.roles, u.disabled_at is not null as disabled
     from app_user u join staff f on f.id = u.id where u.id = ? for update of f`,
    [id],
  );
  if (!person) throw new DomainError("not_found");
  return person;
}

/** Charts that a role reaches: those of every active patient, or none. */
async function chartsOf(em: EntityManager, gains: readonly string[]): Promise<number | null> {
  if (!gains.some((label) => label.startsWith("Chart: open"))) return null;
  const [{ count }]: [{ count: string }] = await em.execute("select count(*) from patient where active");
  return Number(count);
}

/**
 * What would change if the request were carried out now. It is worked out anew at every step, so that an approval never
 * stands for something else than what was seen.
 * @throws {DomainError} not_found; already_exists; missing_parent; last_of_role; invalid_arguments; those of a merge
 */
export async function differenceOf(em: EntityManager, payload: ApprovalPayload): Promise<ApprovalDifference> {
  if (isMerge(payload)) return mergeDifferenceOf(em, payload);
  if (payload.kind === "token.register") {
    if (payload.days > tokenDays(payload.scopes))
      throw new DomainError("invalid_arguments", {
        field: "days",
        problem: `at most ${tokenDays(payload.scopes)}`,
      });
    if (payload.ownerId !== null && (await findPerson(em, payload.ownerId)).disabled)
      throw new DomainError("invalid_arguments", { field: "ownerId", problem: "has no access" });
    return { subject: payload.purpose, gains: [...payload.scopes].sort(), losses: [], charts: null };
  }
  const person = await findPerson(em, payload.userId);
  if (payload.kind === "user.enable") {
    if (!person.disabled) throw new DomainError("already_exists");
    const gains = reachBeyond(person.roles, []);
    return { subject: person.name, gains, losses: [], charts: await chartsOf(em, gains) };
  }
  if (payload.kind === "factor.reset") {
    const { totp, recoveryLeft, passwordShort } = await resettable(em, payload.userId);
    return {
      subject: person.name,
      gains: [
        passwordShort ? "Choose a longer password with the short one" : "Sign in with the password alone",
      ],
      losses: [...(totp ? ["Authenticator app"] : []), ...(recoveryLeft > 0 ? ["Recovery codes"] : [])],
      charts: null,
    };
  }
  const holds = person.roles.includes(payload.role);
  if (payload.kind === "role.grant") {
    if (holds) throw new DomainError("already_exists");
    const gains = reachBeyond([...person.roles, payload.role], person.roles);
    return { subject: person.name, gains, losses: [], charts: await chartsOf(em, gains) };
  }
  if (!holds) throw new DomainError("missing_parent");
  await assertNotLast(em, payload.role, payload.userId);
  const left = person.roles.filter((role) => role !== payload.role);
  return { subject: person.name, gains: [], losses: reachBeyond(person.roles, left), charts: null };
}

/** @throws {DomainError} last_of_role when nobody else would hold a role that must never be empty */
export async function assertNotLast(em: EntityManager, role: Role, userId: string): Promise<void> {
  if (!neverEmpty.includes(role)) return;
  // Two who leave a role at one moment follow one another: the second one sees that the first has left.
  await em.execute("select pg_advisory_xact_lock(hashtext('last_of_role'))");
  const others: unknown[] = await em.execute(
    `select 1 from staff f join app_user u on u.id = f.id
     where ? = any(f.roles) and f.active and u.disabled_at is null and f.id <> ? limit 1`,
    [role, userId],
  );
  if (others.length === 0) throw new DomainError("last_of_role");
}
