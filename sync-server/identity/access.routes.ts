import * as z from "zod";
import { can } from "#domain/access/can.ts";
import { type PermissionName, permissionNames } from "#domain/access/permissions.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { type CollectionName, collectionNames } from "#domain/registry.ts";
import { DeniedAttempt } from "#server/audit/attempt.ts";
import { type Route, route } from "#server/http/route.ts";

export const accessRoutes: Route[] = [
  route({
    method: "post",
    path: "/api/access",
    summary:
      "Ask whether the role allows something; a refusal is recorded and answered with its audit number",
    permission: "session:use",
    audit: { none: "a refusal is recorded as access.denied; an answer of yes does nothing yet" },
    body: z.strictObject({
      permission: z.enum(permissionNames as [PermissionName, ...PermissionName[]]),
      /** What it was asked for. Whose record that is, is looked up here. */
      subject: z
        .strictObject({
          type: z.enum(collectionNames as [CollectionName, ...CollectionName[]]),
          id: idSchema,
        })
        .optional(),
    }),
    limit: 1024,
    handle: async ({ principal, body }) => {
      const decision = can(principal.actor, body.permission);
      if (!decision.allowed) throw new DeniedAttempt(decision.code, body.permission, body.subject);
    },
  }),
];
