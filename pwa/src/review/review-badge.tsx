import { useLingui } from "@lingui/react";
import { useEffect } from "react";
import * as z from "zod";
import { useAnswer, useRows } from "#pwa/local/index.ts";
import classes from "#pwa/task/unread-badge.module.css";
import { decisions } from "./review-changed.ts";

const answer = z.object({ waiting: z.number() });
const EVERY = 60_000;

/** How much work waits for this person's review; nothing while the clinic does not say. */
export function ReviewBadge() {
  const { i18n } = useLingui();
  const { value, reload } = useAnswer("/api/quarantine/waiting", answer, EVERY);
  useEffect(() => decisions.subscribe(reload), [reload]);
  const { rows: unassigned } = useRows("capture", { where: { status: "waiting" } });
  const waiting = (value?.waiting ?? 0) + unassigned.length;
  if (!waiting) return null;
  return (
    <span className={classes.badge}>
      {waiting}
      <span className={classes.words}>{i18n._("waiting for review")}</span>
    </span>
  );
}
