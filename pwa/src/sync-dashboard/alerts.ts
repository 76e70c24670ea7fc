import type { I18n } from "@lingui/core";
import { CLOCK_TOLERANCE } from "#domain/kernel/clock.ts";
import type { Dashboard } from "#domain/operations/dashboard.ts";
import { storageLevel } from "#domain/operations/storage.ts";
import { countLost, lossText } from "#pwa/device/index.ts";
import { agoText } from "./numbers.ts";

export interface DashboardAlert {
  readonly level: "warn" | "bad";
  /** What is wrong, and the plain next step. */
  readonly text: string;
}

const MINUTE = 60_000;
const GIB = 1024 ** 3;
const DAY = 24 * 60 * MINUTE;
/** A heartbeat older than this means that the node is away. */
export const NODE_AWAY = MINUTE;

type Say = (level: DashboardAlert["level"], text: string) => void;

/** What needs attention, worst first. */
export function alertsOf(i18n: I18n, dashboard: Dashboard): DashboardAlert[] {
  const alerts: DashboardAlert[] = [];
  const say: Say = (level, text) => void alerts.push({ level, text });
  ofTheServer(i18n, dashboard, say);
  ofTheBackup(i18n, dashboard, say);
  ofTheWork(i18n, dashboard, say);
  for (const device of dashboard.devices) {
    ofALoss(i18n, dashboard.at, device, say);
    ofADevice(i18n, Date.parse(dashboard.at), device, say);
  }
  ofStorage(i18n, dashboard, say);
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

/** One is written every night; a day later it is missing. */
function ofTheBackup(i18n: I18n, { at, backup }: Dashboard, say: Say): void {
  if (backup.writtenAt === null) {
    if (backup.needed)
      say(
        "bad",
        i18n._("No backup of this practice was ever written. Write one every night, to another disk."),
      );
    return;
  }
  const age = Date.parse(at) - Date.parse(backup.writtenAt);
  if (age > 1.5 * DAY)
    say(
      age > 7 * DAY ? "bad" : "warn",
      i18n._("The newest backup was written {ago}. Look why last night's is missing, and write one now.", {
        ago: agoText(i18n, at, backup.writtenAt),
      }),
    );
}

function ofTheWork(i18n: I18n, { at, nodes, jobs, quarantined, mismatches }: Dashboard, say: Say): void {
  const isAway = (heard: string) => Date.parse(at) - Date.parse(heard) > NODE_AWAY;
  if (nodes.length > 0 && nodes.every(({ lastHeartbeatAt }) => isAway(lastHeartbeatAt)))
    say("bad", i18n._("No AI node answers: recordings wait. Start the AI node."));
  else
    for (const { name, lastHeartbeatAt } of nodes)
      if (isAway(lastHeartbeatAt))
        say("warn", i18n._("{name} is away; another AI node does its work. Look at it.", { name }));
  for (const { name, historyFault } of nodes)
    if (historyFault)
      say(
        "bad",
        i18n._(
          "{name} refuses this clinic's records and takes no work: the audit log is not the one that it had seen. Change nothing, keep the disk as it is, and call the security officer.",
          { name },
        ),
      );
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
        "{count, plural, one {# change waits} other {# changes wait}} for review by a clinician or the front desk.",
        { count: quarantined },
      ),
    );
  for (const [device, found] of Map.groupBy(mismatches, (mismatch) => mismatch.device))
    say(
      "warn",
      i18n._(
        "{device} held {held, plural, one {# record} other {# records}} where the clinic had {expected}. They were sent again. If this repeats, take the device out of use.",
        { device, held: found[0]!.held, expected: found[0]!.expected },
      ),
    );
}

const whoOf = ({ name, user }: Dashboard["devices"][number]): string => (user ? `${name} (${user})` : name);

/** One line for all of them: the table says which. */
function ofStorage(i18n: I18n, { devices }: Dashboard, say: Say): void {
  const clearable = devices.filter(
    ({ status, report }) => status === "enrolled" && report && !report.storagePersisted,
  );
  if (clearable.length === 0) return;
  say(
    "warn",
    i18n._(
      "{count, plural, one {The browser of {who} may clear what waits there. Install the page as an application on that device.} other {The browsers of # devices may clear what waits there: “may be cleared” below. Install the page as an application on each.}}",
      { count: clearable.length, who: whoOf(clearable[0]!) },
    ),
  );
}

function ofADevice(i18n: I18n, now: number, device: Dashboard["devices"][number], say: Say): void {
  const { report, status } = device;
  const who = whoOf(device);
  if (device.copied && status === "enrolled")
    say(
      "bad",
      i18n._(
        "Somebody copied the browser profile of {who}: two devices write under one history, and what they write waits for review. Find the copy and take it out of use.",
        { who },
      ),
    );
  if (device.wipe && !device.wipe.wipedAt)
    say(
      "warn",
      i18n._(
        "{who} was asked to wipe itself and has not reached the clinic since. It can be read with a PIN until its offline time is over.",
        { who },
      ),
    );
  // What a device last said before its store was gone is not how it does.
  if (!report || status === "revoked" || device.loss) return;
  if (Math.abs(report.clockSkewMs) > CLOCK_TOLERANCE)
    say(
      "warn",
      i18n._(
        "The clock of {who} is off by {minutes, plural, one {# minute} other {# minutes}}. Set it right.",
        { who, minutes: Math.round(Math.abs(report.clockSkewMs) / MINUTE) },
      ),
    );
  if (report.historyFault)
    say(
      "bad",
      i18n._(
        "{who} refuses this clinic's records: the audit log is not the one that it had seen. Change nothing, keep the disk as it is, and call the security officer.",
        { who },
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
  if (report.attention > 0)
    say(
      "bad",
      i18n._(
        "{count, plural, one {# change was} other {# changes were}} refused on {who}. Whoever wrote them opens “needs attention” there.",
        { count: report.attention, who },
      ),
    );
  const { storageUsed: used, storageQuota: quota, storageRefused: refused } = report;
  const level = storageLevel({ used, quota, refused });
  if (level === "full")
    say(
      "bad",
      i18n._(
        "The storage of {who} is full: no new recording begins there. Free space on that device, and let it send what waits.",
        { who },
      ),
    );
  else if (level === "shed")
    say(
      "warn",
      i18n._(
        "The storage of {who} is more than 80 % full: charts of earlier visits are put away. Free space on that device.",
        { who },
      ),
    );
  else if (level === "warn")
    say("warn", i18n._("The storage of {who} is more than 70 % full. Free space on that device.", { who }));
}

/** A browser that threw away what was kept there, and whom to ask about what may be lost. */
function ofALoss(i18n: I18n, at: string, device: Dashboard["devices"][number], say: Say): void {
  const { loss } = device;
  if (!loss) return;
  const who = whoOf(device);
  const ago = agoText(i18n, at, loss.heardAt);
  const count = countLost(loss);
  if (count === 0)
    say(
      "warn",
      i18n._(
        "The browser of {who} threw away what was kept there. Nothing was waiting when it last reported: {ago}. Ask whoever used it later.",
        { who, ago },
      ),
    );
  else
    say(
      "bad",
      i18n._(
        "{count} possibly lost: the browser of {who} threw away what was kept there ({what}). It last reported {ago}. Ask these people, and have it entered again.",
        { count, who, ago, what: lossText(i18n, loss) },
      ),
    );
}
