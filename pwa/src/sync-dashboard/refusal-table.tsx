import { useLingui } from "@lingui/react";
import type { Dashboard } from "#domain/operations/dashboard.ts";
import { codeText } from "#pwa/language/error-text.ts";
import { agoText } from "./numbers.ts";
import classes from "./sync-dashboard.module.css";

/** Why changes of the last seven days were not applied. */
export function RefusalTable({ dashboard }: { readonly dashboard: Dashboard }) {
  const { i18n } = useLingui();
  return (
    <section className={classes.panel} aria-labelledby="refusals">
      <h2 id="refusals" className={classes.panelTitle}>
        {i18n._("Refusals and conflicts, seven days")}
      </h2>
      {dashboard.refusals.length === 0 ? (
        <p className={classes.empty}>{i18n._("None.")}</p>
      ) : (
        <ul className={classes.rows}>
          {dashboard.refusals.map(({ status, code, count, latestAt }) => (
            <li key={`${status} ${code}`} className={classes.refusal}>
              <span className={classes.count}>{count}</span>
              <span>{codeText(code)}</span>
              <span className={classes.meta}>{agoText(i18n, dashboard.at, latestAt)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
