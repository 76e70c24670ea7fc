export {
  approvalDigest,
  approvalTimes,
  approverRoles,
  beneficiaryOf,
  clinicalScopes,
  mayDecide,
  neverEmpty,
  permissionToRequest,
  reachBeyond,
  tokenDays,
} from "./approval.rules.ts";
export {
  type Approval,
  type ApprovalDifference,
  type ApprovalKind,
  type ApprovalPayload,
  type ApprovalStatus,
  approvalDecisionSchema,
  approvalPayloadSchema,
  approvalSchema,
  approvalStatuses,
} from "./approval.schema.ts";
