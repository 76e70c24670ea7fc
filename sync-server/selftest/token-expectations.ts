import type { Actor } from "#domain/access/can.ts";
import { now, sleep } from "#domain/kernel/clock.ts";
import { declaredRoutes } from "#server/http/declared-routes.ts";
import { isForDevices } from "#server/http/handle.ts";
import { guardedRoutes, isHarmless, routeName, verdictOf } from "#server/http/verdict.ts";
import { allRefused, type Expectation, NotApplicable, recordsOf, refused, statusOf } from "./expectation.ts";
import { type Forgery, forgeries } from "./forged-tokens.ts";
import { SELF_TEST_SCOPE } from "./service-token.ts";
import type { Tester } from "./tester.ts";

const everywhere = guardedRoutes(declaredRoutes);
/** Where a token is looked at at all. */
const forTokens = everywhere.filter((route) => !isForDevices(route));

const invalid = { status: 401, code: "invalid_token", recorded: true } as const;

const nobody: Expectation = {
  id: "token/none",
  area: "tokens",
  expected: "without a token every guarded operation is refused with 401 unauthenticated",
  async play(tester) {
    const answers = await tester.askAll(null, everywhere);
    return allRefused(answers, { status: 401, code: "unauthenticated", recorded: false });
  },
};

const forged = ({ id, what, make }: Forgery): Expectation => ({
  id: `token/${id}`,
  area: "tokens",
  expected: `${what}: refused everywhere with 401 invalid_token, on record`,
  async play(tester) {
    // One of its own: a forgery that works could end it.
    const session = await tester.signIn(tester.roles[0]!);
    await tester.assertWorks(session);
    const token = await make(tester, session);
    return allRefused(await tester.askAll(`Bearer ${token}`, forTokens), invalid);
  },
});

const asQuestion: Expectation = {
  id: "token/in-the-address",
  area: "tokens",
  expected: "a good token in the address instead of the header: refused with 401 unauthenticated",
  async play(tester) {
    const { session } = await tester.anyone();
    const path = `/api/session?access_token=${session.accessToken}`;
    return refused(await tester.ask(null, "GET", path), {
      status: 401,
      code: "unauthenticated",
      recorded: false,
    });
  },
};

/** The self-test's own token has one scope: what that does not open stays shut. */
const scoped = forTokens.map((route): Expectation => {
  const actor: Actor = { type: "token", id: "", scopes: [SELF_TEST_SCOPE] };
  const verdict = verdictOf(route, actor);
  return {
    id: `scope/${SELF_TEST_SCOPE}/${routeName(route)}`,
    area: "tokens",
    expected: verdict.allowed ? "let in" : `refused with ${verdict.status} ${verdict.code}, on record`,
    async play(tester) {
      const { authorization } = tester.serviceTokens.first;
      if (verdict.allowed && !isHarmless(route)) throw new NotApplicable("it would begin something");
      const answer = await tester.askRoute(authorization, route);
      if (!verdict.allowed) return refused(answer, { ...verdict, recorded: true });
      return { holds: answer.status === 200, words: statusOf(answer), records: recordsOf([answer]) };
    },
  };
});

const revoked: Expectation = {
  id: "token/revoked",
  area: "tokens",
  expected: "a service token that was revoked: refused everywhere at once with 401 token_revoked, on record",
  async play(tester) {
    const token = tester.serviceTokens.first;
    const answer = await revoke(tester, token.id);
    if (answer.status !== 204) return { holds: false, words: `revoking it: ${statusOf(answer)}` };
    const answers = await tester.askAll(token.authorization, forTokens);
    return allRefused(answers, { status: 401, code: "token_revoked", recorded: true });
  },
};

export async function revoke(tester: Tester, id: string) {
  const answer = await tester.ask(
    await tester.session("security-officer"),
    "POST",
    `/api/tokens/${id}/revoke`,
    {},
  );
  if (answer.status === 204) tester.serviceTokens.revoked.add(id);
  return answer;
}

const expired: Expectation = {
  id: "token/expired",
  area: "tokens",
  expected: "an access token whose time is over: refused everywhere with 401 invalid_token, on record",
  async play(tester) {
    tester.person(tester.roles[0]!);
    if (!tester.waits) throw new NotApplicable("it takes ten minutes: say --wait");
    const open = await tester.signIn(tester.roles[0]!);
    await tester.assertWorks(open);
    const { authorization, session, openedAt } = open;
    // A second more: the server counts in whole ones.
    await sleep(openedAt + (session.expiresIn + 1) * 1000 - now());
    return allRefused(await tester.askAll(authorization, forTokens), invalid);
  },
};

export const tokenExpectations = (): Expectation[] => [
  nobody,
  ...forgeries.map(forged),
  asQuestion,
  ...scoped,
  revoked,
  expired,
];
