import type { I18n } from "@lingui/core";
import type { Medication, PendingChange } from "#domain/medication/index.ts";

/** "10 mg · by mouth · once daily" */
export const dosageText = (one: Pick<Medication, "dose" | "route" | "frequency" | "instructions">): string =>
  [one.dose, one.route, one.frequency, one.instructions].filter(Boolean).join(" · ");

/** What a waiting change would do. */
export const pendingText = (i18n: I18n, change: PendingChange): string =>
  change.change === "stop"
    ? [i18n._("Stop"), change.reason].filter(Boolean).join(": ")
    : i18n._("Change to {dosage}", { dosage: dosageText(change) });
