import type { Message } from "#domain/message/index.ts";
import { sentMessageIdOf } from "#domain/sent-message/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import { SentMessageEntity } from "./sent-message.entity.ts";

/** Brings the sender's copy up to date in the caller's transaction: what was sent, and whether it was read. */
export async function keepSentCopy(em: EntityManager, message: Message): Promise<void> {
  const { id: messageId, kind, fromId, toId, pool, patientId, text, sentAt, readBy, readAt } = message;
  const id = sentMessageIdOf(messageId);
  const present = await em.findOne(SentMessageEntity, { id });
  if (present) em.assign(present, { readBy, readAt });
  else
    em.create(SentMessageEntity, {
      id,
      messageId,
      kind,
      fromId,
      toId,
      pool,
      patientId,
      text,
      sentAt,
      readBy,
      readAt,
    });
  await em.flush();
}
