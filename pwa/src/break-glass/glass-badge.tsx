import { useLingui } from "@lingui/react";
import * as z from "zod";
import { CountBadge } from "#pwa/design/count-badge.tsx";
import { useAnswer } from "#pwa/local/index.ts";
import { useReviewNews } from "#pwa/review/review-changed.ts";

const answer = z.object({ waiting: z.number(), overdue: z.number() });
const EVERY = 60_000;

/** How many opened charts wait for this officer; nothing while the clinic does not say. */
export function GlassBadge() {
  const { i18n } = useLingui();
  const { value, reload } = useAnswer("/api/break-glass/waiting", answer, EVERY);
  useReviewNews(reload);
  const { waiting = 0, overdue = 0 } = value ?? {};
  return (
    <CountBadge
      count={waiting}
      words={
        overdue > 0
          ? i18n._("waiting for review, {overdue} of them too long", { overdue })
          : i18n._("waiting for review")
      }
    />
  );
}
