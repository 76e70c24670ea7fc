import { can } from "../access/can.ts";
import { permissionLabels } from "../access/permission-labels.ts";
import { type PermissionName, permissionNames } from "../access/permissions.ts";
import { clinicalRoles, type Role, type TokenScope } from "../access/roles.ts";
import { digest } from "../kernel/canonical.ts";
import { type Patient, patientName } from "../patient/index.ts";
import type {
  Approval,
  ApprovalDifference,
  ApprovalKind,
  ApprovalPayload,
  ComparedPatient,
} from "./approval.schema.ts";

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
  "factor.reset": "factor:reset",
  "token.register": "token:request",
  "patient.merge": "patient:merge",
  "patient.unmerge": "patient:merge",
};

/** The right one needs to ask for it. */
export const permissionToRequest = ({ kind }: Pick<ApprovalPayload, "kind">): PermissionName =>
  requestPermission[kind];

const practiceRoles: readonly Role[] = [...clinicalRoles, "front-desk"];

type Readers = readonly string[] | null;

const widens = (before: Readers, after: Readers): boolean =>
  before !== null && (after === null || after.some((id) => !before.includes(id)));

/** Whether somebody could open a chart afterwards who may not now: what lifting a restriction does (C16). */
const opensMore = ({ records }: ApprovalDifference): boolean =>
  records?.readers !== undefined &&
  (widens(records.readers.before.merged, records.readers.after.merged) ||
    widens(records.readers.before.kept, records.readers.after.kept));

/** Whether nobody at all could open the chart afterwards. */
export const leavesNoReader = ({ records }: ApprovalDifference): boolean =>
  records?.readers?.after.kept?.length === 0;

/**
 * Who may approve: the privacy officer for clinical and desk roles, the security officer for all other power; for two
 * records of one patient the administrator or the privacy officer, and the latter alone where a restriction is lifted.
 */
export function approverRoles({
  payload,
  difference,
}: Pick<Approval, "payload" | "difference">): readonly Role[] {
  switch (payload.kind) {
    case "role.grant":
    case "role.remove":
      return practiceRoles.includes(payload.role) ? ["privacy-officer"] : ["security-officer"];
    case "user.enable":
    case "factor.reset":
      return ["security-officer"];
    case "token.register":
      return payload.scopes.some((scope) => clinicalScopes.includes(scope))
        ? ["security-officer", "privacy-officer"]
        : ["security-officer"];
    case "patient.merge":
    case "patient.unmerge":
      return opensMore(difference) ? ["privacy-officer"] : ["administrator", "privacy-officer"];
  }
}

/** Whose reach grows; they never approve it themselves. */
export function beneficiaryOf(payload: ApprovalPayload): string | null {
  switch (payload.kind) {
    case "token.register":
      return payload.ownerId;
    case "patient.merge":
    case "patient.unmerge":
      return null;
    default:
      return payload.userId;
  }
}

export type MergePayload = Extract<ApprovalPayload, { kind: "patient.merge" | "patient.unmerge" }>;
export const isMerge = (payload: ApprovalPayload): payload is MergePayload =>
  payload.kind === "patient.merge" || payload.kind === "patient.unmerge";

/**
 * A request as this person may see it, or null. Requests about patients are for those who ask and those who decide:
 * practice IT has no demographics. Who may open a chart is only told to those who decide.
 */
export function shownApproval(
  approval: Approval,
  actor: { readonly id: string; readonly role: Role },
): Approval | null {
  const decision = can({ type: "user", ...actor, deviceId: null }, "approval:read");
  const mine = approval.requestedBy === actor.id;
  if (!decision.allowed || (decision.grant === "own" && !mine)) return null;
  const { records } = approval.difference;
  if (!records || deciders.includes(actor.role)) return approval;
  if (!mine) return null;
  const { readers: _, ...shown } = records;
  return { ...approval, difference: { ...approval.difference, records: shown } };
}
const deciders: readonly Role[] = ["administrator", "privacy-officer"];

type Compared = Pick<
  Patient,
  "id" | "givenName" | "familyName" | "preferredName" | "birthDate" | "sex" | "phone" | "email" | "address"
> & { readonly [K in "recordNumber" | "deceasedOn"]?: string | null | undefined }; // A column that was never set.

/** What tells whether two records are one person's. */
export const comparedPatient = (patient: Compared): ComparedPatient => ({
  id: patient.id,
  recordNumber: patient.recordNumber ?? null,
  name: patientName(patient),
  birthDate: patient.birthDate,
  sex: patient.sex,
  phone: patient.phone,
  email: patient.email,
  address: patient.address,
  deceasedOn: patient.deceasedOn ?? null,
});

export const approvalDigest = (payload: ApprovalPayload, difference: ApprovalDifference): string =>
  digest({ payload, difference });

export type ApproverVerdict = "may" | "role" | "self";

/** Whether somebody in a role may decide a request: never the one who asked or the one who gains. */
export function mayDecide(
  approval: Pick<Approval, "payload" | "difference" | "requestedBy" | "singlePerson">,
  person: { readonly id: string; readonly role: Role },
): ApproverVerdict {
  if (!approverRoles(approval).includes(person.role) && !approval.singlePerson) return "role";
  if (approval.singlePerson) return person.id === approval.requestedBy ? "may" : "role";
  if (person.id === approval.requestedBy || person.id === beneficiaryOf(approval.payload)) return "self";
  return "may";
}

/** Whether a request waits for somebody at this moment: for a decision, or for its own author to carry it out. */
export const waitsFor = (
  approval: Pick<
    Approval,
    "payload" | "difference" | "requestedBy" | "singlePerson" | "status" | "opensAt" | "closesAt"
  >,
  person: { readonly id: string; readonly role: Role },
  at: number,
): boolean => {
  if (Date.parse(approval.closesAt) <= at) return false;
  if (approval.status === "approved") return person.id === approval.requestedBy;
  const isOpen = approval.status === "requested" && Date.parse(approval.opensAt) <= at;
  return isOpen && mayDecide(approval, person) === "may";
};

/** What these roles together may do, as labels of the matrix. */
export const reachOf = (held: readonly Role[]): string[] =>
  permissionNames
    .filter((name) => held.some((role) => can({ type: "user", id: "", role, deviceId: null }, name).allowed))
    .map((name) => permissionLabels[name]);

/** What one set of roles may do and the other may not. */
export const reachBeyond = (after: readonly Role[], before: readonly Role[]): string[] => {
  const known = new Set(reachOf(before));
  return reachOf(after).filter((label) => !known.has(label));
};
