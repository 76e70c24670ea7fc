import { type Actor, can } from "#domain/access/can.ts";
import { type PermissionName, permissions } from "#domain/access/permissions.ts";
import type { ErrorCode } from "#domain/errors/catalog.ts";
import { newId } from "#domain/kernel/id.ts";
import { isForDevices } from "./handle.ts";
import type { Method, Route } from "./route.ts";

/** What the declarations promise about a call: the tests and the self-test hold a server to it. */
export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly status: 401 | 403; readonly code: ErrorCode };

/** @param route one that is not public */
export function verdictOf(route: Route, actor: Actor): Verdict {
  if (isForDevices(route)) return { allowed: false, status: 401, code: "unauthenticated" };
  const decision = can(actor, route.permission as PermissionName);
  return decision.allowed ? { allowed: true } : { allowed: false, status: 403, code: decision.code };
}

/** `get /api/users` */
export const routeName = ({ method, path }: Pick<Route, "method" | "path">): string => `${method} ${path}`;

/** Whether a call without any body ends the session that makes it. */
export const endsOwnSession = (route: Pick<Route, "method" | "path">): boolean =>
  routeName(route) === "delete /api/session";

/** What somebody has to be for, signing out last: it ends the session the others need. */
export const guardedRoutes = (routes: readonly Route[]): Route[] =>
  routes
    .filter(({ permission }) => permission !== "public")
    .sort((a, b) => Number(endsOwnSession(a)) - Number(endsOwnSession(b)));

/** Everything clinical, and whatever belongs to the AI. */
export const clinicalRoutes = (routes: readonly Route[]): Route[] =>
  routes.filter(
    ({ permission, path }) =>
      /^\/api\/(?:ai|recordings)/.test(path) || (permission !== "public" && permissions[permission].clinical),
  );

/** An address that names nothing there is. */
export const unknownAddress = ({ path }: Pick<Route, "path">): string =>
  path.replace("{upload}", "nonsense").replace("{id}", newId()) +
  (path.endsWith("jobs/{id}/audio") ? "?part=0" : "");

/** A body that no operation takes. */
export const nonsense = { nonsense: true } as const;

const reading: readonly Method[] = ["get", "head", "options"];

/** Whether a call with {@link nonsense} at an {@link unknownAddress} changes nothing even for somebody who may make it. */
export const isHarmless = ({ method, body }: Pick<Route, "method" | "body">): boolean =>
  reading.includes(method) || body?.safeParse(nonsense).success === false;

/** Other ways to write `/api/users`, none of which may lead to it past its permission. */
export const addressTricks: readonly string[] = [
  "//api/users",
  "/api//users",
  "/API/users",
  "/api/users/",
  "/api/%75sers",
  "/api/./users",
  "/api/users%00",
  "/api/users;x",
  "/api/session/../users",
  "/api/x",
];
