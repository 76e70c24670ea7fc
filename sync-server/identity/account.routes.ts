import * as z from "zod";
import {
  accountSchema,
  givenPasswordSchema,
  issuedCodesSchema,
  listedSessionSchema,
  newPasswordSchema,
  newTotpSchema,
} from "#domain/access/account.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { codeSchema } from "#domain/sync/session.ts";
import { type Route, route } from "#server/http/route.ts";
import { accountOf } from "./own-account.ts";
import { endOneSession, endOtherSessions, listSessions } from "./own-sessions.ts";
import { acknowledgeRecovery, beginTotp, confirmTotp, removeTotp, renewRecoveryCodes } from "./own-totp.ts";
import { changeOwnPassword } from "./password-change.ts";

const both = z.strictObject({ password: givenPasswordSchema, code: codeSchema.optional() });
const limit = 16 * 1024;

export const accountRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/account",
    summary: "One's own password, second factor and recovery codes, without any secret of them",
    permission: "account:use",
    audit: { none: "shows the caller only to itself" },
    response: accountSchema,
    handle: ({ practice, principal }) => accountOf(practice, principal),
  }),
  route({
    method: "post",
    path: "/api/account/password",
    summary: "Choose another password; one's other sessions end",
    permission: "account:use",
    audit: "user.password_changed",
    body: z.strictObject({ password: givenPasswordSchema, newPassword: newPasswordSchema }),
    limit,
    handle: ({ practice, principal, body, requestId }) =>
      changeOwnPassword(practice, principal, body, requestId),
  }),
  route({
    method: "post",
    path: "/api/account/totp",
    summary:
      "Begin to set up an authenticator app; the secret is told once, here. After 15 minutes the password is needed again, and to replace one both factors",
    permission: "account:use",
    audit: "totp.begun",
    body: both.partial({ password: true }),
    response: newTotpSchema,
    limit,
    handle: (context) => beginTotp(context, context.body),
  }),
  route({
    method: "post",
    path: "/api/account/totp/confirm",
    summary: "Show by one code that the app has the secret; the recovery codes are told once, here",
    permission: "account:use",
    audit: "totp.added",
    body: z.strictObject({ id: idSchema, code: codeSchema }),
    response: issuedCodesSchema,
    limit,
    handle: async (context) => ({
      recoveryCodes: await confirmTotp(context, context.body.id, context.body.code),
    }),
  }),
  route({
    method: "post",
    path: "/api/account/totp/remove",
    summary: "Remove one's authenticator app, with the password and a code",
    permission: "account:use",
    audit: "totp.removed",
    body: both,
    limit,
    handle: (context) => removeTotp(context, context.body),
  }),
  route({
    method: "post",
    path: "/api/account/recovery-codes",
    summary: "A new set of recovery codes in place of the old, with the password and a code; told once, here",
    permission: "account:use",
    audit: "recovery-code.issued",
    body: both,
    response: issuedCodesSchema,
    limit,
    handle: async (context) => ({ recoveryCodes: await renewRecoveryCodes(context, context.body) }),
  }),
  route({
    method: "post",
    path: "/api/account/recovery-codes/seen",
    summary: "Say that one knows of the sign-ins by a recovery code",
    permission: "account:use",
    audit: "recovery-code.seen",
    body: z.strictObject({}),
    limit: 1024,
    handle: (context) => acknowledgeRecovery(context),
  }),
  route({
    method: "get",
    path: "/api/sessions",
    summary: "One's own open sessions, or those of a person whose access one looks after",
    permission: "session:read",
    audit: { none: "devices and times hold no clinical content" },
    query: z.strictObject({ user: idSchema.optional() }),
    response: z.object({ sessions: z.array(listedSessionSchema) }),
    handle: async ({ practice, principal, query }) => ({
      sessions: await listSessions(practice, principal, query.user),
    }),
  }),
  route({
    method: "post",
    path: "/api/sessions/{id}/end",
    summary: "End a session: its refreshes and live streams end at once",
    permission: "session:end",
    audit: "session.revoked",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({}),
    limit: 1024,
    handle: (context) => endOneSession(context, context.params.id),
  }),
  route({
    method: "post",
    path: "/api/sessions/end-others",
    summary: "End all of one's own sessions but the one that asks",
    permission: "session:end",
    audit: "session.revoked",
    body: z.strictObject({}),
    response: z.object({ ended: z.int() }),
    limit: 1024,
    handle: async (context) => ({ ended: await endOtherSessions(context) }),
  }),
];
