import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { type AccountState, accountSchema, recoveryCodeCount } from "#domain/access/account.ts";
import { fewRecoveryCodes } from "#domain/sync/session.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { AsOf, OnlineOnly } from "#pwa/design/online-only.tsx";
import { dateTimeText } from "#pwa/language/language.ts";
import { useAnswer, useSession } from "#pwa/local/index.ts";
import classes from "./account.module.css";
import { ChangePassword, NewRecoveryCodes, RemoveTotp } from "./account-dialogs.tsx";
import { OwnDevices } from "./own-devices.tsx";
import { OwnSessions } from "./own-sessions.tsx";
import { RecoveryUsed } from "./recovery-used.tsx";
import { TotpDialog } from "./totp-dialog.tsx";

type Open = "password" | "totp" | "replace" | "remove" | "codes";

/** How somebody signs in, and where they are signed in. Only the clinic knows; without it this says so once. */
export function AccountParts({ passkeys }: { readonly passkeys: ReactNode }) {
  const { i18n } = useLingui();
  const answered = useAnswer("/api/account", accountSchema);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const done = () => {
    close();
    answered.reload();
  };
  return (
    <div className={classes.group}>
      <div className={classes.groupHead}>
        <h2 className={classes.groupTitle}>{i18n._("Signing in")}</h2>
        <AsOf {...answered} />
      </div>
      <OnlineOnly answered={answered} label={i18n._("Your account is being opened")}>
        {(account) => (
          <>
            <RecoveryUsed account={account} onSeen={answered.reload} />
            <PasswordCard account={account} onOpen={setOpen} />
            <TotpCard account={account} onOpen={setOpen} />
            {account.recovery && <RecoveryCard account={account} onOpen={setOpen} />}
            {passkeys}
            <OwnSessions />
            <OwnDevices />
            {open && <Dialog open={open} account={account} onClose={close} onDone={done} />}
          </>
        )}
      </OnlineOnly>
    </div>
  );
}

interface DialogProps {
  readonly open: Open;
  readonly account: AccountState;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function Dialog({ open, account, ...ends }: DialogProps) {
  const { username, totp, passkeys, recovery } = account;
  switch (open) {
    case "password":
      return <ChangePassword username={username} besideFactor={totp !== null || passkeys > 0} {...ends} />;
    case "totp":
    case "replace":
      return <TotpDialog username={username} replaces={open === "replace"} {...ends} />;
    case "remove":
      return <RemoveTotp username={username} {...ends} />;
    case "codes":
      return (
        <NewRecoveryCodes
          username={username}
          asksCode={totp !== null || (recovery?.left ?? 0) > 0}
          {...ends}
        />
      );
  }
}

interface CardProps {
  readonly account: AccountState;
  readonly onOpen: (open: Open) => void;
}

function PasswordCard({ account, onOpen }: CardProps) {
  const { i18n } = useLingui();
  return (
    <section className={classes.card}>
      <div className={classes.head}>
        <div>
          <h3 className={classes.subtitle}>{i18n._("Password")}</h3>
          <p className={classes.hint}>
            {account.passwordShort
              ? i18n._("Shorter than 15 characters: it counts only beside a second factor.")
              : i18n._("Signs you in at the clinic. User name: {username}", { username: account.username })}
          </p>
        </div>
        <Button variant="default" h={44} onClick={() => onOpen("password")}>
          {i18n._("Change password")}
        </Button>
      </div>
    </section>
  );
}

function TotpCard({ account: { totp }, onOpen }: CardProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const when = (instant: string) => dateTimeText(instant, practice?.zone ?? "UTC");
  return (
    <section className={classes.card}>
      <div className={classes.head}>
        <div>
          <h3 className={classes.subtitle}>
            {i18n._("Authenticator app")}
            {totp && <StateBadge tone="good">{i18n._("On")}</StateBadge>}
          </h3>
          <p className={classes.hint}>
            {!totp
              ? i18n._(
                  "A code from your phone beside the password: a password that somebody saw is not enough.",
                )
              : totp.lastUsedAt
                ? i18n._("Last used {when}", { when: when(totp.lastUsedAt) })
                : i18n._("Set up {when}", { when: when(totp.since) })}
          </p>
        </div>
        <div className={classes.buttons}>
          {totp ? (
            <>
              <Button variant="default" h={44} onClick={() => onOpen("replace")}>
                {i18n._("Use another phone")}
              </Button>
              <Button
                variant="subtle"
                color="red"
                h={44}
                aria-label={i18n._("Remove the authenticator app")}
                onClick={() => onOpen("remove")}
              >
                {i18n._("Remove")}
              </Button>
            </>
          ) : (
            <Button h={44} onClick={() => onOpen("totp")}>
              {i18n._("Set it up")}
            </Button>
          )}
        </div>
      </div>
    </section>
  );
}

function RecoveryCard({ account: { recovery }, onOpen }: CardProps) {
  const { i18n } = useLingui();
  const left = recovery?.left ?? 0;
  return (
    <section className={classes.card}>
      <div className={classes.head}>
        <div>
          <h3 className={classes.subtitle}>
            {i18n._("Recovery codes")}
            {left <= fewRecoveryCodes && (
              <StateBadge tone="warn">{left === 0 ? i18n._("None left") : i18n._("Few left")}</StateBadge>
            )}
          </h3>
          <p className={classes.hint}>
            {i18n._("{left} of {count} left, for the day when the phone is lost.", {
              left,
              count: recoveryCodeCount,
            })}
          </p>
        </div>
        <Button variant="default" h={44} onClick={() => onOpen("codes")}>
          {i18n._("Make new ones")}
        </Button>
      </div>
    </section>
  );
}
