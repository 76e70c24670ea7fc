import { useLingui } from "@lingui/react";
import { IconCheck } from "@tabler/icons-react";
import { soundIdOf } from "#domain/capture/index.ts";
import { durationText } from "#pwa/language/language.ts";
import { useRecorder, useWaitingRecordings } from "#pwa/local/index.ts";
import { Consent } from "./consent.tsx";
import classes from "./recorder.module.css";
import { RecordingLockBar } from "./recording-lock-bar.tsx";
import { RunningRecorder } from "./running-recorder.tsx";

interface CaptureRecorderProps {
  readonly captureId: string;
  /** It was made before: one recording belongs to a note. */
  readonly made: boolean;
  readonly onBegun: () => void;
}

/** Recording without knowing whose visit it is: sealed for the clinic alone, with the consent of everybody in the room. */
export function CaptureRecorder({ captureId, made, onBegun }: CaptureRecorderProps) {
  const { i18n } = useLingui();
  const { state, recordingId, actions } = useRecorder();
  const seconds = useWaitingRecordings().find((one) => one.recordingId === soundIdOf(captureId))?.seconds;
  const here = state !== "idle" && recordingId === soundIdOf(captureId);
  return (
    <section
      className={classes.panel}
      data-running={here && state === "recording"}
      aria-label={i18n._("Recorder")}
    >
      {here ? (
        <RunningRecorder patientId={null} />
      ) : made || seconds !== undefined ? (
        <p className={classes.words}>
          <IconCheck size={20} aria-hidden />{" "}
          {seconds === undefined
            ? i18n._("The recording is sealed.")
            : i18n._("The recording is sealed, {time}.", { time: durationText(seconds) })}
        </p>
      ) : state !== "idle" ? (
        <>
          <p className={classes.words}>{i18n._("Another recording is being made. Stop it first.")}</p>
          <RecordingLockBar />
        </>
      ) : (
        <Consent
          label={i18n._("Record what is said")}
          again
          onBegin={async (consent) => {
            await actions.begin({ encounterId: null, patientId: null, captureId, consent });
            onBegun();
          }}
        />
      )}
    </section>
  );
}
