import * as z from "zod";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { token, tokenSchema } from "#domain/token/index.ts";
import { type Route, type RouteContext, route } from "#server/http/route.ts";
import { shownRow } from "#server/sync/slice.ts";
import { TokenEntity } from "./token.entity.ts";

/** Changes a token of the registry and records it. */
async function decide(
  { practice, principal, requestId }: Pick<RouteContext, "practice" | "principal" | "requestId">,
  id: string,
  action: "token.revoked" | "token.confirmed",
  change: (token: TokenEntity) => void,
): Promise<void> {
  await practice.ledger.transact(async ({ em, audit }) => {
    const found = await em.findOne(TokenEntity, { id });
    if (!found) throw new DomainError("not_found");
    change(found);
    audit({ actor: principal.audit, action, outcome: "ok", resource: { type: "token", id }, requestId });
  });
}

export const tokenRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/tokens",
    summary: "The registry of service tokens",
    permission: "token:read",
    audit: { none: "the registry holds no clinical content" },
    response: z.object({ tokens: z.array(tokenSchema) }),
    handle: async ({ practice }) => {
      const found = await practice.database.em.fork().find(TokenEntity, {}, { orderBy: { id: "asc" } });
      return {
        tokens: found.map((entity) => shownRow(token, entity)),
      };
    },
  }),
  route({
    method: "post",
    path: "/api/tokens/{id}/revoke",
    about: "token",
    summary: "Revoke a service token at once",
    permission: "token:revoke",
    audit: "token.revoked",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({}),
    handle: (context) =>
      decide(context, context.params.id, "token.revoked", (token) => {
        token.revokedAt ??= instantNow();
      }),
  }),
  route({
    method: "post",
    path: "/api/tokens/{id}/confirm",
    about: "token",
    summary: "Let a service token work again after a restore",
    permission: "token:confirm",
    audit: "token.confirmed",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({}),
    handle: (context) =>
      decide(context, context.params.id, "token.confirmed", (token) => {
        token.unconfirmedAt = null;
      }),
  }),
];
