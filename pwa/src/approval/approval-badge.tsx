import { useLingui } from "@lingui/react";
import * as z from "zod";
import { CountBadge } from "#pwa/design/count-badge.tsx";
import { useAnswer } from "#pwa/local/index.ts";
import { useReviewNews } from "#pwa/review/review-changed.ts";

const answer = z.object({ waiting: z.number() });
const EVERY = 60_000;

/** How many requests wait for this person: to be decided, or to be carried out now that they are approved. */
export function ApprovalBadge() {
  const { i18n } = useLingui();
  const { value, reload } = useAnswer("/api/approvals/waiting", answer, EVERY);
  useReviewNews(reload);
  return <CountBadge count={value?.waiting ?? 0} words={i18n._("waiting for you")} />;
}
