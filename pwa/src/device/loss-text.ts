import type { I18n } from "@lingui/core";
import type { DeviceLoss } from "#domain/operations/dashboard.ts";

/** Changes, refused changes and recordings that the clinic may never have had. */
export const countLost = ({ people, ofUnknown, refused, recordings }: DeviceLoss): number =>
  people.reduce((sum, { changes }) => sum + changes, 0) + ofUnknown + refused + recordings;

/** `Maya Okafor: 3 changes, Tom Reyes: 1 change, 2 recordings` */
export function lossText(i18n: I18n, { people, ofUnknown, refused, recordings }: DeviceLoss): string {
  const parts = people.map(({ name, changes }) =>
    i18n._("{name}: {count, plural, one {# change} other {# changes}}", { name, count: changes }),
  );
  if (ofUnknown > 0)
    parts.push(
      i18n._("{count, plural, one {# change} other {# changes}} from after the backup", { count: ofUnknown }),
    );
  if (refused > 0)
    parts.push(
      i18n._("{count, plural, one {# refused change} other {# refused changes}}", { count: refused }),
    );
  if (recordings > 0)
    parts.push(i18n._("{count, plural, one {# recording} other {# recordings}}", { count: recordings }));
  return parts.join(", ");
}
