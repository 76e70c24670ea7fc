import { declaredRoutes as routes } from "#server/http/declared-routes.ts";
import type { Route } from "#server/http/route.ts";
import { publicRoutes } from "#server/http/routes.ts";
import { code, page, paragraph, table } from "./markdown.ts";

const areas: readonly (readonly [heading: string, pattern: RegExp])[] = [
  ["Session and access", /^\/api\/(?:session|access)/],
  ["Sync", /^\/api\/sync/],
  ["Recordings", /^\/api\/recordings/],
  ["AI nodes", /^\/api\/ai/],
  ["Audit", /^\/api\/audit/],
  ["People, devices, tokens", /^\/api\/(?:users|devices|tokens)/],
  ["Health, keys, documentation", /./],
];

const areaOf = ({ path }: Route): string => areas.find(([, pattern]) => pattern.test(path))![0];

function caller({ permission, proof }: Route): string {
  if (proof === "device" || proof === "any-device") return "the device key";
  return permission === "public" ? "anybody" : code(permission);
}

const row = (route: Route): string[] => [
  code(`${route.method.toUpperCase()} ${route.path}`),
  route.summary,
  caller(route),
  typeof route.audit === "string" ? code(route.audit) : `none: ${route.audit.none}`,
];

/** docs/reference/routes.md */
export const routesPage = (): string =>
  page(
    "HTTP routes",
    "the route table of sync-server",
    paragraph(
      `Every operation of the server, ${routes.length} in all. A request that matches none of them is answered with 404 and does ` +
        "nothing. The permission is judged before the body or an id is looked at; a route without one stops the server from " +
        `starting, except the ${publicRoutes.length} that are open to anybody. A running server shows the same with all shapes at ` +
        "`/api/docs` and, for programs, `/api/openapi.json` (`x-permission`, `x-audit`).",
    ),
    ...areas.flatMap(([heading]) => [
      `## ${heading}`,
      table(
        ["Operation", "What", "Permission (x-permission)", "Audit record (x-audit)"],
        routes.filter((route) => areaOf(route) === heading).map(row),
      ),
    ]),
  );
