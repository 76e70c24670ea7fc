import { DomainError } from "#domain/errors/catalog.ts";

/** No inline script, no foreign origin, no string that becomes code. `wasm-unsafe-eval` is for Argon2id. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types jamemr",
].join("; ");

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

export function secureHeaders(headers: Headers, url: URL): void {
  headers.set("content-security-policy", contentSecurityPolicy);
  headers.set("x-content-type-options", "nosniff");
  headers.set("x-frame-options", "DENY");
  headers.set("referrer-policy", "no-referrer");
  headers.set("cross-origin-opener-policy", "same-origin");
  headers.set("cross-origin-resource-policy", "same-origin");
  headers.set(
    "permissions-policy",
    "microphone=(self), camera=(self), screen-wake-lock=(self), geolocation=()",
  );
  if (url.protocol === "https:" && !loopback.has(url.hostname))
    headers.set("strict-transport-security", "max-age=31536000");
}

/** The practice's own addresses: the HTTPS port under its names, and loopback names on the HTTP port. */
export interface Addresses {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly names: readonly string[];
}

/** @throws {DomainError} origin_refused for a page of another origin (cross-site request forgery, DNS rebinding) */
export function checkOrigin(request: Request, { httpPort, httpsPort, names }: Addresses): void {
  const origin = request.headers.get("origin");
  if (origin === null) return;
  const allowed =
    [...loopback].some((name) => origin === `http://${name}:${httpPort}`) ||
    [...loopback, ...names].some(
      (name) => origin === `https://${name}${httpsPort === 443 ? "" : `:${httpsPort}`}`,
    );
  if (!allowed) throw new DomainError("origin_refused");
}
