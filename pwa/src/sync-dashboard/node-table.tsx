import { useLingui } from "@lingui/react";
import type { Dashboard } from "#domain/operations/dashboard.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { NODE_AWAY } from "./alerts.ts";
import { agoText } from "./numbers.ts";
import classes from "./sync-dashboard.module.css";

/** The machines that listen and write, with the device they really use. */
export function NodeTable({ dashboard }: { readonly dashboard: Dashboard }) {
  const { i18n } = useLingui();
  const away = (at: string) => Date.parse(dashboard.at) - Date.parse(at) > NODE_AWAY;
  return (
    <section className={classes.panel} aria-labelledby="nodes">
      <h2 id="nodes" className={classes.panelTitle}>
        {i18n._("AI nodes")}
      </h2>
      {dashboard.nodes.length === 0 ? (
        <p className={classes.empty}>{i18n._("No AI node has registered.")}</p>
      ) : (
        <ul className={classes.rows}>
          {dashboard.nodes.map((node) => (
            <li key={node.id} className={classes.recording}>
              <span>
                <strong>{node.name}</strong>{" "}
                <StateBadge tone={away(node.lastHeartbeatAt) ? "bad" : "good"}>
                  {away(node.lastHeartbeatAt) ? i18n._("Away") : i18n._("Working")}
                </StateBadge>
              </span>
              <span className={classes.meta}>
                {i18n._("heard {ago} · runs on {device} · version {version}", {
                  ago: agoText(i18n, dashboard.at, node.lastHeartbeatAt),
                  device: node.device,
                  version: node.version,
                })}
              </span>
              <span className={classes.models}>
                {node.models.map(({ id, sha256 }) => `${id} ${sha256.slice(0, 8)}`).join(", ")}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
