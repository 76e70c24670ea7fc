import type { I18n } from "@lingui/core";
import type { DeviceLoss } from "#domain/operations/dashboard.ts";

/** Changes, refused changes and recordings that the clinic may never have had. */
export const countLost = ({ people, ofUnknown, refused, recordings }: DeviceLoss): number =>
  people.reduce((sum, { changes }) => sum + changes, 0) + ofUnknown + refused + recordings;

/** `Maya Okafor 3, Tom Reyes 1, recordings 2` */
export function lossText(i18n: I18n, { people, ofUnknown, refused, recordings }: DeviceLoss): string {
  const parts = people.map(({ name, changes }) => `${name} ${changes}`);
  if (ofUnknown > 0) parts.push(i18n._("changes from after the backup {count}", { count: ofUnknown }));
  if (refused > 0) parts.push(i18n._("refused changes {count}", { count: refused }));
  if (recordings > 0) parts.push(i18n._("recordings {count}", { count: recordings }));
  return parts.join(", ");
}
