import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { CSSProperties, ReactNode } from "react";
import { patientName } from "#domain/patient/index.ts";
import { durationText } from "#pwa/language/language.ts";
import { useRecorder, useRecorderLevel, useRow } from "#pwa/local/index.ts";
import classes from "./recorder.module.css";
import { StillRecordingQuestion } from "./still-recording-question.tsx";

/** The visit that is being recorded: whose it is, and where. */
function useRunningVisit() {
  const { i18n } = useLingui();
  const recorder = useRecorder();
  const { row: patient } = useRow("patient", recorder.patientId ?? "");
  const { row: encounter } = useRow("encounter", recorder.encounterId ?? "");
  return {
    recorder,
    name: patient
      ? patientName(patient)
      : recorder.patientId === null
        ? i18n._("Unassigned")
        : i18n._("Not on this tablet"),
    appointmentId: encounter?.appointmentId ?? null,
  };
}

/** The name of the patient whose visit is being recorded; a tap leads to that visit. */
export function RunningVisitLink({ className }: { readonly className?: string }) {
  const { name, appointmentId } = useRunningVisit();
  return <VisitLink appointmentId={appointmentId} words={name} {...(className && { className })} />;
}

interface VisitLinkProps {
  readonly appointmentId: string | null;
  readonly words: ReactNode;
  readonly className?: string;
}

function VisitLink({ appointmentId, words, className = classes.runningLink! }: VisitLinkProps) {
  if (!appointmentId) return <strong>{words}</strong>;
  return (
    <Link to="/visits/$appointmentId" params={{ appointmentId }} className={className}>
      {words}
    </Link>
  );
}

interface RunningRecordingProps {
  /** The visit and the patient on the screen. */
  readonly shownAppointmentId: string | undefined;
  readonly shownPatientId: string | null;
}

/** That something is being recorded, and the question whether it is meant to (C05). */
export function RunningRecording({ shownAppointmentId, shownPatientId }: RunningRecordingProps) {
  return (
    <>
      <RunningBar shown={shownAppointmentId} />
      <StillRecordingQuestion shownPatientId={shownPatientId} />
    </>
  );
}

/** Nobody is recorded without its being seen. On the visit itself the recorder shows it. */
function RunningBar({ shown }: { readonly shown: string | undefined }) {
  const { i18n } = useLingui();
  const { recorder, name, appointmentId } = useRunningVisit();
  if (appointmentId !== null && shown === appointmentId) return null;
  const running = recorder.state === "recording" || recorder.state === "starting";
  return (
    <section
      className={classes.bar}
      data-running={running}
      aria-label={i18n._("Recording that is being made")}
    >
      <VisitLink
        appointmentId={appointmentId}
        className={classes.barVisit!}
        words={
          <>
            <LevelDot active={recorder.state === "recording"} />
            <span>
              {recorder.state === "off-the-record"
                ? i18n._("Off the record")
                : running
                  ? i18n._("Recording")
                  : i18n._("Paused")}
            </span>
            <strong className={classes.barName}>{name}</strong>
            <span role="timer" className={classes.barTime}>
              {durationText(recorder.elapsed)}
            </span>
          </>
        }
      />
      <Button
        size="sm"
        h={44}
        color="red"
        loading={recorder.state === "stopping"}
        leftSection={<IconPlayerStop size={20} aria-hidden />}
        onClick={() => recorder.actions.stop()}
      >
        {i18n._("Stop")}
      </Button>
    </section>
  );
}

/** Grows with the loudness, so that one sees from afar that something is heard. */
function LevelDot({ active }: { readonly active: boolean }) {
  const level = useRecorderLevel();
  const style = { "--level": active ? Math.min(1, level).toFixed(2) : "0" } as CSSProperties;
  return <span className={classes.levelDot} style={style} aria-hidden />;
}
