import { useLingui } from "@lingui/react";
import { IconHourglass } from "@tabler/icons-react";
import type { Medication } from "#domain/medication/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";

/** Changes that wait for a clinician's decision stand beside the entry, never in it (C12). */
export function PendingBadges({ pending }: Pick<Medication, "pending">) {
  const { i18n } = useLingui();
  const kinds = new Set(pending.map(({ change }) => change));
  return (
    <>
      {kinds.has("stop") && (
        <StateBadge tone="bad" icon={IconHourglass}>
          {i18n._("STOP pending")}
        </StateBadge>
      )}
      {kinds.has("dose") && (
        <StateBadge tone="warn" icon={IconHourglass}>
          {i18n._("CHANGE pending")}
        </StateBadge>
      )}
    </>
  );
}
