import type { I18n } from "@lingui/core";
import { shareUsed, storageLevel } from "#domain/operations/storage.ts";
import type { StorageView } from "#pwa/local/index.ts";

export const percentUsed = (view: StorageView): number => Math.min(100, Math.round(100 * shareUsed(view)));

/** What the room on this tablet means for whoever works on it, most urgent first; nothing while there is plenty. */
export function storageWords(i18n: I18n, view: StorageView): string[] {
  const level = storageLevel(view);
  const words: string[] = [];
  if (level === "full") words.push(i18n._("Too full to start a recording. One that runs goes on."));
  if (view.away > 0)
    words.push(
      i18n._(
        "Charts that nobody needs today were put away to make room. Open one and it comes back, while the clinic answers.",
      ),
    );
  if (level !== "plenty") words.push(i18n._("Remove other things from this device, or tell practice IT."));
  return words;
}
