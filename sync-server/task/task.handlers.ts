import { poolOf } from "#domain/access/scope.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { type Task, task } from "#domain/task/index.ts";
import { defineSlice, type HandlerContext } from "#server/sync/slice.ts";
import { assertAddress } from "./address.ts";
import { TaskEntity } from "./task.entity.ts";

/** A person works on tasks that are theirs, their pool's, or that they gave. */
async function reachable({ load, user }: HandlerContext<Task>): Promise<Task> {
  const present = await load();
  if (!present) throw new DomainError("missing_parent");
  const mine = present.assigneeId === user.id || present.createdBy === user.id;
  if (!mine && (present.pool === null || present.pool !== poolOf[user.role]))
    throw new DomainError("not_yours");
  return present;
}

const close = async (context: HandlerContext<Task>) => {
  const present = await reachable(context);
  if (present.status !== "open") throw new DomainError("status_not_forward");
  await context.save(context.apply(present)!);
};

export const taskSlice = defineSlice({
  collection: task,
  entity: TaskEntity,
  handlers: {
    create: async ({ tx, args, user, load, apply, save }) => {
      if (await load()) throw new DomainError("already_exists");
      await assertAddress(tx.em, user.role, args.kind, args.assigneeId, args.pool);
      await save(apply(undefined)!);
    },
    complete: close,
    cancel: close,
    reopen: async (context) => {
      await context.save(context.apply(await reachable(context))!);
    },
    assign: async (context) => {
      const present = await reachable(context);
      if (present.status !== "open") throw new DomainError("status_not_forward");
      const { tx, user, args } = context;
      await assertAddress(tx.em, user.role, present.kind, args.assigneeId, args.pool);
      await context.save(context.apply(present)!);
    },
  },
});
