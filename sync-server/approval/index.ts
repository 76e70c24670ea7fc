export { waitingApprovals } from "./approvals.ts";
export { assertNotLast } from "./difference.ts";
