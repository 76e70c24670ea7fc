import * as z from "zod";
import { approvalSchema } from "#domain/approval/index.ts";
import { now } from "#domain/kernel/clock.ts";
import { withdraw } from "./approval-expectations.ts";
import { allRefused, type Expectation, type Happened, NotApplicable, seen, statusOf } from "./expectation.ts";
import type { Answered } from "./server.ts";
import type { OpenSession, Tester } from "./tester.ts";
import { revoke } from "./token-expectations.ts";

const expectation = (
  id: string,
  expected: string,
  play: (tester: Tester) => Promise<Happened>,
): Expectation => ({ id: `closing/${id}`, area: "closing", expected, play });

async function withdrawAll(tester: Tester): Promise<void> {
  for (const [id, role] of [...tester.requests]) await withdraw(tester, role, id);
}

async function revokeAll(tester: Tester): Promise<void> {
  for (const { id } of tester.serviceTokens.issued)
    if (!tester.serviceTokens.revoked.has(id)) await revoke(tester, id);
}

/** All but the one that asks; most are ended already. */
async function endSessions(tester: Tester): Promise<void> {
  const keeper = await tester.anyone();
  for (const one of [...tester.opened]) {
    if (one === keeper) continue;
    tester.forget(one);
    const answer = await tester.ask(one, "DELETE", "/api/session");
    if (answer.code === "invalid_token") await endExpired(tester, one);
  }
}

/** Its token ran out, its cookie did not. */
async function endExpired(tester: Tester, one: OpenSession): Promise<void> {
  const answer = await tester.refresh(one);
  if (answer.status === 200) await tester.ask(tester.opens(one.role, answer), "DELETE", "/api/session");
}

/** Takes the self-test's own device out of the practice, or ends the last session on one that was lent. */
async function leaveDevice(tester: Tester): Promise<Answered> {
  const keeper = await tester.anyone();
  tester.forget(keeper);
  return tester.ownsDevice
    ? tester.ask(keeper, "POST", `/api/devices/${tester.deviceId}/revoke`, {})
    : tester.ask(keeper, "DELETE", "/api/session");
}

/** Closes whatever is still open, whatever went wrong before. */
export async function closeAll(tester: Tester): Promise<void> {
  if (tester.opened.length === 0 || tester.isClosed) return;
  for (const step of [withdrawAll, revokeAll, endSessions, leaveDevice])
    await step(tester).catch(() => {
      // The next step may still succeed; what could not be closed stands in the report.
    });
}

const requests = expectation("requests", "no request of the self-test is open", async (tester) => {
  const caller = await tester.session("administrator");
  await withdrawAll(tester);
  const answer = await tester.ask(caller, "GET", "/api/approvals");
  const listed = z.object({ approvals: z.array(approvalSchema) }).safeParse(answer.body).data?.approvals;
  if (!listed) return seen(false, `the list: ${statusOf(answer)}`, [answer]);
  const own = new Set(tester.roles.map((role) => tester.idOf(role)));
  const open = listed.filter(
    ({ status, requestedBy, reason }) =>
      ["requested", "approved"].includes(status) && own.has(requestedBy) && reason.startsWith("Self-test:"),
  );
  return seen(open.length === 0, open.length === 0 ? "none" : `open: ${open.map(({ id }) => id).join(", ")}`);
});

const tokens = expectation("tokens", "every service token of the self-test is revoked", async (tester) => {
  if (tester.serviceTokens.issued.length === 0) throw new NotApplicable("none was issued");
  await revokeAll(tester);
  const { issued, revoked } = tester.serviceTokens;
  const left = issued.filter(({ id }) => !revoked.has(id));
  return seen(
    left.length === 0,
    left.length === 0 ? `${issued.length} revoked` : `not revoked: ${left.map(({ id }) => id).join(", ")}`,
  );
});

const hasExpired = ({ openedAt, session }: OpenSession): boolean =>
  now() >= openedAt + session.expiresIn * 1000;

const sessions = expectation("sessions", "every session of the self-test is ended", async (tester) => {
  const last = await tester.anyone();
  await endSessions(tester);
  const answers: (Answered & { call: string })[] = [];
  for (const [number, one] of tester.opened.entries())
    if (one !== last && !hasExpired(one))
      answers.push({
        ...(await tester.ask(one, "GET", "/api/session")),
        call: `session ${number + 1}, ${one.role}`,
      });
  return allRefused(answers, { status: 401, code: "session_ended", recorded: false });
});

const device = expectation(
  "device",
  "the self-test's own device is removed (a lent one stays), and the last session on it ended",
  async (tester) => {
    const last = await tester.anyone();
    const left = await leaveDevice(tester);
    const answer = await tester.ask(last, "GET", "/api/session");
    const shut = answer.code === (tester.ownsDevice ? "device_revoked" : "session_ended");
    tester.isClosed = left.status === 204 && shut;
    return seen(tester.isClosed, `leaving: ${statusOf(left)}, afterwards ${statusOf(answer)}`, [answer]);
  },
);

export const closingExpectations = (): Expectation[] => [requests, tokens, sessions, device];
