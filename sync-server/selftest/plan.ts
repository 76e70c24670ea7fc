import { approvalExpectations } from "./approval-expectations.ts";
import { auditExpectations } from "./audit-expectations.ts";
import { closingExpectations } from "./closing-expectations.ts";
import type { Expectation } from "./expectation.ts";
import { interfaceExpectations } from "./interface-expectations.ts";
import { deskExpectations, permissionExpectations, roleExpectations } from "./role-expectations.ts";
import { sessionExpectations } from "./session-expectations.ts";
import { tokenExpectations } from "./token-expectations.ts";
import { transportExpectations } from "./transport-expectations.ts";

/**
 * Every expectation in the order in which they are played: approvals issue the token that the tokens need, the log is judged
 * when everything has left its records, and closing comes last.
 */
export const plan = (): Expectation[] => [
  ...transportExpectations(),
  ...interfaceExpectations(),
  ...roleExpectations(),
  ...permissionExpectations(),
  ...deskExpectations(),
  ...approvalExpectations(),
  ...tokenExpectations(),
  ...sessionExpectations(),
  ...auditExpectations(),
  ...closingExpectations(),
];
