import { useLingui } from "@lingui/react";
import { Alert, Button, Group } from "@mantine/core";
import {
  IconAlertCircle,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconShieldOff,
} from "@tabler/icons-react";
import { patientName } from "#domain/patient/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { durationText } from "#pwa/language/language.ts";
import { type RecorderState, useRecorder, useRecorderLevel, useRow } from "#pwa/local/index.ts";
import classes from "./recorder.module.css";
import { WrongPatient } from "./wrong-patient.tsx";

interface RunningRecorderProps {
  /** Null where nobody knows yet whose it is. */
  readonly patientId: string | null;
}

/** The clock of what is being recorded, with Pause, Off the record and Stop. */
export function RunningRecorder({ patientId }: RunningRecorderProps) {
  const { i18n } = useLingui();
  const recorder = useRecorder();
  const { row: patient } = useRow("patient", patientId ?? "");
  const running = recorder.state === "recording";
  const busy = recorder.state === "starting" || recorder.state === "stopping";
  return (
    <>
      <div className={classes.head}>
        <div className={classes.clock} data-running={running}>
          <span className={classes.dot} aria-hidden />
          <span role="timer">{durationText(recorder.elapsed)}</span>
          <span className={classes.clockWords}>
            {recorder.state === "off-the-record"
              ? i18n._("Off the record")
              : running
                ? i18n._("Recording")
                : i18n._("Paused")}
          </span>
        </div>
        {patient && <StateBadge tone="bad">{patientName(patient)}</StateBadge>}
      </div>
      <LevelMeter active={running} />
      {recorder.problem && (
        <Alert color="red" variant="light" role="alert" icon={<IconAlertCircle aria-hidden />}>
          {recorder.problem === "not_saved"
            ? i18n._(
                "The last seconds could not be saved on this tablet. Recording goes on; what came before is safe.",
              )
            : i18n._("The microphone stopped. What was recorded is safe.")}
        </Alert>
      )}
      <Group grow>
        {running ? (
          <>
            <Button
              variant="default"
              leftSection={<IconPlayerPause size={20} aria-hidden />}
              onClick={() => recorder.actions.pause()}
            >
              {i18n._("Pause")}
            </Button>
            <Button
              variant="default"
              leftSection={<IconShieldOff size={20} aria-hidden />}
              onClick={() => recorder.actions.offTheRecord()}
            >
              {i18n._("Off the record")}
            </Button>
          </>
        ) : (
          <Button
            disabled={busy}
            leftSection={<IconPlayerPlay size={20} aria-hidden />}
            onClick={() => recorder.actions.resume()}
          >
            {i18n._("Go on recording")}
          </Button>
        )}
      </Group>
      <Button
        size="lg"
        color="red"
        loading={busy}
        leftSection={<IconPlayerStop size={24} aria-hidden />}
        onClick={() => recorder.actions.stop()}
      >
        {i18n._("Stop")}
      </Button>
      <p className={classes.words}>{keptText(i18n, recorder.state)}</p>
      {patientId !== null && <WrongPatient recording={null} />}
    </>
  );
}

/** What of the words in the room is kept now, and what is not. */
function keptText(i18n: ReturnType<typeof useLingui>["i18n"], state: RecorderState): string {
  switch (state) {
    case "off-the-record":
      return i18n._(
        "Off the record: nothing that is said now is recorded. What was said before is saved on this tablet.",
      );
    case "paused":
      return i18n._("Paused: nothing is recorded now. What was said before is saved on this tablet.");
    default:
      return i18n._("What is said is saved on this tablet every few seconds.");
  }
}

function LevelMeter({ active }: { readonly active: boolean }) {
  const { i18n } = useLingui();
  const level = useRecorderLevel();
  const shown = active ? Math.min(1, level) : 0;
  return <meter className={classes.meter} aria-label={i18n._("Loudness")} min={0} max={1} value={shown} />;
}
