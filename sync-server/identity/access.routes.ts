import * as z from "zod";
import { can } from "#domain/access/can.ts";
import { type PermissionName, permissionNames } from "#domain/access/permissions.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { type Route, route } from "#server/http/route.ts";

export const accessRoutes: Route[] = [
  route({
    method: "post",
    path: "/api/access",
    summary:
      "Ask whether the role allows something; a refusal is recorded and answered with its audit number",
    permission: "session:use",
    audit: { none: "a refusal is recorded as access.denied; an answer of yes does nothing yet" },
    body: z.strictObject({ permission: z.enum(permissionNames as [PermissionName, ...PermissionName[]]) }),
    limit: 1024,
    handle: async ({ principal, body }) => {
      const decision = can(principal.actor, body.permission);
      if (!decision.allowed) throw new DomainError(decision.code);
    },
  }),
];
