import { useLingui } from "@lingui/react";
import { Alert, Button, Group } from "@mantine/core";
import { useState } from "react";
import type { Note } from "#domain/note/index.ts";
import { durationText } from "#pwa/language/language.ts";
import { useRecorder, useRows } from "#pwa/local/index.ts";
import { Consent } from "./consent.tsx";
import { MovedAway, MovedHere } from "./move-trail.tsx";
import classes from "./recorder.module.css";
import { RecordingStatus } from "./recording-status.tsx";
import { RunningVisitLink } from "./running-bar.tsx";
import { RunningRecorder } from "./running-recorder.tsx";
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
                label={recordings.length > 0 ? i18n._("Record more") : i18n._("Record this visit")}
                again={recordings.length > 0}
                onBegin={async (consent) => {
                  await onStart();
                  await recorder.actions.begin({ encounterId, patientId, consent });
                }}
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
