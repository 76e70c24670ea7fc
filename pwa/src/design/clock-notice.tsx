import { useLingui } from "@lingui/react";
import { IconClockExclamation } from "@tabler/icons-react";
import { CLOCK_TOLERANCE } from "#domain/kernel/clock.ts";
import { useConnection } from "#pwa/local/index.ts";
import classes from "./clock-notice.module.css";

/** C22: a clock that is wrong is said wherever something is about to get a time from it. Nothing while it is right. */
export function ClockNotice() {
  const { i18n } = useLingui();
  const { clockSkew } = useConnection();
  if (clockSkew === null || Math.abs(clockSkew) * 1000 <= CLOCK_TOLERANCE) return null;
  const minutes = Math.round(Math.abs(clockSkew) / 60);
  return (
    <p className={classes.notice}>
      <IconClockExclamation size={20} stroke={2} aria-hidden />
      <span>
        {clockSkew > 0
          ? i18n._(
              "This tablet's clock is {minutes} min ahead, and so is every time it writes. Practice IT can set it.",
              { minutes },
            )
          : i18n._(
              "This tablet's clock is {minutes} min behind, and so is every time it writes. Practice IT can set it.",
              { minutes },
            )}
      </span>
    </p>
  );
}
