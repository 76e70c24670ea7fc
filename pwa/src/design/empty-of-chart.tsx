import { useLingui } from "@lingui/react";
import { type Icon, IconCloudOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useChartPresence } from "#pwa/local/index.ts";
import { State } from "./state.tsx";

interface EmptyOfChartProps {
  readonly patientId: string;
  readonly icon: Icon;
  readonly title: string;
  readonly children: ReactNode;
}

/** A part of a chart with nothing to show: it says "none" only where the whole chart is on this tablet (C01). */
export function EmptyOfChart({ patientId, icon, title, children }: EmptyOfChartProps) {
  const { i18n } = useLingui();
  const presence = useChartPresence(patientId);
  if (presence === "on-this-tablet")
    return (
      <State icon={icon} title={title}>
        {children}
      </State>
    );
  return (
    <State icon={IconCloudOff} title={i18n._("Not on this tablet")}>
      {presence === "arriving"
        ? i18n._("The chart is on its way.")
        : i18n._("There may be entries at the clinic that are not shown here.")}
    </State>
  );
}
