import { useLingui } from "@lingui/react";
import { poolOf } from "#domain/access/scope.ts";
import { CountBadge } from "#pwa/design/count-badge.tsx";
import { useRows, useSession } from "#pwa/local/index.ts";

/** Messages to this person or their pool that nobody has read, and patients whose promised time was lost. */
export function TaskBadge() {
  const { i18n } = useLingui();
  const { user } = useSession();
  const messages = useRows("message", { where: { readAt: null } });
  const tasks = useRows("task", { where: { status: "open" } });
  const unread = messages.rows.filter(
    ({ toId, pool }) => toId === user?.id || (pool !== null && user !== null && pool === poolOf[user.role]),
  ).length;
  const callBacks = tasks.rows.filter(({ callBack }) => callBack !== null).length;
  const words = callBacks > 0 ? i18n._("unread or to be called back") : i18n._("unread");
  return <CountBadge count={unread + callBacks} words={words} />;
}
