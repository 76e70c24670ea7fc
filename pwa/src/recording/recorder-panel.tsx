import { useLingui } from "@lingui/react";
import { Alert, Button, Group } from "@mantine/core";
import {
  IconAlertCircle,
  IconMicrophone,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconShieldOff,
} from "@tabler/icons-react";
import { useState } from "react";
import type { Note } from "#domain/note/index.ts";
import { patientName } from "#domain/patient/index.ts";
import { StateBadge } from "#pwa/design/badge.tsx";
import { errorText } from "#pwa/language/error-text.ts";
import { durationText } from "#pwa/language/language.ts";
import { type RecorderState, useRecorder, useRecorderLevel, useRow, useRows } from "#pwa/local/index.ts";
import { MovedAway, MovedHere } from "./move-trail.tsx";
import classes from "./recorder.module.css";
import { RecordingStatus } from "./recording-status.tsx";
import { RunningVisitLink } from "./running-visit.tsx";
import { WrongPatient } from "./wrong-patient.tsx";

interface RecorderPanelProps {
  readonly encounterId: string;
  readonly patientId: string;
  /** Null while there is no note; once it is signed, nothing more is recorded. */
  readonly noteStatus: Note["status"] | null;
  /** Makes sure that the encounter exists before anything is recorded about it. */
  readonly onStart: () => Promise<void>;
}

/** Consent first, then one large button; afterwards where the sound is and what becomes of it. */
export function RecorderPanel({ encounterId, patientId, noteStatus, onStart }: RecorderPanelProps) {
  const { i18n } = useLingui();
  const closed = noteStatus === "signed";
  const recorder = useRecorder();
  const { rows: recordings } = useRows("recording", { where: { encounterId } });
  const here = recorder.encounterId === encounterId && recorder.state !== "idle";
  const busyElsewhere = recorder.state !== "idle" && !here;
  const cutOff = recorder.interrupted.filter((one) => one.encounterId === encounterId);
  return (
    <section
      className={classes.panel}
      data-running={here && recorder.state === "recording"}
      aria-label={i18n._("Recorder")}
    >
      {here ? (
        <RunningRecorder patientId={patientId} />
      ) : (
        <>
          {cutOff.map((one) => (
            <CutOff key={one.recordingId} recordingId={one.recordingId} seconds={one.seconds} />
          ))}
          {recordings.map((recording) => (
            <div key={recording.id} className={classes.recording}>
              <RecordingStatus recording={recording} />
              <MovedHere recording={recording} />
              <WrongPatient recording={recording} signed={closed} />
            </div>
          ))}
          <MovedAway encounterId={encounterId} />
          {busyElsewhere ? (
            <p className={classes.elsewhere}>
              {i18n._("Another visit is being recorded:")} <RunningVisitLink />
              <span>{i18n._("Stop that recording first.")}</span>
            </p>
          ) : (
            !closed &&
            cutOff.length === 0 && (
              <Consent
                encounterId={encounterId}
                patientId={patientId}
                onStart={onStart}
                again={recordings.length > 0}
              />
            )
          )}
          {closed && recordings.length === 0 && (
            <p className={classes.words}>{i18n._("This visit was not recorded.")}</p>
          )}
        </>
      )}
    </section>
  );
}

interface ConsentProps extends Pick<RecorderPanelProps, "encounterId" | "patientId" | "onStart"> {
  readonly again: boolean;
}

function Consent({ encounterId, patientId, onStart, again }: ConsentProps) {
  const { i18n } = useLingui();
  const { actions, problem } = useRecorder();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const begin = async (by: "patient" | "guardian") => {
    setBusy(true);
    setFailure(null);
    try {
      await onStart();
      await actions.begin({ encounterId, patientId, consent: { by } });
    } catch (error) {
      setFailure(errorText(error));
      setBusy(false);
    }
  };

  const words =
    failure ??
    (problem === "no_room" ? i18n._("There is no room for a new recording on this tablet.") : null);
  return (
    <>
      {words && (
        <Alert color="red" variant="light" role="alert" icon={<IconAlertCircle aria-hidden />}>
          {words}
        </Alert>
      )}
      {asked ? (
        <>
          <h3 className={classes.title}>{i18n._("Does the patient agree to be recorded?")}</h3>
          <p className={classes.words}>
            {i18n._("Ask everybody in the room. The sound stays inside this practice.")}
          </p>
          <Group grow>
            <Button
              loading={busy}
              leftSection={<IconMicrophone size={20} aria-hidden />}
              onClick={() => begin("patient")}
            >
              {i18n._("Patient agrees")}
            </Button>
            <Button loading={busy} variant="light" onClick={() => begin("guardian")}>
              {i18n._("Guardian agrees")}
            </Button>
          </Group>
          <Button variant="subtle" disabled={busy} onClick={() => setAsked(false)}>
            {i18n._("Do not record")}
          </Button>
        </>
      ) : (
        <Button
          size="lg"
          fullWidth
          variant={again ? "light" : "filled"}
          leftSection={<IconMicrophone size={24} aria-hidden />}
          onClick={() => setAsked(true)}
        >
          {again ? i18n._("Record more") : i18n._("Record this visit")}
        </Button>
      )}
    </>
  );
}

function RunningRecorder({ patientId }: { readonly patientId: string }) {
  const { i18n } = useLingui();
  const recorder = useRecorder();
  const { row: patient } = useRow("patient", patientId);
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
      <WrongPatient recording={null} />
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

function CutOff({ recordingId, seconds }: { readonly recordingId: string; readonly seconds: number }) {
  const { i18n } = useLingui();
  const { actions } = useRecorder();
  const [busy, setBusy] = useState(false);
  const run = (work: () => Promise<void>) => {
    setBusy(true);
    work().catch(() => setBusy(false));
  };
  return (
    <Alert color="yellow" variant="light" title={i18n._("The recording was cut off")} role="alert">
      <p>{i18n._("{time} are safe on this tablet.", { time: durationText(seconds) })}</p>
      <Group>
        <Button loading={busy} onClick={() => run(() => actions.continueInterrupted(recordingId))}>
          {i18n._("Go on recording")}
        </Button>
        <Button
          variant="light"
          loading={busy}
          onClick={() => run(() => actions.finishInterrupted(recordingId))}
        >
          {i18n._("Finish with what is there")}
        </Button>
      </Group>
    </Alert>
  );
}
