import type { Role, TokenScope } from "./roles.ts";

/**
 * The permission matrix. The server enforces it, the tablet uses the same table offline, and
 * docs/reference/permissions.md is generated from it. What each is called stands in permission-labels.ts, which no tablet needs
 * before its first screen.
 *
 * A role or scope that is not named is denied. `own` allows the action on the actor's own or assigned records,
 * `metadata` allows it without clinical content.
 */
export type Grant = "allow" | "own" | "metadata";

export interface Permission {
  /** Clinical permissions are judged by role before a body or an id is even read. */
  readonly clinical: boolean;
  readonly roles: Partial<Record<Role, Grant>>;
  readonly scopes: readonly TokenScope[];
}

const everyone: Permission["roles"] = {
  clinician: "allow",
  nurse: "allow",
  "front-desk": "allow",
  administrator: "allow",
  "practice-it": "allow",
  "privacy-officer": "allow",
  "security-officer": "allow",
};
/** Whoever sees patients, one's own; everybody else, any. */
const ownOfPatientRoles: Permission["roles"] = {
  ...everyone,
  clinician: "own",
  nurse: "own",
  "front-desk": "own",
};
const practice: Permission["roles"] = {
  clinician: "allow",
  nurse: "allow",
  "front-desk": "allow",
  administrator: "allow",
};

const permission = (
  grants: Permission["roles"],
  options: { clinical?: boolean; scopes?: readonly TokenScope[] } = {},
): Permission => ({
  roles: grants,
  clinical: options.clinical ?? false,
  scopes: options.scopes ?? [],
});

export const permissions = {
  "session:use": permission(everyone),
  "sync:use": permission(everyone),
  "directory:read": permission(everyone),
  "directory:write": permission({ administrator: "allow" }),
  "demographics:read": permission(
    { ...practice, "privacy-officer": "allow" },
    { scopes: ["demographics:read"] },
  ),
  "demographics:write": permission(practice, {
    scopes: ["demographics:write"],
  }),
  "patient:merge": permission({
    clinician: "allow",
    "front-desk": "allow",
    administrator: "allow",
  }),
  "schedule:read": permission(practice, { scopes: ["schedule:read"] }),
  "schedule:write": permission(practice, { scopes: ["schedule:write"] }),
  "encounter:read": permission(practice),
  "encounter:write": permission({ clinician: "allow", nurse: "allow" }, { clinical: true }),
  "note:read": permission({ clinician: "allow", nurse: "allow" }, { clinical: true }),
  "note:write": permission({ clinician: "own", nurse: "own" }, { clinical: true }),
  "note:sign": permission({ clinician: "own" }, { clinical: true }),
  "ai:record": permission({ clinician: "allow", nurse: "allow" }, { clinical: true }),
  "ai:read": permission({ clinician: "allow", nurse: "allow" }, { clinical: true }),
  "ai:work": permission({}, { clinical: true, scopes: ["ai:work"] }),
  "schedule:overbook": permission({
    clinician: "allow",
    nurse: "allow",
    "front-desk": "allow",
  }),
  "chart:read": permission({ clinician: "allow", nurse: "allow" }, { clinical: true }),
  "chart:write": permission({ clinician: "allow", nurse: "allow" }, { clinical: true }),
  "chart:confirm": permission({ clinician: "allow" }, { clinical: true }),
  "allergy:end": permission({ clinician: "allow" }, { clinical: true }),
  "chart:restrict": permission({ clinician: "allow" }, { clinical: true }),
  "note:addend": permission({ clinician: "allow" }, { clinical: true }),
  "note:retract": permission({ clinician: "own" }, { clinical: true }),
  "nurse-note:write": permission({ clinician: "allow", nurse: "own" }, { clinical: true }),
  "task:use": permission({ ...practice, "practice-it": "allow" }),
  "message:send": permission(practice),
  "chart:open": permission({ clinician: "allow", nurse: "allow" }, { clinical: true }),
  // Judged by itself: no chart is open yet, and it may be given back when none is any more.
  "break-glass:begin": permission({ clinician: "allow", nurse: "allow" }),
  "break-glass:review": permission({ "privacy-officer": "allow" }),
  "emergency:begin": permission({
    clinician: "allow",
    nurse: "allow",
    "front-desk": "allow",
  }),
  "emergency:review": permission({ "privacy-officer": "allow" }),
  "capture:write": permission({ clinician: "allow", nurse: "allow" }, { clinical: true }),
  "capture:match": permission({ clinician: "allow", nurse: "allow" }, { clinical: true }),
  "capture:list": permission({ "privacy-officer": "metadata" }),
  "audit:own": permission(everyone),
  "audit:search": permission({
    "privacy-officer": "allow",
    "security-officer": "metadata",
  }),
  "audit:verify": permission(everyone, { scopes: ["audit:witness"] }),
  "audit:witness": permission(everyone, { scopes: ["audit:witness", "ai:work"] }),
  "user:write": permission({ administrator: "allow" }),
  "user:disable": permission({ administrator: "allow", "security-officer": "allow" }),
  "role:request": permission({ administrator: "allow" }),
  "set-up:read": permission({
    administrator: "allow",
    "privacy-officer": "allow",
    "security-officer": "allow",
  }),
  "set-up:name": permission({ administrator: "allow" }),
  "set-up:accept": permission({ "privacy-officer": "allow", "security-officer": "allow" }),
  "token:request": permission({ administrator: "allow", "practice-it": "allow" }),
  "approval:read": permission({
    clinician: "own",
    "front-desk": "own",
    administrator: "allow",
    "practice-it": "allow",
    "privacy-officer": "allow",
    "security-officer": "allow",
  }),
  "approval:decide": permission({
    administrator: "allow",
    "privacy-officer": "allow",
    "security-officer": "allow",
  }),
  "handover:give": permission(practice),
  "quarantine:read": permission({
    clinician: "allow",
    nurse: "own",
    "front-desk": "allow",
    "privacy-officer": "metadata",
  }),
  "quarantine:decide": permission({
    clinician: "allow",
    nurse: "own",
    "front-desk": "allow",
  }),
  "user:read": permission({
    administrator: "allow",
    "security-officer": "allow",
    "privacy-officer": "allow",
  }),
  "token:read": permission({
    administrator: "allow",
    "practice-it": "allow",
    "security-officer": "allow",
  }),
  "token:revoke": permission({
    administrator: "allow",
    "practice-it": "allow",
    "privacy-officer": "allow",
    "security-officer": "allow",
  }),
  "token:confirm": permission({ "security-officer": "allow" }),
  "account:use": permission(everyone),
  "session:read": permission(ownOfPatientRoles),
  "session:end": permission(ownOfPatientRoles),
  "factor:reset": permission({ administrator: "allow" }),
  "passkey:register": permission(everyone),
  "passkey:read": permission(ownOfPatientRoles),
  "passkey:remove": permission(ownOfPatientRoles),
  "device:read": permission(ownOfPatientRoles),
  "device:revoke": permission(ownOfPatientRoles),
  "device:wipe": permission(ownOfPatientRoles),
  "device:name": permission({
    administrator: "allow",
    "practice-it": "allow",
    "security-officer": "allow",
  }),
  "device:held-times": permission({
    "front-desk": "allow",
    administrator: "allow",
    "practice-it": "allow",
    "security-officer": "allow",
  }),
  "device:acknowledge": permission({
    administrator: "allow",
    "practice-it": "allow",
    "security-officer": "allow",
  }),
  "ops:read": permission({
    administrator: "metadata",
    "practice-it": "allow",
    "privacy-officer": "metadata",
    "security-officer": "allow",
  }),
  "ops:retry": permission({ "practice-it": "allow" }),
  "ops:metrics": permission(
    { "practice-it": "allow", "security-officer": "allow" },
    { scopes: ["ops:metrics"] },
  ),
} as const satisfies Record<string, Permission>;

export type PermissionName = keyof typeof permissions;
export const permissionNames = Object.keys(permissions) as PermissionName[];
