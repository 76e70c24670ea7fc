import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconShieldExclamation } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useSession, useValue } from "#pwa/local/index.ts";
import classes from "./account.module.css";
import { dismissed, dismissNotice, isDismissed, noticeOf, type RecoveryNotice } from "./recovery-notice.ts";

/** Said at the sign-in after a recovery code was used, and while few are left. */
export function RecoveryStrip() {
  const { i18n } = useLingui();
  const session = useSession();
  const key = useValue(dismissed);
  const notice = noticeOf(session);
  if (!notice || isDismissed(session, key)) return null;
  const left = session.recovery?.left ?? 0;
  const words: Record<RecoveryNotice, string> = {
    "used-here": i18n._("You used a recovery code. {left, plural, one {# is left.} other {# are left.}}", {
      left,
    }),
    used: i18n._("A recovery code was used in your name."),
    few: i18n._("Only {left, plural, one {# recovery code is} other {# recovery codes are}} left.", { left }),
    none: i18n._("You have no recovery codes left."),
  };
  return (
    <div className={classes.strip} role="status">
      <IconShieldExclamation size={20} stroke={2} aria-hidden />
      <span>{words[notice]}</span>
      <Button component={Link} to="/you" size="sm" h={44} variant="default">
        {notice === "used" ? i18n._("See when and where") : i18n._("Make new ones")}
      </Button>
      {notice !== "used" && (
        <Button size="sm" h={44} variant="subtle" onClick={() => dismissNotice(session)}>
          {i18n._("Later")}
        </Button>
      )}
    </div>
  );
}
