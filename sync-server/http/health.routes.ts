import * as z from "zod";
import { DomainError } from "#domain/errors/catalog.ts";
import { type Route, route } from "./route.ts";

/** What load balancers, the launcher and other programs ask first. */
export const healthRoutes = (metrics: { contentType: string; text(): Promise<string> }): Route[] => [
  route({
    method: "get",
    path: "/healthz",
    summary: "The process is alive",
    permission: "public",
    audit: { none: "says nothing about anybody" },
    response: z.object({ status: z.literal("ok") }),
    handle: async () => ({ status: "ok" }),
  }),
  route({
    method: "get",
    path: "/readyz",
    summary: "The database answers",
    permission: "public",
    audit: { none: "says nothing about anybody" },
    response: z.object({ status: z.literal("ready") }),
    handle: async ({ practice }) => {
      await practice.database.em
        .fork()
        .execute("select 1")
        .catch((cause: unknown) => {
          throw Object.assign(new DomainError("database_unavailable"), { cause });
        });
      return { status: "ready" };
    },
  }),
  route({
    method: "get",
    path: "/metrics",
    summary: "Prometheus metrics, without clinical data",
    permission: "ops:metrics",
    audit: { none: "numbers only" },
    response: "bytes",
    handle: async () =>
      new Response(await metrics.text(), {
        headers: { "content-type": metrics.contentType, "cache-control": "no-store" },
      }),
  }),
  route({
    method: "get",
    path: "/.well-known/jwks.json",
    summary: "Public keys that sign this practice's tokens",
    permission: "public",
    audit: { none: "public keys" },
    response: z.object({ keys: z.array(z.looseObject({ kid: z.string() })) }),
    handle: async ({ practice }) => ({ keys: [practice.keys.signing.publicJwk] }),
  }),
];
