import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import type { AccountState } from "#domain/access/account.ts";
import { errorText } from "#pwa/language/error-text.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { ask, useSession } from "#pwa/local/index.ts";
import classes from "./account.module.css";
import { dismissNotice } from "./recovery-notice.ts";

interface RecoveryUsedProps {
  readonly account: AccountState;
  readonly onSeen: () => void;
}

/** Each use of a recovery code, until its owner says that it was them; if it was not, what to do now. */
export function RecoveryUsed({ account, onSeen }: RecoveryUsedProps) {
  const { i18n } = useLingui();
  const session = useSession();
  const [failure, setFailure] = useState<string | null>(null);
  const { recoveryUsed } = account;
  if (recoveryUsed.length === 0) return null;
  const elsewhere = recoveryUsed.some(({ here }) => !here);
  const seen = async () => {
    setFailure(null);
    try {
      await ask("/api/account/recovery-codes/seen", { method: "POST", body: {} });
      dismissNotice(session);
      onSeen();
    } catch (error) {
      setFailure(errorText(error));
    }
  };
  return (
    <section className={classes.card} data-alert role="status">
      <h3 className={classes.subtitle}>
        <IconAlertTriangle size={20} aria-hidden />
        {i18n._("A recovery code was used")}
      </h3>
      <ul className={classes.used}>
        {recoveryUsed.map(({ at, device, here }) => (
          <li key={at}>
            {here
              ? i18n._("{when}, here in this session", {
                  when: dateTimeText(at, session.practice?.zone ?? "UTC"),
                })
              : i18n._("{when} on {device}", {
                  when: dateTimeText(at, session.practice?.zone ?? "UTC"),
                  device,
                })}
          </li>
        ))}
      </ul>
      {elsewhere && (
        <p className={classes.words}>
          {i18n._(
            "If it was not you: change the password, make new recovery codes, and end the other sessions below. Then tell your security officer.",
          )}
        </p>
      )}
      {failure && <p role="alert">{failure}</p>}
      {elsewhere && (
        <div className={classes.end}>
          <Button variant="default" h={44} onClick={seen}>
            {i18n._("It was me")}
          </Button>
        </div>
      )}
    </section>
  );
}
