import type { ZodObject, ZodType } from "zod";
import type { PermissionName } from "#domain/access/permissions.ts";
import type { AuditAction } from "#domain/audit/actions.ts";
import type { AttemptedOn } from "#server/audit/attempt.ts";
import type { Principal } from "#server/identity/principal.ts";
import type { Practice } from "#server/practice/practice.ts";

export type Method = "get" | "head" | "post" | "patch" | "delete" | "options";

export interface RouteContext<B = unknown, Q = unknown, P = unknown> {
  readonly practice: Practice;
  readonly request: Request;
  readonly requestId: string;
  /** It came by the plain HTTP port, which only the clinic's own machine reaches. */
  readonly atMachine: boolean;
  /** Present on every route that is not public and not proven by a device key. */
  readonly principal: Principal;
  /** The device that proved itself, on routes with a `proof`; else empty. */
  readonly deviceId: string;
  readonly body: B;
  readonly query: Q;
  readonly params: P;
}

/**
 * One operation of the HTTP interface. The table of routes is the only way to add one: the permission is judged before
 * the body or an id is looked at, and the published description is made from the same declaration.
 */
export interface Route<B = unknown, Q = unknown, P = unknown> {
  readonly method: Method;
  /** OpenAPI style: `/api/recordings/{id}/audio`. */
  readonly path: string;
  readonly summary: string;
  readonly permission: PermissionName | "public";
  /**
   * How the caller proves itself when it is not by a bearer token: with the device key alone, or with either, where a
   * locked tablet goes on with what its person began. From one that was asked to wipe itself nothing is taken before it has,
   * except on routes for "any-device". A device is nobody: the handler decides what it may touch.
   */
  readonly proof?: "any-device" | "device" | "device-or-bearer";
  /** The record a successful call writes, or why it writes none. */
  readonly audit: AuditAction | { readonly none: string };
  /** What the id in the path names, so that a denial says on what. An upload's name begins with its recording's id. */
  readonly about?: AttemptedOn["type"];
  readonly body?: ZodType<B>;
  /** The handler refuses text that cannot be stored item by item; elsewhere such a body is refused whole. */
  readonly judgesText?: true;
  readonly query?: ZodObject & ZodType<Q>;
  readonly params?: ZodObject & ZodType<P>;
  /** The shape of a JSON answer; absent for 204; "bytes" and "events" answer with a Response of their own. */
  readonly response?: ZodType | "bytes" | "events";
  /** Largest body in bytes (default 256 kB). */
  readonly limit?: number;
  /** A plain value becomes JSON; a Response is sent as it is; undefined becomes 204. */
  handle(context: RouteContext<B, Q, P>): Promise<unknown>;
}

/** Declares a route with its body, query and params typed by their schemas. */
export const route = <B, Q, P>(definition: Route<B, Q, P>): Route => definition as unknown as Route;
