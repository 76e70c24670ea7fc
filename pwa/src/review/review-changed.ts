import { useEffect } from "react";
import { local } from "#pwa/local/index.ts";
import { createValue } from "#pwa/local/value.ts";

/** Grows with each decision made here, so that what counts them looks again at once. */
const decisions = createValue(0);
export const reviewChanged = (): void => decisions.set(decisions.get() + 1);

/** Runs `look` when something was decided here, or the clinic says that something else waits for this person now. */
export function useReviewNews(look: () => void): void {
  useEffect(() => {
    const ends = [decisions.subscribe(look), local().reviewNews.subscribe(look)];
    return () => {
      for (const end of ends) end();
    };
  }, [look]);
}
