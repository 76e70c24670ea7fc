import type { PermissionName } from "#domain/access/permissions.ts";
import type { AuditBody } from "#domain/audit/record.ts";
import { DomainError, type ErrorCode } from "#domain/errors/catalog.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { type CollectionName, collections, isCollectionName } from "#domain/registry.ts";
import type { EntityManager } from "#server/database/database.ts";

/** What somebody tried: a record, by the word of its collection and its id. Nothing else about it is written down. */
export interface AttemptedOn {
  readonly type: CollectionName | "job";
  readonly id: string;
}

/** A refusal that knows more of what was tried than its route does. */
export class DeniedAttempt extends DomainError {
  readonly permission: PermissionName;
  readonly on: AttemptedOn | undefined;

  constructor(code: ErrorCode, permission: PermissionName, on?: AttemptedOn) {
    super(code);
    this.permission = permission;
    this.on = on;
  }
}

const table = (name: CollectionName): string => name.replaceAll("-", "_");

/** Whose record it is, as the database knows it now; never what the request says. */
export async function patientOf(
  em: EntityManager,
  { type, id }: { readonly type: string; readonly id: unknown },
): Promise<string | undefined> {
  if (!isCollectionName(type) || !idSchema.safeParse(id).success) return undefined;
  const { shape } = collections[type].schema as unknown as { readonly shape: object };
  const column = type === "patient" ? "id" : "patientId" in shape ? "patient_id" : "";
  if (column === "") return undefined;
  const [row]: { patient: string | null }[] = await em.execute(
    `select ${column} as patient from ${table(type)} where id = ?`,
    [id],
  );
  return row?.patient ?? undefined;
}

/** The parts of an audit record that name what was tried. An id that is none is left out: it could be any text. */
export async function attemptFields(
  em: EntityManager,
  permission: PermissionName | undefined,
  on: AttemptedOn | undefined,
): Promise<Pick<AuditBody, "permission" | "resource" | "patientId">> {
  const known = on && idSchema.safeParse(on.id).success ? on : undefined;
  const patientId = known && (await patientOf(em, known));
  return {
    ...(permission && { permission }),
    ...(known && { resource: { type: known.type, id: known.id } }),
    ...(patientId && { patientId }),
  };
}
