import type { ErrorCode } from "../errors/catalog.ts";
import { type Grant, type Permission, type PermissionName, permissions } from "./permissions.ts";
import type { Role, TokenScope } from "./roles.ts";

/** Who acts. Built from the session or token row of *now*, never from what a request says about itself. */
export type Actor =
  | { readonly type: "user"; readonly id: string; readonly role: Role; readonly deviceId: string | null }
  | { readonly type: "token"; readonly id: string; readonly scopes: readonly TokenScope[] };

/** What is acted on, as far as the decision needs it. */
export interface Subject {
  /** The people the record belongs to: author, assigned clinician, owner. */
  readonly owners?: readonly string[];
}

export type Decision =
  | { readonly allowed: true; readonly grant: Grant }
  | {
      readonly allowed: false;
      readonly code: Extract<ErrorCode, "forbidden" | "scope_missing" | "not_yours">;
    };

/**
 * Decides one action. Unknown action, unknown role and an empty set of rights all mean no.
 *
 * Without a subject, `own` counts as allowed: the caller must ask again once it knows whose record it is.
 */
export function can(actor: Actor, action: PermissionName, subject?: Subject): Decision {
  const permission: Permission | undefined = Object.hasOwn(permissions, action)
    ? permissions[action]
    : undefined;
  if (!permission) return { allowed: false, code: "forbidden" };
  if (actor.type === "token") {
    const held = permission.scopes.some((scope) => actor.scopes.includes(scope));
    return held ? { allowed: true, grant: "allow" } : { allowed: false, code: "scope_missing" };
  }
  const grant = Object.hasOwn(permission.roles, actor.role) ? permission.roles[actor.role] : undefined;
  if (!grant) return { allowed: false, code: "forbidden" };
  if (grant === "own" && subject && !subject.owners?.includes(actor.id))
    return { allowed: false, code: "not_yours" };
  return { allowed: true, grant };
}
