import type { I18n } from "@lingui/core";
import { passwordLength, weakPasswordSchema } from "#domain/access/account.ts";
import { ApiError } from "#pwa/local/index.ts";

/** Before one chooses. */
export const passwordHint = (i18n: I18n, besideFactor: boolean): string =>
  besideFactor
    ? i18n._(
        "At least {shortest} characters, since a second factor stands beside it. Longer is better: four or five words that do not belong together.",
        { shortest: passwordLength.besideFactor },
      )
    : i18n._(
        "At least {shortest} characters: four or five words that do not belong together are easy to keep in mind.",
        { shortest: passwordLength.alone },
      );

const detailOf = (detail: unknown) => {
  try {
    return weakPasswordSchema.parse(typeof detail === "string" ? JSON.parse(detail) : detail);
  } catch {
    return null;
  }
};

/** Why the clinic did not take a new password; null when that was not the reason. */
export function passwordText(i18n: I18n, error: unknown): string | null {
  if (!(error instanceof ApiError) || error.code !== "weak_password") return null;
  const weak = detailOf(error.detail);
  switch (weak?.fault) {
    case "short":
      return i18n._("That is too short: use at least {shortest} characters.", { shortest: weak.shortest });
    case "long":
      return i18n._("That is too long: use at most {most} characters.", { most: passwordLength.most });
    case "own":
      return i18n._("Your name, your user name and the practice's name are tried first. Leave them out.");
    case "pattern":
      return i18n._(
        "Keys beside each other, rows and repeats are tried first. Choose something less regular.",
      );
    default:
      return i18n._("This one is among those that are tried first. Choose another one.");
  }
}
