import { useLingui } from "@lingui/react";
import { StateBadge } from "#pwa/design/badge.tsx";
import { dateTimeText } from "#pwa/language/language.ts";
import { useSession } from "#pwa/local/index.ts";
import classes from "./device.module.css";

interface WipeStateProps {
  readonly askedAt: string;
  readonly askedBy: string;
  readonly wipedAt: string | null;
  /** Changes and recordings it still has to deliver; null before it said so. */
  readonly left: number | null;
  /** Changes that came since; null while the clinic has not answered. */
  readonly kept: number | null;
}

/** How far the wipe of a lost device has come, who asked for it, and what was saved from it. */
export function WipeState({ askedAt, askedBy, wipedAt, left, kept }: WipeStateProps) {
  const { i18n } = useLingui();
  const zone = useSession().practice?.zone ?? "UTC";
  return (
    <span className={classes.wipe}>
      {wipedAt ? (
        <StateBadge tone={left === 0 ? "plain" : "warn"}>
          {i18n._("Wiped {time}", { time: dateTimeText(wipedAt, zone) })}
        </StateBadge>
      ) : (
        <StateBadge tone="bad">{i18n._("Wipe asked, not yet confirmed")}</StateBadge>
      )}
      {wipedAt && left !== null && left > 0 && (
        <span>{i18n._("{count} still to be delivered", { count: left })}</span>
      )}
      {kept !== null && kept > 0 && (
        <span>
          {i18n._("{count, plural, one {# change} other {# changes}} kept for review", { count: kept })}
        </span>
      )}
      <span>{i18n._("Asked by {name}, {time}", { name: askedBy, time: dateTimeText(askedAt, zone) })}</span>
    </span>
  );
}
