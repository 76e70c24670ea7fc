import type { Role, TokenScope } from "./roles.ts";

/**
 * The permission matrix. The server enforces it, the tablet uses the same table offline, and
 * docs/reference/permissions.md is generated from it.
 *
 * A role or scope that is not named is denied. `own` allows the action on the actor's own or assigned records,
 * `metadata` allows it without clinical content.
 */
export type Grant = "allow" | "own" | "metadata";

export interface Permission {
  readonly label: string;
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
const practice: Permission["roles"] = {
  clinician: "allow",
  nurse: "allow",
  "front-desk": "allow",
  administrator: "allow",
};

const permission = (
  label: string,
  grants: Permission["roles"],
  options: { clinical?: boolean; scopes?: readonly TokenScope[] } = {},
): Permission => ({
  label,
  roles: grants,
  clinical: options.clinical ?? false,
  scopes: options.scopes ?? [],
});

export const permissions = {
  "session:use": permission("Sign in, see and end one's own session", everyone),
  "sync:use": permission("Pull and push what the role allows", everyone),
  "directory:read": permission("Staff, rooms and visit types: read", everyone),
  "directory:write": permission("Visit types, rooms, working hours: manage", { administrator: "allow" }),
  "demographics:read": permission(
    "Patient: search, read demographics",
    { ...practice, "privacy-officer": "allow" },
    { scopes: ["demographics:read"] },
  ),
  "demographics:write": permission("Patient: create, update demographics", practice, {
    scopes: ["demographics:write"],
  }),
  "patient:merge": permission("Patient: request to merge or part two records", {
    clinician: "allow",
    "front-desk": "allow",
    administrator: "allow",
  }),
  "schedule:read": permission("Schedule: read", practice, { scopes: ["schedule:read"] }),
  "schedule:write": permission("Schedule: manage", practice, { scopes: ["schedule:write"] }),
  "encounter:read": permission("Encounter header (time, clinician, status): read", practice),
  "encounter:write": permission(
    "Encounter: start, finish",
    { clinician: "allow", nurse: "allow" },
    { clinical: true },
  ),
  "note:read": permission("Note: read", { clinician: "allow", nurse: "allow" }, { clinical: true }),
  "note:write": permission("Note: draft, edit", { clinician: "own", nurse: "own" }, { clinical: true }),
  "note:sign": permission("Note: sign", { clinician: "own" }, { clinical: true }),
  "ai:record": permission("AI: record a visit", { clinician: "allow", nurse: "allow" }, { clinical: true }),
  "ai:read": permission(
    "AI: listen, read transcripts and drafts",
    { clinician: "allow", nurse: "allow" },
    { clinical: true },
  ),
  "ai:work": permission(
    "AI node: claim jobs, return transcripts and drafts",
    {},
    { clinical: true, scopes: ["ai:work"] },
  ),
  "schedule:overbook": permission("Schedule: overbook with reason", {
    clinician: "allow",
    nurse: "allow",
    "front-desk": "allow",
  }),
  "chart:read": permission(
    "Problems, allergies, medications, immunisations, vitals: read",
    { clinician: "allow", nurse: "allow" },
    { clinical: true },
  ),
  "chart:write": permission(
    "Problems, allergies, medications, immunisations, vitals: enter",
    { clinician: "allow", nurse: "allow" },
    { clinical: true },
  ),
  "chart:confirm": permission(
    "Problems, allergies, medications: confirm what was reported, decide a conflict",
    { clinician: "allow" },
    { clinical: true },
  ),
  "allergy:end": permission("Allergy: refute, end", { clinician: "allow" }, { clinical: true }),
  "chart:restrict": permission(
    "Chart restriction, care team: set",
    { clinician: "allow" },
    { clinical: true },
  ),
  "note:addend": permission("Note: addendum", { clinician: "allow" }, { clinical: true }),
  "note:retract": permission("Note: mark entered in error", { clinician: "own" }, { clinical: true }),
  "nurse-note:write": permission(
    "Nurse note: draft, sign",
    { clinician: "allow", nurse: "own" },
    { clinical: true },
  ),
  "task:use": permission("Tasks: see, create, complete", { ...practice, "practice-it": "allow" }),
  "message:send": permission("Messages: send", practice),
  "chart:open": permission("Chart: open", { clinician: "allow", nurse: "allow" }, { clinical: true }),
  "audit:own": permission("Audit: own actions", everyone),
  "audit:search": permission("Audit: search, who looked at a chart", {
    "privacy-officer": "allow",
    "security-officer": "metadata",
  }),
  "audit:verify": permission("Audit: verify, checkpoints", everyone, { scopes: ["audit:witness"] }),
  "user:write": permission("User: create, without a role", { administrator: "allow" }),
  "user:disable": permission("User: disable", { administrator: "allow", "security-officer": "allow" }),
  "role:request": permission("Role: request a grant or change", { administrator: "allow" }),
  "token:request": permission("Token: request", { administrator: "allow", "practice-it": "allow" }),
  "approval:read": permission("Approvals: see requests", {
    clinician: "own",
    "front-desk": "own",
    administrator: "allow",
    "practice-it": "allow",
    "privacy-officer": "allow",
    "security-officer": "allow",
  }),
  "approval:decide": permission("Approvals: approve or deny, by kind of request", {
    administrator: "allow",
    "privacy-officer": "allow",
    "security-officer": "allow",
  }),
  "user:read": permission("User: list", {
    administrator: "allow",
    "security-officer": "allow",
    "privacy-officer": "allow",
  }),
  "token:read": permission("Token registry: read", {
    administrator: "allow",
    "practice-it": "allow",
    "security-officer": "allow",
  }),
  "token:revoke": permission("Token: revoke", {
    administrator: "allow",
    "practice-it": "allow",
    "privacy-officer": "allow",
    "security-officer": "allow",
  }),
  "device:read": permission("Devices: list", {
    ...everyone,
    clinician: "own",
    nurse: "own",
    "front-desk": "own",
  }),
  "device:revoke": permission("Device: revoke", {
    clinician: "own",
    nurse: "own",
    "front-desk": "own",
    administrator: "allow",
    "practice-it": "allow",
    "privacy-officer": "allow",
    "security-officer": "allow",
  }),
  "ops:read": permission("Sync dashboard, jobs", {
    administrator: "metadata",
    "practice-it": "allow",
    "privacy-officer": "metadata",
    "security-officer": "allow",
  }),
  "ops:retry": permission("Jobs: try again", { "practice-it": "allow" }),
  "ops:metrics": permission(
    "Metrics",
    { "practice-it": "allow", "security-officer": "allow" },
    { scopes: ["ops:metrics"] },
  ),
} as const satisfies Record<string, Permission>;

export type PermissionName = keyof typeof permissions;
export const permissionNames = Object.keys(permissions) as PermissionName[];
