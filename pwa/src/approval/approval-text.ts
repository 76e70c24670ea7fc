import type { I18n } from "@lingui/core";
import type { Role } from "#domain/access/roles.ts";
import type { Approval, ComparedPatient } from "#domain/approval/index.ts";
import { roleText } from "#pwa/language/role-text.ts";
import { scopeText } from "#pwa/language/scope-text.ts";

/** What is asked for, in one line. */
export function requestText(i18n: I18n, { payload, difference: { subject, records } }: Approval): string {
  switch (payload.kind) {
    case "role.grant":
      return i18n._("{subject} becomes {role}", { subject, role: roleText(i18n, payload.role) });
    case "role.remove":
      return i18n._("{subject} is no longer {role}", { subject, role: roleText(i18n, payload.role) });
    case "user.enable":
      return i18n._("{subject} gets access again", { subject });
    case "factor.reset":
      return i18n._("{subject} signs in without the second factor", { subject });
    case "token.register":
      return i18n._("Service token: {subject}", { subject });
    case "patient.merge":
      return i18n._("{subject} is the same person as {kept}", { subject, kept: records?.kept.name });
    case "patient.unmerge":
      return i18n._("{subject} is not the same person as {kept}", { subject, kept: records?.kept.name });
  }
}

const numberOf = (i18n: I18n, record: ComparedPatient | undefined): string =>
  record?.recordNumber ?? i18n._("without a number");

/** The difference in reach, in a plain sentence. */
export function differenceText(i18n: I18n, { payload, difference }: Approval): string {
  const { subject, gains, losses, charts, records } = difference;
  if (payload.kind === "patient.merge")
    return i18n._("The record {merged} leads to {kept} afterwards. Nothing in either is rewritten.", {
      merged: numberOf(i18n, records?.merged),
      kept: numberOf(i18n, records?.kept),
    });
  if (payload.kind === "patient.unmerge")
    return i18n._("The record {merged} stands for itself again. What was written since stays with {kept}.", {
      merged: numberOf(i18n, records?.merged),
      kept: numberOf(i18n, records?.kept),
    });
  if (payload.kind === "factor.reset" && gains.some((gain) => gain.startsWith("Choose a longer")))
    return i18n._(
      "Whoever knows {subject}'s short password may choose a longer one with it, and then signs in without a second factor until {subject} sets one up again. The recovery codes stop working, and every open session of {subject} ends. Ask {subject} in person before you approve.",
      { subject },
    );
  if (payload.kind === "factor.reset")
    return i18n._(
      "Whoever knows {subject}'s password signs in with it alone, until {subject} sets up a second factor again. The authenticator app and the recovery codes stop working, and every open session of {subject} ends. Ask {subject} in person before you approve.",
      { subject },
    );
  if (payload.kind === "token.register")
    return i18n._(
      "A program gains {scopes} for {days, plural, one {# day} other {# days}}; nothing is removed.",
      {
        scopes: payload.scopes.map((scope) => `“${scopeText(i18n, scope)}” (${scope})`).join(", "),
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
export function approverText(i18n: I18n, roles: readonly Role[]): string {
  const names = roles.map((role) => roleText(i18n, role));
  return names.length > 1
    ? i18n._("{first} or {second} approves", { first: names[0], second: names[1] })
    : i18n._("{first} approves", { first: names[0] });
}
