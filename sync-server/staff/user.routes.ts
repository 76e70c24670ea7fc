import * as z from "zod";
import { accessEndReasons, accessStandingSchema } from "#domain/access/access-end.ts";
import { roles } from "#domain/access/roles.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { idSchema, newId } from "#domain/kernel/id.ts";
import { personNameSchema, usernameSchema } from "#domain/set-up/index.ts";
import { type Route, route } from "#server/http/route.ts";
import { hashPassword, newOneTimePassword } from "#server/identity/index.ts";
import { accessStanding } from "./access-standing.ts";
import { endAccess } from "./end-access.ts";
import { StaffEntity } from "./staff.entity.ts";

const userSchema = z.object({
  id: idSchema,
  username: z.string(),
  name: z.string(),
  suffix: z.string(),
  roles: z.array(z.enum(roles)),
  disabled: z.boolean(),
  /** Has not chosen a password yet. */
  pending: z.boolean(),
  /** An authenticator app or a passkey is set up. */
  secondFactor: z.boolean(),
  /** A code is asked for at the sign-in, so that there is something to reset. */
  asksForCode: z.boolean(),
  lastSeenAt: z.string().nullable(),
});

const newUser = z.strictObject({
  username: usernameSchema,
  name: personNameSchema,
  suffix: z.string().trim().max(20).default(""),
});

export const userRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/users",
    summary: "The people of the practice and their roles",
    permission: "user:read",
    audit: { none: "staff names hold no clinical content" },
    response: z.object({ users: z.array(userSchema) }),
    handle: async ({ practice }) => ({
      users: await practice.database.em.fork().execute(
        `select u.id, u.username, f.name, f.suffix, f.roles, u.disabled_at is not null as disabled,
           u.must_change as pending,
           (t.asks or exists (select 1 from passkey k where k.user_id = u.id)) as "secondFactor",
           (t.asks or u.password_short) as "asksForCode", (select max(s.started_at) from session s where s.user_id = u.id) as "lastSeenAt"
           from app_user u join staff f on f.id = u.id,
             lateral (select exists (select 1 from totp_factor c
               where c.user_id = u.id and c.confirmed_at is not null) as asks) t order by u.username`,
      ),
    }),
  }),
  route({
    method: "post",
    path: "/api/users",
    summary: "Add a person, without a role; the one-time password is told once, here",
    permission: "user:write",
    audit: "staff.created",
    body: newUser,
    response: z.object({ id: idSchema, oneTimePassword: z.string() }),
    handle: async ({ practice, principal, body, requestId }) => {
      const id = newId();
      const oneTimePassword = newOneTimePassword();
      const hash = await hashPassword(oneTimePassword, practice.config.JAMEMR_ARGON2_MEMORY_KIB);
      await practice.ledger.transact(async ({ em, audit }) => {
        const taken: unknown[] = await em.execute("select 1 from app_user where username = ?", [
          body.username,
        ]);
        if (taken.length > 0) throw new DomainError("already_exists");
        em.create(StaffEntity, {
          id,
          name: body.name,
          suffix: body.suffix,
          roles: [],
          active: true,
        } as never);
        await em.flush();
        await em.execute(
          "insert into app_user(id, username, password_hash, must_change) values (?, ?, ?, true)",
          [id, body.username, hash],
        );
        const resource = { type: "staff", id };
        audit({ actor: principal.audit, action: "staff.created", outcome: "ok", resource, requestId });
      });
      return { id, oneTimePassword };
    },
  }),
  route({
    method: "post",
    path: "/api/users/{id}/disable",
    summary:
      "End a person's access: sessions, live streams, tokens, opened charts, held times and requests end at once",
    permission: "user:disable",
    audit: "staff.disabled",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({ reason: z.enum(accessEndReasons) }),
    handle: (context) => endAccess(context, context.params.id, context.body.reason),
  }),
  route({
    method: "get",
    path: "/api/users/{id}/access",
    summary:
      "What hangs on a person's access, and what their devices still hold; also after it has ended. Numbers and times only",
    permission: "user:disable",
    audit: { none: "numbers, times and names of devices, tokens and staff; no clinical content" },
    params: z.strictObject({ id: idSchema }),
    response: accessStandingSchema,
    handle: ({ practice, principal, params }) =>
      accessStanding(practice, params.id, principal.session?.deviceId),
  }),
];
