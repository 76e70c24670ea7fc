import { useLingui } from "@lingui/react";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import type { Dashboard } from "#domain/operations/dashboard.ts";
import { alertsOf } from "./alerts.ts";
import classes from "./sync-dashboard.module.css";

/** What is wrong, each with its next step; or that nothing is. */
export function AlertList({ dashboard }: { readonly dashboard: Dashboard }) {
  const { i18n } = useLingui();
  const alerts = alertsOf(i18n, dashboard);
  if (alerts.length === 0)
    return (
      <p className={classes.calm} role="status">
        <IconCircleCheck size={20} aria-hidden />
        {i18n._("Nothing needs attention.")}
      </p>
    );
  return (
    <ul className={classes.alerts} aria-label={i18n._("Needs attention")}>
      {alerts.map(({ level, text }) => (
        <li key={text} className={classes.alert} data-level={level}>
          <IconAlertTriangle size={20} aria-hidden />
          {text}
        </li>
      ))}
    </ul>
  );
}
