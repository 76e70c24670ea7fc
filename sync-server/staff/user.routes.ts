import * as z from "zod";
import { roles } from "#domain/access/roles.ts";
import { idSchema } from "#domain/kernel/id.ts";
import { type Route, route } from "#server/http/route.ts";

const userSchema = z.object({
  id: idSchema,
  username: z.string(),
  name: z.string(),
  roles: z.array(z.enum(roles)),
  disabled: z.boolean(),
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
        `select u.id, u.username, f.name, f.roles, u.disabled_at is not null as disabled
           from app_user u join staff f on f.id = u.id order by u.username`,
      ),
    }),
  }),
];
