import { useLingui } from "@lingui/react";
import { IconAlertTriangle, IconEar, IconHeartbeat } from "@tabler/icons-react";
import { StateBadge } from "#pwa/design/badge.tsx";
import { useChartPresence, useRows } from "#pwa/local/index.ts";
import { useSafetyCard } from "#pwa/safety-card/index.ts";
import { alertKindText } from "./alert-words.ts";

const icons = { safety: IconAlertTriangle, "code-status": IconHeartbeat, communication: IconEar };

/** Code status and warnings in the banner, from the safety card where the chart is not here. */
export function AlertMarks({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const here = useChartPresence(patientId) === "on-this-tablet";
  const card = useSafetyCard(patientId);
  const { rows } = useRows("alert", { where: { patientId, active: true } });
  const alerts = here || rows.length > 0 ? rows : (card?.alerts ?? []);
  return alerts.map((one, index) => (
    <StateBadge key={index} tone={one.kind === "communication" ? "accent" : "bad"} icon={icons[one.kind]}>
      {one.kind === "code-status"
        ? i18n._("{kind}: {text}", { kind: alertKindText(i18n, one.kind), text: one.text })
        : one.text}
    </StateBadge>
  ));
}
