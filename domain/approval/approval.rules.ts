import { can } from "../access/can.ts";
import { type PermissionName, permissions } from "../access/permissions.ts";
import { clinicalRoles, type Role, type TokenScope } from "../access/roles.ts";
import { digest } from "../kernel/canonical.ts";
import type { Approval, ApprovalDifference, ApprovalKind, ApprovalPayload } from "./approval.schema.ts";

const HOUR = 3_600_000;
/** Milliseconds: how long a request can be decided, an approval carried out, and a single person waits and may confirm. */
export const approvalTimes = { decide: 4 * HOUR, execute: HOUR, wait: 24 * HOUR, confirm: 4 * HOUR } as const;

/** Scopes with which a token reaches clinical content. */
export const clinicalScopes: readonly TokenScope[] = [
  "ai:work",
  "results:write",
  "documents:ingest",
  "fhir:bulk",
];
/** Longest life of a token, in days. */
export const tokenDays = (scopes: readonly TokenScope[]): number =>
  scopes.some((scope) => clinicalScopes.includes(scope)) ? 90 : 365;

/** Roles that must never be without a person. */
export const neverEmpty: readonly Role[] = ["administrator", "privacy-officer", "security-officer"];

const requestPermission: Record<ApprovalKind, PermissionName> = {
  "role.grant": "role:request",
  "role.remove": "role:request",
  "user.enable": "role:request",
  "token.register": "token:request",
};

/** The right one needs to ask for it. */
export const permissionToRequest = ({ kind }: Pick<ApprovalPayload, "kind">): PermissionName =>
  requestPermission[kind];

const practiceRoles: readonly Role[] = [...clinicalRoles, "front-desk"];

/** Who may approve: the privacy officer for clinical and desk roles, the security officer for all other power. */
export function approverRoles(payload: ApprovalPayload): readonly Role[] {
  switch (payload.kind) {
    case "role.grant":
    case "role.remove":
      return practiceRoles.includes(payload.role) ? ["privacy-officer"] : ["security-officer"];
    case "user.enable":
      return ["security-officer"];
    case "token.register":
      return payload.scopes.some((scope) => clinicalScopes.includes(scope))
        ? ["security-officer", "privacy-officer"]
        : ["security-officer"];
  }
}

/** Whose reach grows; they never approve it themselves. */
export const beneficiaryOf = (payload: ApprovalPayload): string | null =>
  payload.kind === "token.register" ? payload.ownerId : payload.userId;

export const approvalDigest = (payload: ApprovalPayload, difference: ApprovalDifference): string =>
  digest({ payload, difference });

export type ApproverVerdict = "may" | "role" | "self";

/** Whether somebody in a role may decide a request: never the one who asked or the one who gains. */
export function mayDecide(
  approval: Pick<Approval, "payload" | "requestedBy" | "singlePerson">,
  person: { readonly id: string; readonly role: Role },
): ApproverVerdict {
  if (!approverRoles(approval.payload).includes(person.role) && !approval.singlePerson) return "role";
  if (approval.singlePerson) return person.id === approval.requestedBy ? "may" : "role";
  if (person.id === approval.requestedBy || person.id === beneficiaryOf(approval.payload)) return "self";
  return "may";
}

/** What these roles together may do, as labels of the matrix. */
export const reachOf = (held: readonly Role[]): string[] =>
  Object.entries(permissions)
    .filter(([name]) =>
      held.some(
        (role) => can({ type: "user", id: "", role, deviceId: null }, name as PermissionName).allowed,
      ),
    )
    .map(([, { label }]) => label);

/** What one set of roles may do and the other may not. */
export const reachBeyond = (after: readonly Role[], before: readonly Role[]): string[] => {
  const known = new Set(reachOf(before));
  return reachOf(after).filter((label) => !known.has(label));
};
