import { clinicalRoles, type Role } from "#domain/access/roles.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import type { Pool } from "#domain/task/index.ts";
import type { EntityManager } from "#server/database/database.ts";

/**
 * Who a task or message may go to: an active person or a pool, one of the two. What is clinical is written by clinical
 * people and goes to clinical people (C19).
 */
export async function assertAddress(
  em: EntityManager,
  from: Role,
  kind: "administrative" | "clinical",
  personId: string | null,
  pool: Pool | null,
): Promise<void> {
  if ((personId === null) === (pool === null))
    throw new DomainError("invalid_arguments", { field: "pool", problem: "name a person or a pool" });
  if (kind === "clinical" && !clinicalRoles.includes(from)) throw new DomainError("forbidden");
  if (pool !== null) {
    if (kind === "clinical" && pool === "front-desk") throw new DomainError("clinical_only");
    return;
  }
  const [person]: { roles: Role[]; active: boolean }[] = await em.execute(
    "select roles, active from staff where id = ?",
    [personId],
  );
  if (!person?.active) throw new DomainError("missing_parent");
  if (kind === "clinical" && !person.roles.some((role) => clinicalRoles.includes(role)))
    throw new DomainError("clinical_only");
}
