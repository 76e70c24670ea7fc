export { ReasonField, requestApproval } from "./request-approval.tsx";
