import { useLingui } from "@lingui/react";
import { poolOf } from "#domain/access/scope.ts";
import { CountBadge } from "#pwa/design/count-badge.tsx";
import { useRows, useSession } from "#pwa/local/index.ts";

/** How many messages to this person or their pool nobody has read. */
export function UnreadBadge() {
  const { i18n } = useLingui();
  const { user } = useSession();
  const { rows } = useRows("message", { where: { readAt: null } });
  const count = rows.filter(
    ({ toId, pool }) => toId === user?.id || (pool !== null && user !== null && pool === poolOf[user.role]),
  ).length;
  return <CountBadge count={count} words={i18n._("unread")} />;
}
