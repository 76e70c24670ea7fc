import * as z from "zod";
import { givenPasswordSchema, newPasswordSchema } from "#domain/access/account.ts";
import { roles } from "#domain/access/roles.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { sessionSchema, signInSchema } from "#domain/sync/session.ts";
import { type Route, route } from "#server/http/route.ts";
import { changeOneTimePassword } from "./password-change.ts";
import { currentSession, endSession, refreshSession, signIn, switchRole } from "./session.ts";
import { cookieOf, issued, setCookie } from "./session-cookie.ts";

export const sessionRoutes: Route[] = [
  route({
    method: "post",
    path: "/api/session",
    summary: "Sign in with name and password on a device",
    permission: "public",
    audit: "session.started",
    body: signInSchema,
    response: sessionSchema,
    limit: 16 * 1024,
    handle: async ({ practice, body, atMachine }) => issued(await signIn(practice, body, atMachine)),
  }),
  route({
    method: "post",
    path: "/api/session/password",
    summary: "Replace a one-time password by one's own, before the first sign-in",
    permission: "public",
    audit: "user.password_changed",
    body: z.strictObject({
      username: z.string().min(1).max(80),
      password: givenPasswordSchema,
      newPassword: newPasswordSchema,
      /** Of a tablet that the clinic knows: its tries are counted apart. */
      deviceId: idSchema.optional(),
    }),
    limit: 16 * 1024,
    handle: ({ practice, body, requestId }) => changeOneTimePassword(practice, body, requestId),
  }),
  route({
    method: "post",
    path: "/api/session/refresh",
    summary: "Continue a session with the rotating cookie",
    permission: "public",
    audit: "session.refreshed",
    body: z.strictObject({ deviceId: idSchema }),
    response: sessionSchema,
    limit: 1024,
    handle: async ({ practice, request, body }) =>
      issued(await refreshSession(practice, cookieOf(request, practice.info.id), body.deviceId)),
  }),
  route({
    method: "get",
    path: "/api/session",
    summary: "The present session",
    permission: "session:use",
    audit: { none: "shows the caller only to itself" },
    response: sessionSchema,
    handle: ({ practice, principal }) => currentSession(practice, principal),
  }),
  route({
    method: "delete",
    path: "/api/session",
    summary: "Sign out",
    permission: "session:use",
    audit: "session.ended",
    handle: async ({ practice, principal }) => {
      await endSession(practice, principal);
      return new Response(null, {
        status: 204,
        headers: { "cache-control": "no-store", "set-cookie": setCookie(practice.info.id, "", 0) },
      });
    },
  }),
  route({
    method: "post",
    path: "/api/session/role",
    summary: "Work in another of one's roles",
    permission: "session:use",
    audit: "session.role_switched",
    body: z.strictObject({ role: z.enum(roles) }),
    response: sessionSchema,
    limit: 1024,
    handle: ({ practice, principal, body }) => switchRole(practice, principal, body.role),
  }),
];
