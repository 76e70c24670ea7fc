import { poolOf } from "#domain/access/scope.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { message } from "#domain/message/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { assertAddress } from "#server/task/index.ts";
import { MessageEntity } from "./message.entity.ts";

export const messageSlice = defineSlice({
  collection: message,
  entity: MessageEntity,
  handlers: {
    send: async ({ tx, args, user, load, apply, save }) => {
      if (await load()) throw new DomainError("already_exists");
      await assertAddress(tx.em, user.role, args.kind, args.toId, args.pool);
      await save(apply(undefined)!);
    },
    markRead: async ({ user, load, apply, save }) => {
      const present = await load();
      if (!present) throw new DomainError("missing_parent");
      if (present.toId !== user.id && (present.pool === null || present.pool !== poolOf[user.role]))
        throw new DomainError("not_yours");
      await save(apply(present)!);
    },
  },
});
