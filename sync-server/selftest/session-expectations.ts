import { type Role, roles } from "#domain/access/roles.ts";
import { monotonic, sleep } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { declaredRoutes } from "#server/http/declared-routes.ts";
import { isForDevices } from "#server/http/handle.ts";
import { guardedRoutes } from "#server/http/verdict.ts";
import { allRefused, type Expectation, type Happened, refused, seen, statusOf } from "./expectation.ts";
import { claimsOf } from "./service-token.ts";
import type { OpenSession, Tester } from "./tester.ts";

const bearerRoutes = guardedRoutes(declaredRoutes).filter((route) => !isForDevices(route));
const ended = { status: 401, code: "session_ended", recorded: false } as const;

/** Of an open session, as `/api/sessions` calls it. */
const sessionId = ({ session }: OpenSession): string => String(claimsOf(session.accessToken).jti);

const expectation = (
  id: string,
  expected: string,
  play: (tester: Tester) => Promise<Happened>,
): Expectation => ({ id: `session/${id}`, area: "sessions", expected, play });

const endFromElsewhere = async (tester: Tester, role: Role, session: OpenSession) =>
  tester.ask(await tester.session(role), "POST", `/api/sessions/${sessionId(session)}/end`, {});

const signedOut = expectation(
  "signed-out",
  "after signing out its token is refused everywhere with 401 session_ended",
  async (tester) => {
    const session = await tester.signIn("clinician");
    const answer = await tester.ask(session, "DELETE", "/api/session");
    if (answer.status !== 204) return seen(false, `signing out: ${statusOf(answer)}`);
    return allRefused(await tester.askAll(session, bearerRoutes), ended);
  },
);

const endedElsewhere = expectation(
  "ended-elsewhere",
  "ended from another session, its token is refused everywhere with 401 session_ended",
  async (tester) => {
    const session = await tester.signIn("clinician");
    await tester.assertWorks(session);
    const answer = await endFromElsewhere(tester, "clinician", session);
    if (answer.status !== 204) return seen(false, `ending it: ${statusOf(answer)}`, [answer]);
    return allRefused(await tester.askAll(session, bearerRoutes), ended);
  },
);

const endedCookies = expectation(
  "ended-cookie",
  "the cookie of an ended session continues nothing: 401 session_ended",
  async (tester) => {
    const session = await tester.signIn("clinician");
    await tester.ask(session, "DELETE", "/api/session");
    const answer = await tester.refresh(session);
    if (answer.status === 200) tester.opens("clinician", answer);
    return refused(answer, ended);
  },
);

const endedStream = expectation(
  "ended-stream",
  "a live stream ends within 2 seconds of its session",
  async (tester) => {
    const session = await tester.signIn("clinician");
    const stream = await tester.server.listen({
      method: "GET",
      path: "/api/sync/events",
      headers: { authorization: session.authorization },
    });
    try {
      const answer = await endFromElsewhere(tester, "clinician", session);
      if (stream.status !== 200 || answer.status !== 204)
        return seen(false, `the stream: ${stream.status}, ending its session: ${statusOf(answer)}`, [answer]);
      const since = monotonic();
      const closed = await Promise.race([stream.ended.then(() => true), sleep(2000).then(() => false)]);
      return seen(closed, closed ? `after ${Math.round(monotonic() - since)} ms` : "open after 2 seconds");
    } finally {
      stream.stop();
    }
  },
);

const othersSession = expectation(
  "not-anothers",
  "a clinician cannot end a colleague's session: 403 not_yours, on record",
  async (tester) => {
    const answer = await endFromElsewhere(tester, "clinician", await tester.session("nurse"));
    return refused(answer, { status: 403, code: "not_yours", recorded: true });
  },
);

const reused = expectation(
  "cookie-used-twice",
  "a copied cookie ends the whole session: 401 refresh_reused, then 401 session_ended",
  async (tester) => {
    const first = await tester.signIn("clinician");
    const second = tester.opens("clinician", await tester.refresh(first));
    const third = tester.opens("clinician", await tester.refresh(second));
    const copied = await tester.refresh(first);
    if (copied.status === 200) tester.opens("clinician", copied);
    const after = await tester.ask(third, "GET", "/api/session");
    return seen(
      copied.code === "refresh_reused" && after.code === "session_ended",
      `the copy ${statusOf(copied)}, then the session ${statusOf(after)}`,
    );
  },
);

const otherDevice = expectation(
  "cookie-on-another-device",
  "a cookie on another device ends the session: 401 refresh_reused",
  async (tester) => {
    const answer = await tester.refresh(await tester.signIn("clinician"), newId());
    if (answer.status === 200) tester.opens("clinician", answer);
    return refused(answer, { status: 401, code: "refresh_reused", recorded: false });
  },
);

const cookie = expectation(
  "cookie-out-of-reach",
  "the cookie is for this origin, HTTPS and the server alone (__Host-, Secure, HttpOnly, SameSite=Strict)",
  async (tester) => {
    const { setCookie } = await tester.session("clinician");
    const missing = ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"].filter(
      (attribute) => !setCookie.split("; ").includes(attribute),
    );
    if (!setCookie.startsWith("__Host-")) missing.unshift("__Host-");
    return seen(missing.length === 0, missing.length === 0 ? "so it is" : `without ${missing.join(", ")}`);
  },
);

const unheldRole = expectation(
  "role-not-held",
  "a session takes on no role that its person does not hold: 403 role_not_held, on record",
  async (tester) => {
    const session = await tester.signIn("front-desk");
    const unheld = roles.find((role) => !session.session.user.roles.includes(role))!;
    const answer = await tester.ask(session, "POST", "/api/session/role", { role: unheld });
    return refused(answer, { status: 403, code: "role_not_held", recorded: true });
  },
);

const stranger = expectation(
  "unknown-name",
  "an unknown name cannot sign in, and is not told that it is unknown: 401 wrong_credentials",
  async (tester) => {
    tester.person("clinician");
    const answer = await tester.ask(null, "POST", "/api/session", {
      username: `selftest-${newId()}`,
      password: "not the password of anybody",
      device: { id: tester.deviceId, name: "Self-test" },
    });
    return refused(answer, { status: 401, code: "wrong_credentials", recorded: false });
  },
);

export const sessionExpectations = (): Expectation[] => [
  signedOut,
  endedElsewhere,
  endedCookies,
  endedStream,
  othersSession,
  reused,
  otherDevice,
  cookie,
  unheldRole,
  stranger,
];
