export { waitingApprovals } from "./approvals.ts";
export { assertNotLast } from "./difference.ts";
export { countStanding, voidStanding } from "./void-requests.ts";
