import { permissionLabels } from "#domain/access/permission-labels.ts";
import { type Permission, type PermissionName, permissions } from "#domain/access/permissions.ts";
import { roles, tokenScopes } from "#domain/access/roles.ts";
import { code, page, paragraph, table } from "./markdown.ts";

const entries = Object.entries(permissions) as [PermissionName, Permission][];
const marks = { allow: "✓", own: "own", metadata: "metadata" } as const;

const matrix = (clinical: boolean): string =>
  table(
    ["Permission", "What", ...roles.map((role) => role.replaceAll("-", " ").replace(/ it$/, " IT"))],
    entries
      .filter(([, permission]) => permission.clinical === clinical)
      .map(([name, { roles: grants }]) => [
        code(name),
        permissionLabels[name],
        ...roles.map((role) => (grants[role] ? marks[grants[role]] : "·")),
      ]),
  );

const scopeTable = (): string =>
  table(
    ["Scope", "Opens"],
    tokenScopes.map((scope) => {
      const opened = entries.filter(([, permission]) => permission.scopes.includes(scope));
      return [
        code(scope),
        opened.map(([name]) => code(name)).join(", ") || "nothing yet: the name is kept for later",
      ];
    }),
  );

/** docs/reference/permissions.md */
export const permissionsPage = (): string =>
  page(
    "Permissions",
    "domain/access",
    paragraph(
      "Who may do what. The server asks this table for every request, with the role or the scopes that the session or " +
        "the token has at that moment; the tablet asks the same table when it is offline. What is not written here is denied, " +
        "and every denial leaves an audit record.",
    ),
    paragraph(
      "✓ means allowed; *own* only for one's own or assigned records; *metadata* without clinical content; · means " +
        "denied. A person may hold several roles, a session works in exactly one of them at a time.",
    ),
    "## Clinical",
    paragraph(
      "Judged by role before a body or an id is read: the front desk learns nothing, not even whether something exists.",
    ),
    matrix(true),
    "## Everything else",
    matrix(false),
    "## Service tokens",
    paragraph(
      "A token has scopes and never a role. A scope opens these permissions and nothing beside them.",
    ),
    scopeTable(),
  );
