import { useLingui } from "@lingui/react";
import { IconShieldLock } from "@tabler/icons-react";
import { StateBadge } from "#pwa/design/badge.tsx";
import { useCareTeam } from "./use-care-team.ts";

export function RestrictedMark({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const { team } = useCareTeam(patientId);
  if (!team) return null;
  return (
    <StateBadge tone="warn" icon={IconShieldLock}>
      {i18n._("Restricted chart")}
    </StateBadge>
  );
}
