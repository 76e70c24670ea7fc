import * as z from "zod";
import { can } from "#domain/access/can.ts";
import { roles } from "#domain/access/roles.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { instantNow } from "#domain/kernel/clock.ts";
import { idSchema, newId } from "#domain/kernel/id.ts";
import { personNameSchema, usernameSchema } from "#domain/set-up/index.ts";
import { assertNotLast } from "#server/approval/index.ts";
import { voidBreakGlass } from "#server/break-glass/index.ts";
import { type Route, route } from "#server/http/route.ts";
import { hashPassword, newOneTimePassword } from "#server/identity/index.ts";
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
    summary: "Shut a person out: sessions, refreshes and live streams end at once",
    permission: "user:disable",
    audit: "staff.disabled",
    params: z.strictObject({ id: idSchema }),
    body: z.strictObject({}),
    handle: async ({ practice, principal, params, requestId }) => {
      const decision = can(principal.actor, "user:disable");
      if (!decision.allowed) throw new DomainError(decision.code);
      if (params.id === principal.actor.id) throw new DomainError("self_approval");
      await practice.ledger.transact(async ({ em, audit }) => {
        const person = await em.findOne(StaffEntity, { id: params.id });
        if (!person) throw new DomainError("not_found");
        for (const role of person.roles) await assertNotLast(em, role, params.id);
        person.active = false;
        await em.flush();
        const at = instantNow();
        await em.execute("update app_user set disabled_at = coalesce(disabled_at, ?) where id = ?", [
          at,
          params.id,
        ]);
        await em.execute(
          "update session set ended_at = ?, end_reason = 'disabled' where user_id = ? and ended_at is null",
          [at, params.id],
        );
        await voidBreakGlass({ em, audit }, { userId: params.id }, principal.audit);
        const resource = { type: "staff", id: params.id };
        audit({ actor: principal.audit, action: "staff.disabled", outcome: "ok", resource, requestId });
      });
    },
  }),
];
