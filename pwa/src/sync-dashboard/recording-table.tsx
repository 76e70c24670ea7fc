import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { useState } from "react";
import { can } from "#domain/access/can.ts";
import type { Dashboard } from "#domain/operations/dashboard.ts";
import { StateBadge, type Tone } from "#pwa/design/badge.tsx";
import { codeText, errorText } from "#pwa/language/error-text.ts";
import { dateTimeText, durationText } from "#pwa/language/language.ts";
import { ask, useSession } from "#pwa/local/index.ts";
import classes from "./sync-dashboard.module.css";

type RecordingTile = Dashboard["recordings"][number];
const tones: Readonly<Record<string, Tone>> = {
  failed: "bad",
  transcribed: "good",
  transcribing: "accent",
  stored: "accent",
};

/** Recordings on their way, failed with reason, and how fast the last ones were worked through. */
export function RecordingTable({
  dashboard,
  onChanged,
}: {
  readonly dashboard: Dashboard;
  readonly onChanged: () => void;
}) {
  const { i18n } = useLingui();
  return (
    <section className={classes.panel} aria-labelledby="recordings">
      <h2 id="recordings" className={classes.panelTitle}>
        {i18n._("Recordings")}
      </h2>
      {dashboard.recordings.length === 0 ? (
        <p className={classes.empty}>{i18n._("Nothing was recorded yet.")}</p>
      ) : (
        <ul className={classes.rows}>
          {dashboard.recordings.map((recording) => (
            <Row key={recording.id} recording={recording} onChanged={onChanged} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({
  recording,
  onChanged,
}: {
  readonly recording: RecordingTile;
  readonly onChanged: () => void;
}) {
  const { i18n } = useLingui();
  const { user, practice } = useSession();
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const words: Readonly<Record<string, string>> = {
    recording: i18n._("Being recorded"),
    captured: i18n._("Waiting for its sound"),
    stored: i18n._("Waiting for an AI node"),
    transcribing: i18n._("Being transcribed, {percent} %", { percent: Math.round(recording.progress * 100) }),
    transcribed: i18n._("Transcribed"),
    failed: i18n._("Failed"),
  };
  const mayRetry =
    user && can({ type: "user", id: user.id, role: user.role, deviceId: null }, "ops:retry").allowed;
  const retry = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await ask(`/api/operations/recordings/${recording.id}/retry`, { method: "POST", body: {} });
      onChanged();
    } catch (error) {
      setFailure(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className={classes.recording}>
      <span>
        <StateBadge tone={tones[recording.status] ?? "plain"}>
          {words[recording.status] ?? recording.status}
        </StateBadge>
        {recording.failure && <span className={classes.reason}>{codeText(recording.failure)}</span>}
        {failure && (
          <span className={classes.reason} role="alert">
            {failure}
          </span>
        )}
      </span>
      <span className={classes.meta}>
        {dateTimeText(recording.startedAt, practice?.zone ?? "UTC")} · {durationText(recording.seconds)}
        {recording.realTimeFactor !== null &&
          ` · ${i18n._("{factor} × real time", { factor: i18n.number(recording.realTimeFactor, { maximumFractionDigits: 1 }) })}`}
      </span>
      {recording.status === "failed" && mayRetry && (
        <Button size="sm" h={44} variant="default" loading={busy} onClick={() => void retry()}>
          {i18n._("Try again")}
        </Button>
      )}
    </li>
  );
}
