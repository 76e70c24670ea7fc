import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { Hono } from "hono";
import { DomainError } from "#domain/errors/catalog.ts";
import { monotonic } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { answer } from "./http/handle.ts";
import { createMetrics } from "./http/metrics.ts";
import { problemResponse } from "./http/problem.ts";
import type { Route } from "./http/route.ts";
import { allRoutes, assertGuarded } from "./http/routes.ts";
import { type Addresses, checkOrigin, secureHeaders } from "./http/security.ts";
import { systemCode } from "./operations/operation-error.ts";
import type { Practice } from "./practice/practice.ts";

export interface AppOptions {
  /** Where the page's files were built; absent in tests that only speak HTTP. */
  readonly pages?: string;
  /** Read at each request, because the ports are known only once the server listens. */
  addresses(): Addresses;
  /** Extra routes: tests add one to prove that an undeclared permission stops the start. */
  readonly extra?: readonly Route[];
}

/** What the listener knows of a request: an address in it would be only what the caller claims. */
export interface AppBindings {
  /** It came by the plain HTTP port of this machine. */
  readonly atMachine?: boolean;
}
export type App = Hono<{ Bindings: AppBindings }>;

const honoPath = (path: string): string => path.replace(/\{(\w+)\}/g, ":$1");

/** The whole server as one function from request to response. */
export function createApp(practice: Practice, options: AppOptions): App {
  const metrics = createMetrics(practice);
  const routes = [...allRoutes(practice, metrics), ...(options.extra ?? [])];
  assertGuarded(routes);
  const app = new Hono<{ Bindings: AppBindings }>({ strict: true });

  app.use("*", async (context, next) => {
    const started = monotonic();
    try {
      checkOrigin(context.req.raw, options.addresses());
      await next();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      context.res = problemResponse(error, newId());
    }
    secureHeaders(context.res.headers, new URL(context.req.url));
    metrics.request(context.req.routePath, context.res.status, (monotonic() - started) / 1000);
  });

  for (const route of routes) {
    // Hono answers HEAD from GET handlers; the upload protocol needs a HEAD of its own.
    const method = route.method === "head" ? "GET" : route.method.toUpperCase();
    app.on(method, honoPath(route.path), (context) => {
      const wrong = route.method === "head" && context.req.raw.method !== "HEAD";
      if (wrong) return problemResponse(new DomainError("method_not_allowed"), newId());
      return answer(practice, route, context.req.raw, context.req.param(), context.env?.atMachine === true);
    });
  }
  for (const path of new Set(routes.map((route) => honoPath(route.path))))
    app.all(path, () => problemResponse(new DomainError("method_not_allowed"), newId()));
  app.all("/api/*", () => problemResponse(new DomainError("not_found"), newId()));
  app.get("*", (context) => page(options.pages, context.req.path));
  app.notFound(() => problemResponse(new DomainError("not_found"), newId()));
  app.onError((error) => {
    practice.log.error({ err: error.message.split("\n")[0] }, "request failed outside its route");
    return problemResponse(new DomainError("internal_error"), newId());
  });
  return app;
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".map": "application/json",
};

/** The file an address names; null for an address that can name none (half an escape, a NUL). */
function fileOf(root: string, path: string): string | null {
  try {
    const name = decodeURI(path);
    return name.includes("\u0000") ? null : normalize(join(root, name));
  } catch {
    return null;
  }
}

/** A file of the page, or the page itself for its own addresses (`/today`, `/patients/…`). */
async function page(root: string | undefined, path: string): Promise<Response> {
  if (!root) return problemResponse(new DomainError("not_found"), newId());
  const wanted = fileOf(root, path);
  if (wanted === null) return problemResponse(new DomainError("not_found"), newId());
  const extension = extname(wanted);
  const inside = wanted.startsWith(normalize(root) + sep);
  const file = inside && extension ? wanted : join(root, "index.html");
  try {
    const body = await readFile(file);
    const immutable = path.startsWith("/assets/") && file === wanted;
    return new Response(new Uint8Array(body), {
      headers: {
        "content-type": types[extname(file)] ?? "application/octet-stream",
        "cache-control": immutable ? "public, max-age=31536000, immutable" : "no-cache",
      },
    });
  } catch (error) {
    if (["ENOENT", "EISDIR", "ENOTDIR", "ENAMETOOLONG"].includes(systemCode(error)))
      return problemResponse(new DomainError("not_found"), newId());
    throw error;
  }
}
