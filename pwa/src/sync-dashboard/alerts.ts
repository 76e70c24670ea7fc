import type { I18n } from "@lingui/core";
import { CLOCK_TOLERANCE } from "#domain/kernel/clock.ts";
import type { Dashboard } from "#domain/operations/dashboard.ts";

export interface DashboardAlert {
  readonly level: "warn" | "bad";
  /** What is wrong, and the plain next step. */
  readonly text: string;
}

const MINUTE = 60_000;
const GIB = 1024 ** 3;
/** A heartbeat older than this means that the node is away. */
export const NODE_AWAY = MINUTE;

type Say = (level: DashboardAlert["level"], text: string) => void;

/** What needs attention, worst first. */
export function alertsOf(i18n: I18n, dashboard: Dashboard): DashboardAlert[] {
  const alerts: DashboardAlert[] = [];
  const say: Say = (level, text) => void alerts.push({ level, text });
  ofTheServer(i18n, dashboard, say);
  ofTheWork(i18n, dashboard, say);
  for (const device of dashboard.devices) ofADevice(i18n, Date.parse(dashboard.at), device, say);
  return alerts.sort((a, b) => a.level.localeCompare(b.level));
}

function ofTheServer(i18n: I18n, { disk, certificateDays, audit }: Dashboard, say: Say): void {
  if (audit.whole === false)
    say(
      "bad",
      i18n._(
        "The audit log does not verify after record {seq}. Stop changes, keep the disk as it is and call the security officer.",
        { seq: audit.verifiedThrough ?? 0 },
      ),
    );
  if (disk.free < 2 * GIB)
    say("bad", i18n._("The disk has less than 2 GB left. Free space or move the data folder."));
  else if (disk.free < 10 * GIB) say("warn", i18n._("The disk has less than 10 GB left."));
  if (certificateDays === null) return;
  if (certificateDays < 0)
    say("bad", i18n._("The certificate has ended: tablets cannot connect. Restart the server to renew it."));
  else if (certificateDays < 21)
    say(
      "warn",
      i18n._(
        "The certificate ends in {days, plural, one {# day} other {# days}}. Restart the server to renew it.",
        { days: certificateDays },
      ),
    );
}

function ofTheWork(i18n: I18n, { at, nodes, jobs, quarantined }: Dashboard, say: Say): void {
  const isAway = (heard: string) => Date.parse(at) - Date.parse(heard) > NODE_AWAY;
  if (nodes.length > 0 && nodes.every(({ lastHeartbeatAt }) => isAway(lastHeartbeatAt)))
    say("bad", i18n._("No AI node answers: recordings wait. Start the AI node."));
  if (jobs.failed > 0)
    say(
      "warn",
      i18n._(
        "{count, plural, one {# recording} other {# recordings}} could not be transcribed. Look at the reason and try again.",
        { count: jobs.failed },
      ),
    );
  if (quarantined > 0)
    say(
      "warn",
      i18n._(
        "{count, plural, one {# change waits} other {# changes wait}} in quarantine for a clinician or the privacy officer.",
        { count: quarantined },
      ),
    );
}

function ofADevice(i18n: I18n, now: number, device: Dashboard["devices"][number], say: Say): void {
  const { name, user, report, status } = device;
  if (!report || status === "revoked") return;
  const who = user ? `${name} (${user})` : name;
  if (Math.abs(report.clockSkewMs) > CLOCK_TOLERANCE)
    say(
      "warn",
      i18n._(
        "The clock of {who} is off by {minutes, plural, one {# minute} other {# minutes}}. Set it right.",
        { who, minutes: Math.round(Math.abs(report.clockSkewMs) / MINUTE) },
      ),
    );
  if (report.outboxOldestAt && now - Date.parse(report.outboxOldestAt) > 60 * MINUTE)
    say(
      "warn",
      i18n._(
        "Work on {who} has waited for more than an hour. Bring the tablet near the Wi-Fi and unlock it.",
        {
          who,
        },
      ),
    );
  if (report.storageQuota > 0 && report.storageUsed / report.storageQuota > 0.7)
    say("warn", i18n._("The storage of {who} is more than 70 % full.", { who }));
}
