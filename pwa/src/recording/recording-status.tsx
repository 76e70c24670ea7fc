import { useLingui } from "@lingui/react";
import {
  IconAlertTriangle,
  IconBuildingHospital,
  IconCheck,
  IconCloudUpload,
  IconDeviceTablet,
  IconFileText,
} from "@tabler/icons-react";
import type { Recording } from "#domain/recording/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { codeText } from "#pwa/language/error-text.ts";
import { durationText } from "#pwa/language/language.ts";
import { type AudioPlace, useAudioPlace } from "#pwa/local/index.ts";
import { consentText } from "./consent-text.ts";
import classes from "./recorder.module.css";

/** Where a finished recording's sound is, and how far its transcript. Never better than the facts. */
export function RecordingStatus({ recording }: { readonly recording: Recording }) {
  const { i18n } = useLingui();
  const place = useAudioPlace(recording.id);
  const seconds = lengthOf(recording);
  return (
    <div>
      <div className={classes.head}>
        <h3 className={classes.title}>{i18n._("Recording, {time}", { time: durationText(seconds) })}</h3>
        <PlaceBadge recording={recording} place={place} />
      </div>
      {recording.status === "transcribing" && (
        <div
          className={classes.progress}
          role="progressbar"
          aria-label={i18n._("Transcription")}
          aria-valuenow={Math.round(recording.progress * 100)}
        >
          <div className={classes.done} style={{ width: `${Math.max(5, recording.progress * 100)}%` }} />
        </div>
      )}
      {recording.status === "failed" && (
        <p className={classes.words}>
          {i18n._("No transcript could be made. The sound is kept.")}{" "}
          {recording.failure && codeText(recording.failure)}
        </p>
      )}
      <p className={classes.words}>{consentText(i18n, recording.consent)}</p>
      {recording.gaps.length > 0 && (
        <ul className={classes.gaps}>
          {recording.gaps.map((gap) => (
            <li key={`${gap.start} ${gap.reason}`}>
              {gapText(i18n, gap.reason, durationText(gap.end - gap.start))}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/**
 * Seconds from the start to the end, as the recorder's clock and the transcript count them: what was not recorded is in
 * it and is listed below it.
 */
function lengthOf({ parts, gaps, startedAt, endedAt }: Recording): number {
  const ends = [...parts.map((part) => part.startOffset + part.seconds), ...gaps.map((gap) => gap.end)];
  const whole = endedAt ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : 0;
  return ends.length > 0 ? Math.max(...ends) : whole;
}

type Translator = ReturnType<typeof useLingui>["i18n"];

function gapText(i18n: Translator, reason: Recording["gaps"][number]["reason"], time: string): string {
  switch (reason) {
    case "paused":
      return i18n._("{time} not recorded: paused", { time });
    case "off-the-record":
      return i18n._("{time} not recorded: off the record", { time });
    case "locked":
      return i18n._("{time} not recorded: the tablet was locked", { time });
    case "reloaded":
      return i18n._("{time} not recorded: the page was closed", { time });
    case "lost":
      return i18n._("{time} lost", { time });
  }
}

function PlaceBadge({ recording, place }: { readonly recording: Recording; readonly place: AudioPlace }) {
  const { i18n } = useLingui();
  if (recording.status === "transcribed")
    return (
      <StateBadge tone="good" icon={IconFileText}>
        {i18n._("Transcribed")}
      </StateBadge>
    );
  if (recording.status === "failed")
    return (
      <StateBadge tone="bad" icon={IconAlertTriangle}>
        {i18n._("No transcript")}
      </StateBadge>
    );
  if (recording.status === "transcribing")
    return (
      <StateBadge tone="accent" icon={IconFileText}>
        {i18n._("Being transcribed")}
      </StateBadge>
    );
  if (recording.status === "stored" || place === "at-the-clinic")
    return (
      <StateBadge tone="good" icon={recording.status === "stored" ? IconCheck : IconBuildingHospital}>
        {i18n._("At the clinic")}
      </StateBadge>
    );
  if (place === "sending")
    return (
      <StateBadge tone="accent" icon={IconCloudUpload}>
        {i18n._("Being sent")}
      </StateBadge>
    );
  return (
    <StateBadge tone="warn" icon={IconDeviceTablet}>
      {i18n._("On this tablet")}
    </StateBadge>
  );
}
