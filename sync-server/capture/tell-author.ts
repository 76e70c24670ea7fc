import type { Capture } from "#domain/capture/index.ts";
import { deriveId } from "#domain/kernel/id.ts";
import type { EntityManager } from "#server/database/database.ts";
import { MessageEntity } from "#server/message/index.ts";

/** What its author reads, from whoever decided. Nothing of what was written is repeated in it. */
const words = {
  matched: "What you wrote down without reading is in this patient's chart now, under your name.",
  discarded: "What you wrote down without reading was not used. The clinic keeps it. Ask me why.",
} as const;

/** Whoever wrote it hears where it went, as a message from the person who decided. */
export async function tellAuthor(
  em: EntityManager,
  { authorId, status, patientId }: Capture,
  { by, at, mutationId }: { readonly by: string; readonly at: string; readonly mutationId: string },
): Promise<void> {
  if (authorId === by || status === "waiting") return;
  em.create(MessageEntity, {
    id: deriveId("capture-told", mutationId),
    kind: "clinical",
    fromId: by,
    toId: authorId,
    pool: null,
    patientId,
    replyTo: null,
    text: words[status],
    sentAt: at,
    readBy: null,
    readAt: null,
  });
  await em.flush();
}
