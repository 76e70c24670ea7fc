/** The roles a person may hold. A session works in exactly one of them at a time. */
export const roles = [
  "clinician",
  "nurse",
  "front-desk",
  "administrator",
  "practice-it",
  "privacy-officer",
  "security-officer",
] as const;
export type Role = (typeof roles)[number];

export const clinicalRoles: readonly Role[] = ["clinician", "nurse"];

/** What a registered service token may be given. Tokens have scopes, never roles. */
export const tokenScopes = [
  "demographics:read",
  "demographics:write",
  "schedule:read",
  "schedule:write",
  "results:write",
  "ai:work",
  "documents:ingest",
  "fhir:bulk",
  "audit:witness",
  "ops:metrics",
  "backup:run",
] as const;
export type TokenScope = (typeof tokenScopes)[number];
