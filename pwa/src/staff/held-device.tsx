import type { I18n } from "@lingui/core";
import { useLingui } from "@lingui/react";
import type { HeldOnDevice } from "#domain/access/access-end.ts";
import { now } from "#domain/kernel/clock.ts";
import { StateBadge, type Tone } from "#pwa/design/badge.tsx";
import { type Loss, LossButtons } from "#pwa/device/index.ts";
import { dateTimeText } from "#pwa/language/language.ts";
import { useSession } from "#pwa/local/index.ts";
import { useMay } from "#pwa/session/use-may.ts";
import classes from "./access-report.module.css";

interface HeldDeviceProps {
  readonly device: HeldOnDevice;
  readonly ended: boolean;
  readonly onLose: (how: Loss) => void;
}

/** One device: whether anything can still be read on it, what it holds of theirs, and what can be done about it. */
export function HeldDevice({ device, ended, onLose }: HeldDeviceProps) {
  const { i18n } = useLingui();
  const may = useMay();
  const zone = useSession().practice?.zone ?? "UTC";
  const when = (instant: string) => dateTimeText(instant, zone);
  const { tone, text } = readable(i18n, device, { ended, when });
  return (
    <li className={classes.device}>
      <div className={classes.deviceHead}>
        <h3>{device.name}</h3>
        <StateBadge tone={tone}>{text}</StateBadge>
        {device.isOwn && <StateBadge tone="accent">{i18n._("This device")}</StateBadge>}
      </div>
      <ul className={classes.facts}>
        {facts(i18n, device, { ended, when }).map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      {may("device:revoke") && may("device:wipe") && (
        <div className={classes.buttons}>
          <LossButtons enrolled={!device.removed} asked={device.wipeAskedAt !== null} onLose={onLose} />
        </div>
      )}
    </li>
  );
}

interface At {
  readonly ended: boolean;
  readonly when: (instant: string) => string;
}

/** Whether this person can still read records on it without the clinic. */
function readable(
  i18n: I18n,
  { wipedAt, toldAt, darkAt, removed }: HeldOnDevice,
  { ended, when }: At,
): { readonly tone: Tone; readonly text: string } {
  if (wipedAt) return { tone: "good", text: i18n._("Wiped {when}", { when: when(wipedAt) }) };
  if (toldAt) return { tone: "good", text: i18n._("Dark since {when}", { when: when(toldAt) }) };
  if (darkAt && Date.parse(darkAt) <= now())
    return { tone: "good", text: i18n._("Dark since {when}", { when: when(darkAt) }) };
  if (!ended && !removed) return { tone: "plain", text: i18n._("In use") };
  if (darkAt)
    return { tone: "warn", text: i18n._("Dark by itself {when} at the latest", { when: when(darkAt) }) };
  return { tone: "warn", text: i18n._("Not known when it goes dark") };
}

function facts(i18n: I18n, device: HeldOnDevice, { ended, when }: At): string[] {
  const { seenAt, report, received, written, arrivedSince, waiting, charts } = device;
  const { unsent = 0, refused = 0, recordings = 0 } = report ?? {};
  return [
    seenAt
      ? i18n._("Last heard of them there {when}", { when: when(seenAt) })
      : i18n._("Never heard of them there"),
    report
      ? i18n._(
          "It said {when}: {unsent, plural, =0 {no changes} one {# change} other {# changes}} and {recordings, plural, =0 {no recordings} one {# recording} other {# recordings}} unsent, {refused, plural, =0 {nothing} one {# change} other {# changes}} refused. What was written there later is not counted.",
          { when: when(report.at), unsent, refused, recordings },
        )
      : i18n._("It never said what waits there of theirs."),
    i18n._(
      "{received} of {written, plural, one {# known change} other {# known changes}} are at the clinic",
      {
        received,
        written,
      },
    ),
    ended &&
      i18n._(
        "{arrivedSince, plural, =0 {Nothing came} one {# change came} other {# changes came}} since the access ended",
        { arrivedSince },
      ),
    waiting > 0 &&
      i18n._("{waiting, plural, one {# change waits} other {# changes wait}} for review", { waiting }),
    i18n._(
      "{charts, plural, =0 {No charts} one {# chart} other {# charts}} kept there for them, sealed by their PIN",
      { charts },
    ),
    device.shared && i18n._("Others work on it, too: removing or wiping it shuts them out as well"),
    device.removed && !device.wipeAskedAt && i18n._("Removed from the practice"),
    device.wipeAskedAt &&
      !device.wipedAt &&
      i18n._("A wipe was asked {when} and is not confirmed yet", { when: when(device.wipeAskedAt) }),
    device.wipedAt &&
      device.wipeLeft !== null &&
      device.wipeLeft > 0 &&
      i18n._("{count} still to be delivered", { count: device.wipeLeft }),
  ].filter((fact): fact is string => typeof fact === "string");
}
