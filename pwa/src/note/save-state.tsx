import { useLingui } from "@lingui/react";
import { IconAlertCircle, IconCheck, IconDeviceTablet, IconLoader2 } from "@tabler/icons-react";
import { StateBadge } from "#pwa/design/badge.tsx";
import type { RecordMark } from "#pwa/local/index.ts";
import type { NoteDraft } from "./use-note-draft.ts";

interface SaveStateProps {
  readonly state: NoteDraft["state"];
  readonly mark: RecordMark | undefined;
}

/** Where the words are. Nothing is said of a note that nobody has begun. */
export function SaveState({ state, mark }: SaveStateProps) {
  const { i18n } = useLingui();
  if (state === "failed")
    return (
      <StateBadge tone="bad" icon={IconAlertCircle}>
        {i18n._("Not saved")}
      </StateBadge>
    );
  if (state !== "saved") return <StateBadge icon={IconLoader2}>{i18n._("Saving")}</StateBadge>;
  if (!mark) return null;
  if (mark === "refused")
    return (
      <StateBadge tone="bad" icon={IconAlertCircle}>
        {i18n._("Refused by the clinic")}
      </StateBadge>
    );
  return mark === "at-the-clinic" ? (
    <StateBadge tone="good" icon={IconCheck}>
      {i18n._("Saved at the clinic")}
    </StateBadge>
  ) : (
    <StateBadge tone="accent" icon={IconDeviceTablet}>
      {i18n._("Saved on this tablet")}
    </StateBadge>
  );
}
