import type { I18n } from "@lingui/core";
import { useLingui } from "@lingui/react";
import type { ReactNode } from "react";
import type { ListedSession, SignInWay } from "#domain/access/account.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { roleText } from "#pwa/language/role-text.ts";
import { useSession } from "#pwa/local/index.ts";
import classes from "./account.module.css";

const wayText = (i18n: I18n, way: SignInWay): string =>
  ({
    password: i18n._("with the password"),
    passkey: i18n._("with a passkey"),
    totp: i18n._("with password and code"),
    recovery: i18n._("with a recovery code"),
  })[way];

interface SessionRowProps {
  readonly session: ListedSession;
  readonly children: ReactNode;
}

export function SessionRow({ session, children }: SessionRowProps) {
  const { i18n } = useLingui();
  const { practice } = useSession();
  const when = (instant: string) => dateTimeText(instant, practice?.zone ?? "UTC");
  return (
    <li className={classes.row}>
      <span className={classes.who}>
        <span className={classes.name}>{session.device.name}</span>
        <span className={classes.meta}>
          {i18n._("{role}, signed in {when} {way}", {
            role: roleText(i18n, session.role),
            when: when(session.startedAt),
            way: wayText(i18n, session.signedInBy),
          })}
        </span>
      </span>
      <span className={classes.meta}>{i18n._("Active {when}", { when: when(session.lastActiveAt) })}</span>
      <span className={classes.buttons}>{children}</span>
    </li>
  );
}
