import type { I18n } from "@lingui/core";
import type { Approval, ApprovalPayload } from "#domain/approval/index.ts";
import { roleText } from "#pwa/language/role-text.ts";

/** What is asked for, in one line. */
export function requestText(i18n: I18n, { payload, difference: { subject } }: Approval): string {
  switch (payload.kind) {
    case "role.grant":
      return i18n._("{subject} becomes {role}", { subject, role: roleText(i18n, payload.role) });
    case "role.remove":
      return i18n._("{subject} is no longer {role}", { subject, role: roleText(i18n, payload.role) });
    case "user.enable":
      return i18n._("{subject} is let in again", { subject });
    case "token.register":
      return i18n._("Service token: {subject}", { subject });
  }
}

/** The difference in reach, in a plain sentence. */
export function differenceText(i18n: I18n, { payload, difference }: Approval): string {
  const { subject, gains, losses, charts } = difference;
  if (payload.kind === "token.register")
    return i18n._(
      "A program gains {scopes} for {days, plural, one {# day} other {# days}}; nothing is removed.",
      {
        scopes: gains.join(", "),
        days: payload.days,
      },
    );
  if (losses.length > 0)
    return i18n._("{subject} loses {count, plural, one {# right} other {# rights}}; nothing is added.", {
      subject,
      count: losses.length,
    });
  const rights = gains.length;
  return charts === null
    ? i18n._("{subject} gains {rights, plural, one {# right} other {# rights}}; nothing is removed.", {
        subject,
        rights,
      })
    : i18n._(
        "{subject} gains {rights, plural, one {# right} other {# rights}}, among them the charts of {charts, plural, one {# patient} other {# patients}}; nothing is removed.",
        { subject, rights, charts },
      );
}

/** Who has to approve it. */
export function approverText(i18n: I18n, payload: ApprovalPayload, roles: readonly string[]): string {
  const names = roles.map((role) => roleText(i18n, role as never));
  return payload.kind === "token.register" && names.length > 1
    ? i18n._("{first} or {second} approves", { first: names[0], second: names[1] })
    : i18n._("{first} approves", { first: names[0] });
}
