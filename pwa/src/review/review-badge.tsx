import { useLingui } from "@lingui/react";
import * as z from "zod";
import { CountBadge } from "#pwa/design/count-badge.tsx";
import { useAnswer, useRows } from "#pwa/local/index.ts";
import { useReviewNews } from "./review-changed.ts";

const answer = z.object({ waiting: z.number() });
const EVERY = 60_000;

/** How much work waits for this person's review; nothing while the clinic does not say. */
export function ReviewBadge() {
  const { i18n } = useLingui();
  const { value, reload } = useAnswer("/api/quarantine/waiting", answer, EVERY);
  useReviewNews(reload);
  const { rows: unassigned } = useRows("capture", { where: { status: "waiting" } });
  return (
    <CountBadge count={(value?.waiting ?? 0) + unassigned.length} words={i18n._("waiting for review")} />
  );
}
