import type * as z from "zod";
import { deriveId, idSchema } from "../kernel/id.ts";
import { messageSchema } from "../message/index.ts";

/**
 * What somebody sent, for that person alone: the message lies in its reader's stream, which the sender may not hold (the
 * desk writes to nursing). Derived by the server; an answer is another message and is never part of it (C19).
 */
export const sentMessageSchema = messageSchema.omit({ replyTo: true }).extend({ messageId: idSchema });
export type SentMessage = z.infer<typeof sentMessageSchema>;

export const sentMessageIdOf = (messageId: string): string => deriveId("sent-message", messageId);
