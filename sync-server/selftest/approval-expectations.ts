import * as z from "zod";
import type { Role } from "#domain/access/roles.ts";
import { type Approval, type ApprovalPayload, approvalSchema } from "#domain/approval/index.ts";
import { type Expectation, type Happened, NotApplicable, refused, seen, statusOf } from "./expectation.ts";
import type { Answered } from "./server.ts";
import { SELF_TEST_SCOPE } from "./service-token.ts";
import type { Tester } from "./tester.ts";

const REASON = "Self-test: nothing of this is to be carried out";
const executedSchema = z.object({ approval: approvalSchema, token: z.string().optional() });

/** Files a request and remembers it, so that it does not stay open. */
async function file(tester: Tester, role: Role, payload: ApprovalPayload): Promise<Approval> {
  const answer = await tester.ask(await tester.session(role), "POST", "/api/approvals", {
    payload,
    reason: REASON,
  });
  const approval = approvalSchema.safeParse(answer.body).data;
  if (answer.status === 409) throw new NotApplicable(`there is nothing to ask for: ${statusOf(answer)}`);
  if (!approval) throw new Error(`the request could not be filed: ${statusOf(answer)}`);
  tester.requests.set(approval.id, role);
  return approval;
}

/** By the one who asked. */
export async function withdraw(tester: Tester, role: Role, id: string): Promise<Answered> {
  const answer = await tester.ask(await tester.session(role), "POST", `/api/approvals/${id}/decision`, {
    decision: "withdraw",
  });
  if (answer.status === 200) tester.requests.delete(id);
  return answer;
}

const approve = async (tester: Tester, role: Role, { id, digest }: Approval, change: object = {}) =>
  tester.ask(await tester.session(role), "POST", `/api/approvals/${id}/decision`, {
    decision: "approve",
    digest,
    password: tester.person(role).password,
    ...change,
  });

const execute = async (tester: Tester, role: Role, { id }: Approval) =>
  tester.ask(await tester.session(role), "POST", `/api/approvals/${id}/execute`, {
    password: tester.person(role).password,
  });

const newToken = (ownerId: string | null): ApprovalPayload => ({
  kind: "token.register",
  purpose: "Self-test, revoked at its end",
  scopes: [SELF_TEST_SCOPE],
  days: 1,
  ownerId,
});

const idOf = async (tester: Tester, role: Role): Promise<string> =>
  (await tester.session(role)).session.user.id;

/** Files a request, plays with it, withdraws it. */
async function withRequest(
  tester: Tester,
  payload: ApprovalPayload,
  play: (approval: Approval) => Promise<Happened>,
): Promise<Happened> {
  const approval = await file(tester, "administrator", payload);
  try {
    return await play(approval);
  } finally {
    await withdraw(tester, "administrator", approval.id);
  }
}

/** A request for a token that somebody else may decide about at once. */
const withNewToken = (tester: Tester, play: (approval: Approval) => Promise<Happened>): Promise<Happened> =>
  withRequest(tester, newToken(null), async (approval) => {
    assertDecidable(approval);
    return play(approval);
  });

function assertDecidable({ singlePerson }: Approval): void {
  if (singlePerson) throw new NotApplicable("the practice has nobody else who could approve");
}

/** By the one who would gain. Where nobody else could approve either, nobody but the one who asked may. */
const byBeneficiary = async (tester: Tester, role: Role, approval: Approval): Promise<Happened> =>
  refused(
    await approve(tester, role, approval),
    refusal(403, approval.singlePerson ? "forbidden" : "self_approval"),
  );

const refusal = (status: number, code: string, recorded = status === 403) => ({ status, code, recorded });

type Play = (tester: Tester) => Promise<Happened>;
const expectation = (id: string, expected: string, play: Play): Expectation => ({
  id: `approval/${id}`,
  area: "approvals",
  expected,
  play,
});

const beforeApproval: readonly Expectation[] = [
  expectation("own-request", "who asked cannot approve: 403, on record", (tester) =>
    withNewToken(tester, async (approval) =>
      refused(await approve(tester, "administrator", approval), refusal(403, "forbidden")),
    ),
  ),
  expectation("own-token", "who would own the token cannot approve it: 403, on record", async (tester) =>
    withRequest(tester, newToken(await idOf(tester, "security-officer")), (approval) =>
      byBeneficiary(tester, "security-officer", approval),
    ),
  ),
  expectation("own-role", "who would gain a role cannot approve it: 403, on record", async (tester) => {
    const userId = await idOf(tester, "privacy-officer");
    return withRequest(tester, { kind: "role.grant", userId, role: "nurse" }, (approval) =>
      byBeneficiary(tester, "privacy-officer", approval),
    );
  }),
  expectation(
    "alone-after-a-day",
    "what nobody else could approve, the one who asked cannot confirm before a day is over: 409 approval_not_open",
    async (tester) =>
      withRequest(tester, newToken(await idOf(tester, "security-officer")), async (approval) => {
        if (!approval.singlePerson) throw new NotApplicable("the practice has another security officer");
        return refused(await approve(tester, "administrator", approval), refusal(409, "approval_not_open"));
      }),
  ),
  expectation("other-role", "a role that approves nothing of the kind cannot: 403, on record", (tester) =>
    withNewToken(tester, async (approval) =>
      refused(await approve(tester, "practice-it", approval), refusal(403, "forbidden")),
    ),
  ),
  expectation(
    "may-not-ask",
    "a role that may not ask for a token is refused: 403, on record",
    async (tester) => {
      const payload = newToken(null);
      const clinician = await tester.session("clinician");
      const answer = await tester.ask(clinician, "POST", "/api/approvals", { payload, reason: REASON });
      const filed = approvalSchema.safeParse(answer.body).data;
      if (filed) tester.requests.set(filed.id, "clinician");
      return refused(answer, refusal(403, "forbidden"));
    },
  ),
  expectation(
    "not-approved",
    "nothing is carried out before it is approved: 409 approval_not_open",
    (tester) =>
      withNewToken(tester, async (approval) => {
        const answer = await execute(tester, "administrator", approval);
        tester.serviceTokens.keep(answer);
        return refused(answer, refusal(409, "approval_not_open"));
      }),
  ),
  expectation(
    "not-what-was-shown",
    "an approval of something else than was shown: 409 approval_changed",
    (tester) =>
      withNewToken(tester, async (approval) =>
        refused(
          await approve(tester, "security-officer", approval, { digest: "0".repeat(approval.digest.length) }),
          refusal(409, "approval_changed"),
        ),
      ),
  ),
  expectation("without-password", "an approval with a wrong password: 401 wrong_credentials", (tester) =>
    withNewToken(tester, async (approval) =>
      refused(
        await approve(tester, "security-officer", approval, { password: "not the password" }),
        refusal(401, "wrong_credentials"),
      ),
    ),
  ),
  expectation("withdrawn", "what was withdrawn cannot be approved: 409 approval_not_open", (tester) =>
    withNewToken(tester, async (approval) => {
      await withdraw(tester, "administrator", approval.id);
      return refused(await approve(tester, "security-officer", approval), refusal(409, "approval_not_open"));
    }),
  ),
];

/** One request goes all the way: its token is what the expectations about tokens need. */
const approved = expectation(
  "second-person",
  "another person approves, and the one who asked carries it out once",
  async (tester) => {
    const approval = await file(tester, "administrator", newToken(null));
    assertDecidable(approval);
    const decision = await approve(tester, "security-officer", approval);
    if (decision.status !== 200) return seen(false, `the approval: ${statusOf(decision)}`, [decision]);
    const foreign = await execute(tester, "practice-it", approval);
    tester.serviceTokens.keep(foreign);
    if (foreign.code !== "not_yours")
      return seen(false, `carried out by another: ${statusOf(foreign)}`, [foreign]);
    const first = await execute(tester, "administrator", approval);
    const second = await execute(tester, "administrator", approval);
    const token = executedSchema.safeParse(first.body).data?.token;
    tester.serviceTokens.keep(first);
    tester.serviceTokens.keep(second);
    if (token !== undefined) tester.requests.delete(approval.id);
    const again = executedSchema.safeParse(second.body).data?.token;
    const words = `by another ${statusOf(foreign)}, first ${statusOf(first)}, again ${statusOf(second)}`;
    return seen(
      token !== undefined && again === undefined,
      again === undefined ? words : `${words} with a second token`,
      [foreign],
    );
  },
);

export const approvalExpectations = (): Expectation[] => [...beforeApproval, approved];
