import { clinicalRoles, type Role } from "#domain/access/roles.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import type { EntityManager } from "#server/database/database.ts";

/**
 * Refuses somebody to whom no visit may be given: who has left, or works in none of the roles (default: the clinical
 * ones). Locks the person's row, so that what is decided about one person's day is decided one after the other.
 * @throws {DomainError} missing_parent when there is no such person; not_bookable
 */
export async function assertSeesPatients(
  em: EntityManager,
  staffId: string,
  among: readonly Role[] = clinicalRoles,
): Promise<void> {
  const [person]: { active: boolean; roles: Role[] }[] = await em.execute(
    "select active, roles from staff where id = ? for no key update",
    [staffId],
  );
  if (!person) throw new DomainError("missing_parent");
  if (!person.active || !person.roles.some((role) => among.includes(role)))
    throw new DomainError("not_bookable");
}
