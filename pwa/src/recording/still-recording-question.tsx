import { useLingui } from "@lingui/react";
import { Button } from "@mantine/core";
import { IconMicrophone, IconPlayerPause, IconPlayerStop } from "@tabler/icons-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { dateIn, instantIn } from "#domain/kernel/instant.ts";
import { patientName } from "#domain/patient/index.ts";
import { birthDateText } from "#pwa/language/language.ts";
import { useRecorder, useRecorderLevel, useRow, useRows, useSession } from "#pwa/local/index.ts";
import classes from "./recorder.module.css";
import { nextPatientCame, type StillReason, StillRecording } from "./still-recording.ts";

interface StillRecordingQuestionProps {
  /** Whose chart or visit is open; null elsewhere. */
  readonly shownPatientId: string | null;
}

/**
 * "Still recording A?" above every screen, when a recording may have been forgotten (C05). The screen below stays usable,
 * and nothing stops unless somebody says so.
 */
export function StillRecordingQuestion({ shownPatientId }: StillRecordingQuestionProps) {
  const { i18n } = useLingui();
  const recorder = useRecorder();
  const [still] = useState(() => new StillRecording());
  const reason = useSyncExternalStore(still.question.subscribe, still.question.get);
  const { row: patient } = useRow("patient", recorder.patientId ?? "");
  const { row: encounter } = useRow("encounter", recorder.encounterId ?? "");
  const recording = recorder.state === "recording";
  useEffect(() => still.listen(recording), [still, recording]);
  useEffect(() => () => still.close(), [still]);
  useAnotherPatient(still, recording && shownPatientId !== recorder.patientId ? shownPatientId : null);
  useNextVisit(still, {
    recordedId: recording ? recorder.patientId : null,
    shownId: shownPatientId,
    clinicianId: encounter?.clinicianId ?? null,
  });
  if (!recording) return null;
  const words = patient
    ? i18n._("Still recording {name}, born {birthDate}?", {
        name: patientName(patient),
        birthDate: birthDateText(patient.birthDate),
      })
    : i18n._("Still recording?");
  return (
    <>
      <Ear still={still} />
      {reason && (
        <section
          className={classes.still}
          data-still
          aria-label={i18n._("Is this recording meant to go on?")}
        >
          <div className={classes.stillWords} role="alert">
            <strong className={classes.stillTitle}>{words}</strong>
            <span>{reasonText(i18n, reason)}</span>
          </div>
          <div className={classes.stillButtons}>
            <Button
              size="lg"
              leftSection={<IconMicrophone size={22} aria-hidden />}
              onClick={() => still.keep()}
            >
              {i18n._("Keep recording")}
            </Button>
            <Button
              size="lg"
              variant="default"
              leftSection={<IconPlayerPause size={22} aria-hidden />}
              onClick={() => recorder.actions.pause()}
            >
              {i18n._("Pause")}
            </Button>
            <Button
              size="lg"
              color="red"
              leftSection={<IconPlayerStop size={22} aria-hidden />}
              onClick={() => recorder.actions.stop()}
            >
              {i18n._("Stop")}
            </Button>
          </div>
        </section>
      )}
    </>
  );
}

function reasonText(i18n: ReturnType<typeof useLingui>["i18n"], reason: StillReason): string {
  switch (reason) {
    case "silence":
      return i18n._("Nobody has spoken for a while.");
    case "another-patient":
      return i18n._("Another patient is open on the screen.");
    case "next-visit":
      return i18n._("The next patient is in a room.");
  }
}

/** Apart from the question, because the loudness changes ten times a second. */
function Ear({ still }: { readonly still: StillRecording }): null {
  const level = useRecorderLevel();
  useEffect(() => still.hear(level), [still, level]);
  return null;
}

/** Asks each time another patient's chart or visit is opened, and no longer than it is open. */
function useAnotherPatient(still: StillRecording, otherId: string | null): void {
  useEffect(() => {
    if (!otherId) return;
    still.ask("another-patient");
    return () => still.withdraw("another-patient");
  }, [still, otherId]);
}

interface NextVisitOptions {
  readonly recordedId: string | null;
  /** Whoever is on the screen was asked about when the page was opened. */
  readonly shownId: string | null;
  readonly clinicianId: string | null;
}

/** Asks when another patient of the same clinician is brought to a room while this one is recorded. */
function useNextVisit(still: StillRecording, { recordedId, shownId, clinicianId }: NextVisitOptions): void {
  const { practice } = useSession();
  const zone = practice?.zone ?? "UTC";
  const { rows, ready } = useRows("appointment", {
    where: {
      start: { gte: instantIn(zone, dateIn(zone), "00:00") },
      status: "roomed",
      clinicianId: clinicianId ?? "",
    },
  });
  const known = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    if (!recordedId || !clinicianId || !ready) {
      known.current = null;
      return;
    }
    const before = known.current;
    known.current = new Set([...(before ?? []), ...rows.map(({ id }) => id)]);
    if (nextPatientCame(before, rows, [recordedId, shownId])) still.ask("next-visit");
  }, [still, recordedId, shownId, clinicianId, rows, ready]);
}
