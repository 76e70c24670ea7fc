import { useLingui } from "@lingui/react";
import { poolOf } from "#domain/access/scope.ts";
import { useRows, useSession } from "#pwa/local/index.ts";
import classes from "./unread-badge.module.css";

/** How many messages to this person or their pool nobody has read. */
export function UnreadBadge() {
  const { i18n } = useLingui();
  const { user } = useSession();
  const { rows } = useRows("message", { where: { readAt: null } });
  const count = rows.filter(
    ({ toId, pool }) => toId === user?.id || (pool !== null && user !== null && pool === poolOf[user.role]),
  ).length;
  if (count === 0) return null;
  return (
    <span className={classes.badge}>
      {count}
      <span className={classes.words}>{i18n._("unread")}</span>
    </span>
  );
}
