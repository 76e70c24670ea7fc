import { useLingui } from "@lingui/react";
import type { ReactNode } from "react";
import type { Dashboard } from "#domain/operations/dashboard.ts";
import { bytesText } from "#pwa/language/bytes-text.ts";
import { agoText } from "./numbers.ts";
import classes from "./sync-dashboard.module.css";

function Tile({
  label,
  value,
  children,
}: {
  readonly label: string;
  readonly value: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className={classes.tile}>
      <span className={classes.label}>{label}</span>
      <span className={classes.value}>{value}</span>
      <span className={classes.meta}>{children}</span>
    </div>
  );
}

/** The numbers that are looked at first. */
export function FactTiles({ dashboard }: { readonly dashboard: Dashboard }) {
  const { i18n } = useLingui();
  const { devices, jobs, database, disk, certificateDays, backup, audit } = dashboard;
  const enrolled = devices.filter(({ status }) => status === "enrolled");
  const waiting = enrolled.reduce((sum, { report }) => sum + (report?.outboxDepth ?? 0), 0);
  return (
    <section className={classes.tiles} aria-label={i18n._("At a glance")}>
      <Tile label={i18n._("Devices")} value={String(enrolled.length)}>
        {i18n._("{waiting, plural, one {# change} other {# changes}} not here yet", { waiting })}
      </Tile>
      <Tile label={i18n._("Recordings in work")} value={String(jobs.waiting + jobs.active)}>
        {i18n._("{waiting} waiting, {active} running, {failed} failed", jobs)}
      </Tile>
      <Tile label={i18n._("Database")} value={bytesText(i18n, database.bytes)}>
        {i18n._("PostgreSQL {version}, {connections, plural, one {# connection} other {# connections}}", {
          version: database.version.split(" ")[0],
          connections: database.connections,
        })}
      </Tile>
      <Tile label={i18n._("Disk free")} value={bytesText(i18n, disk.free)}>
        {i18n._("of {total}", { total: bytesText(i18n, disk.total) })}
      </Tile>
      <Tile
        label={i18n._("Certificate")}
        value={
          certificateDays === null
            ? "–"
            : i18n._("{days, plural, one {# day} other {# days}}", { days: certificateDays })
        }
      >
        {certificateDays === null ? i18n._("cannot be read here") : i18n._("until it ends")}
      </Tile>
      <Tile
        label={i18n._("Last backup")}
        value={backup.writtenAt === null ? "–" : agoText(i18n, dashboard.at, backup.writtenAt)}
      >
        {backup.writtenAt === null
          ? backup.needed
            ? i18n._("none was ever written")
            : i18n._("a trial needs none")
          : i18n._("write one every night")}
      </Tile>
      <Tile
        label={i18n._("Audit verified through")}
        value={audit.verifiedThrough === null ? "–" : String(audit.verifiedThrough)}
      >
        {audit.verifiedThrough === null
          ? i18n._("not verified since the start")
          : i18n._("of {head, plural, one {# record} other {# records}}", { head: audit.head })}
      </Tile>
    </section>
  );
}
