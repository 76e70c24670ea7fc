import { poolOf } from "#domain/access/scope.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { type Message, message } from "#domain/message/index.ts";
import type { ArgsOf } from "#domain/registry.ts";
import { keepSentCopy } from "#server/sent-message/index.ts";
import { defineSlice, type HandlerContext } from "#server/sync/slice.ts";
import { assertAddress } from "#server/task/index.ts";
import { MessageEntity } from "./message.entity.ts";

/** The desk writes to nursing, and answers whoever wrote to it; to nobody else (C19). */
async function assertDeskMayWrite({
  tx,
  args,
  user,
}: HandlerContext<Message, ArgsOf<"message.send">>): Promise<void> {
  if (user.role !== "front-desk" || args.pool === "nurses") return;
  const [reached]: unknown[] = await tx.em.execute(
    `select 1 from staff where id = ? and 'nurse' = any(roles)
     union all select 1 from message m where m.id = ? and m.from_id = ? and (m.to_id = ? or m.pool = 'front-desk')`,
    [args.toId, args.replyTo ?? null, args.toId, user.id],
  );
  if (!reached) throw new DomainError("forbidden");
}

export const messageSlice = defineSlice({
  collection: message,
  entity: MessageEntity,
  handlers: {
    send: async (context) => {
      const { tx, args, user, load, apply, save } = context;
      if (await load()) throw new DomainError("already_exists");
      await assertAddress(tx.em, user.role, args.kind, args.toId, args.pool);
      await assertDeskMayWrite(context);
      const sent = apply(undefined)!;
      await save(sent);
      await keepSentCopy(tx.em, sent);
    },
    markRead: async ({ tx, user, load, apply, save }) => {
      const present = await load();
      if (!present) throw new DomainError("missing_parent");
      if (present.toId !== user.id && (present.pool === null || present.pool !== poolOf[user.role]))
        throw new DomainError("not_yours");
      const read = apply(present)!;
      await save(read);
      await keepSentCopy(tx.em, read);
    },
  },
});
