import { useLingui } from "@lingui/react";
import { IconAlertTriangle } from "@tabler/icons-react";
import { State } from "#pwa/design/state.tsx";

/** A screen that met a defect. The words say nothing of it: a message may quote what is in a chart. */
export function Failed({ reset }: { readonly reset: () => void }) {
  const { i18n } = useLingui();
  return (
    <State
      icon={IconAlertTriangle}
      title={i18n._("This screen cannot be shown")}
      urgent
      action={{ label: i18n._("Try again"), onClick: reset }}
    >
      {i18n._("Something went wrong on this tablet. What you entered is kept.")}
    </State>
  );
}
