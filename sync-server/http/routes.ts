import { join } from "node:path";
import { permissions } from "#domain/access/permissions.ts";
import { approvalRoutes } from "#server/approval/approval.routes.ts";
import { auditRoutes } from "#server/audit/audit.routes.ts";
import { breakGlassRoutes } from "#server/break-glass/break-glass.routes.ts";
import { captureRoutes } from "#server/capture/capture.routes.ts";
import { deviceRoutes } from "#server/device/device.routes.ts";
import { emergencyAccessRoutes } from "#server/emergency-access/emergency-access.routes.ts";
import { accessRoutes } from "#server/identity/access.routes.ts";
import { accountRoutes } from "#server/identity/account.routes.ts";
import { passkeyRoutes } from "#server/identity/passkey.routes.ts";
import { sessionRoutes } from "#server/identity/session.routes.ts";
import { jobRoutes } from "#server/jobs/job.routes.ts";
import { operationsRoutes } from "#server/operations/operations.routes.ts";
import type { Practice } from "#server/practice/practice.ts";
import { quarantineRoutes } from "#server/quarantine/quarantine.routes.ts";
import { recordingRoutes } from "#server/recordings/recordings.routes.ts";
import { createUploads, type Uploads } from "#server/recordings/uploads.ts";
import { setUpRoutes } from "#server/set-up/set-up.routes.ts";
import { userRoutes } from "#server/staff/user.routes.ts";
import { syncRoutes } from "#server/sync/sync.routes.ts";
import { tokenRoutes } from "#server/token/token.routes.ts";
import { healthRoutes } from "./health.routes.ts";
import type { Metrics } from "./metrics.ts";
import { describeApi } from "./openapi.ts";
import { referencePage } from "./reference-page.ts";
import { type Route, route } from "./route.ts";

/** Every operation of the server. A request that matches none of them is not an operation. */
export const allRoutes = (practice: Practice, metrics: Metrics): Route[] =>
  routeTable(createUploads(practice, join(practice.config.JAMEMR_DATA, "uploads")), metrics);

/** The same table without a practice behind it: the generated reference reads what each route declares. */
export function routeTable(uploads: Uploads, metrics: Metrics): Route[] {
  const routes: Route[] = [
    ...healthRoutes(metrics),
    ...sessionRoutes,
    ...setUpRoutes,
    ...accountRoutes,
    ...passkeyRoutes,
    ...accessRoutes,
    ...syncRoutes,
    ...recordingRoutes(uploads),
    ...jobRoutes,
    ...auditRoutes,
    ...userRoutes,
    ...deviceRoutes,
    ...tokenRoutes,
    ...approvalRoutes,
    ...quarantineRoutes,
    ...emergencyAccessRoutes,
    ...breakGlassRoutes,
    ...captureRoutes,
    ...operationsRoutes,
  ];
  const about: Route[] = [
    route({
      method: "get",
      path: "/api/openapi.json",
      summary: "This interface, machine-readable",
      permission: "public",
      audit: { none: "documentation" },
      response: "bytes",
      handle: async () =>
        Response.json(describeApi([...routes, ...about]), { headers: { "cache-control": "no-store" } }),
    }),
    route({
      method: "get",
      path: "/api/docs",
      summary: "This interface, readable",
      permission: "public",
      audit: { none: "documentation" },
      response: "bytes",
      handle: async () =>
        new Response(referencePage([...routes, ...about]), {
          headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
        }),
    }),
  ];
  return [...routes, ...about];
}

/** The operations that need nobody: sign-in by password or passkey, the choice of a first password, the refresh (proven by the cookie), entering a new practice by its code, health, keys and documentation. */
export const publicRoutes: readonly string[] = [
  "get /healthz",
  "get /readyz",
  "get /.well-known/jwks.json",
  "post /api/session",
  "post /api/session/password",
  "post /api/session/refresh",
  "post /api/session/passkey/options",
  "post /api/session/passkey",
  "get /api/set-up",
  "post /api/set-up",
  "get /api/openapi.json",
  "get /api/docs",
];

/**
 * The operations a device may do in its own name: deliver sealed work, send the sealed sound it recorded, and ask and say
 * what has become of itself.
 */
const deviceRoutesByProof = {
  "any-device": /^(?:get \/api\/devices\/this|post \/api\/devices\/wiped)$/,
  device: /^post \/api\/sync\/deliver$/,
  "device-or-bearer": /^(?:post \/api\/recordings|(?:head|patch) \/api\/recordings\/\{upload\})$/,
} as const;

/** @throws when a route stands neither behind a permission nor on the public list: the server then does not start */
export function assertGuarded(routes: readonly Route[]): void {
  for (const { method, path, permission, proof } of routes) {
    const name = `${method} ${path}`;
    const declared =
      permission === "public" ? publicRoutes.includes(name) : Object.hasOwn(permissions, permission ?? "");
    if (!declared) throw new Error(`route ${name} declares no permission`);
    if (permission !== "public" && publicRoutes.includes(name))
      throw new Error(`route ${name} is on the public list and guarded`);
    if (proof && !deviceRoutesByProof[proof].test(name))
      throw new Error(`route ${name} may not be proven by a device alone`);
  }
}
