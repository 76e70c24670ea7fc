import type { Actor } from "#domain/access/can.ts";
import { can } from "#domain/access/can.ts";
import { permissionLabels } from "#domain/access/permission-labels.ts";
import { permissionNames } from "#domain/access/permissions.ts";
import { type Role, roles } from "#domain/access/roles.ts";
import { declaredRoutes } from "#server/http/declared-routes.ts";
import { isForDevices } from "#server/http/handle.ts";
import type { Route } from "#server/http/route.ts";
import {
  clinicalRoutes,
  endsOwnSession,
  guardedRoutes,
  isHarmless,
  routeName,
  type Verdict,
  verdictOf,
} from "#server/http/verdict.ts";
import { allRefused, type Expectation, NotApplicable, recordsOf, refused, statusOf } from "./expectation.ts";
import type { Answered } from "./server.ts";
import type { OpenSession, Tester } from "./tester.ts";

const actorIn = (role: Role): Actor => ({ type: "user", id: "", role, deviceId: null });

/** Let in, and then told that nothing there can be carried out, or shown what there is. */
const isLetIn = ({ status }: Answered): boolean =>
  ![401, 403, 405, 429].includes(status) && status >= 200 && status < 500;

const refusal = (route: Route, verdict: Exclude<Verdict, { allowed: true }>) => ({
  status: verdict.status,
  code: verdict.code,
  recorded: !isForDevices(route),
});

async function playAllowed(tester: Tester, role: Role, route: Route) {
  if (endsOwnSession(route)) return playSignOut(tester, role, route);
  if (!isHarmless(route)) throw new NotApplicable("it would begin something, so only its refusals are tried");
  const answer = await tester.askRoute(await tester.session(role), route);
  return { holds: isLetIn(answer), words: statusOf(answer), records: recordsOf([answer]) };
}

async function playSignOut(tester: Tester, role: Role, route: Route) {
  const session = await tester.signIn(role);
  const answer = await tester.askRoute(session, route);
  return { holds: answer.status === 204, words: statusOf(answer), records: recordsOf([answer]) };
}

/** A role and an operation: what the matrix says, the server answers. */
function routeExpectation(role: Role, route: Route): Expectation {
  const verdict = verdictOf(route, actorIn(role));
  return {
    id: `role/${role}/${routeName(route)}`,
    area: "roles",
    expected: verdict.allowed
      ? "let in"
      : `refused with ${verdict.status} ${verdict.code}${isForDevices(route) ? ": for devices alone" : ", on record"}`,
    play: async (tester) =>
      verdict.allowed
        ? playAllowed(tester, role, route)
        : refused(await tester.askRoute(await tester.session(role), route), refusal(route, verdict)),
  };
}

export const roleExpectations = (): Expectation[] =>
  roles.flatMap((role) => guardedRoutes(declaredRoutes).map((route) => routeExpectation(role, route)));

/** A role and a permission, asked of the server itself. */
export const permissionExpectations = (): Expectation[] =>
  roles.flatMap((role) =>
    permissionNames.map((permission): Expectation => {
      const verdict = can(actorIn(role), permission);
      return {
        id: `permission/${role}/${permission}`,
        area: "permissions",
        expected: `${permissionLabels[permission]}: ${verdict.allowed ? "yes" : "no, on record"}`,
        async play(tester) {
          const session = await tester.session(role);
          const answer = await tester.ask(session, "POST", "/api/access", { permission });
          if (!verdict.allowed) return refused(answer, { status: 403, code: verdict.code, recorded: true });
          return { holds: answer.status === 204, words: statusOf(answer), records: recordsOf([answer]) };
        },
      };
    }),
  );

/** What the desk sends: half a JSON, nothing, somebody's id. It has to learn nothing from the answers. */
const probes = ["{", "", '{"patientId":"x"}'] as const;

async function askDesk(tester: Tester, desk: OpenSession, route: Route) {
  const address = route.path.replace(/\{\w+\}/, "no%20id%20at%20all");
  const withBody = route.method === "post" || route.method === "patch";
  const answers: (Answered & { call: string })[] = [];
  for (const body of withBody ? probes : [undefined]) {
    const answer = await tester.ask(desk, route.method, address, body, {
      "content-type": "application/json",
    });
    answers.push({
      ...answer,
      call: body === undefined ? "without a body" : `with the body ${body || "(empty)"}`,
    });
  }
  return answers;
}

/** The desk is refused before a body or an id is looked at. */
export const deskExpectations = (): Expectation[] =>
  clinicalRoutes(declaredRoutes)
    .filter((route) => !isForDevices(route))
    .map((route) => ({
      id: `desk/${routeName(route)}`,
      area: "desk",
      expected: "refused with 403 forbidden whatever is sent, on record",
      async play(tester) {
        const answers = await askDesk(tester, await tester.session("front-desk"), route);
        return allRefused(answers, { status: 403, code: "forbidden", recorded: true });
      },
    }));
