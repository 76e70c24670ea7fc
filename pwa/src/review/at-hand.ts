import type { OpenedItem } from "#domain/sync/review-items.ts";
import { local } from "#pwa/local/index.ts";
import { createValue } from "#pwa/local/value.ts";

/** What was written and has to be entered in another way: it stays in sight on the screen where that is done. */
export interface AtHand extends Pick<OpenedItem, "name" | "args" | "patientId" | "authorId"> {
  /** Where it is decided about. */
  readonly from: "/review" | "/waiting";
}

export const atHand = createValue<AtHand | null>(null);

/** It is on nobody's screen after a lock, and not on that of the next person. */
export function keepAtHand(words: AtHand): void {
  const { session } = local();
  const { user } = session.get();
  atHand.set(words);
  const stop = session.subscribe(() => {
    const now = session.get();
    if ((now.state === "unlocked" || now.state === "reauth") && now.user?.id === user?.id) return;
    stop();
    atHand.set(null);
  });
}
