import { useParams } from "@tanstack/react-router";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { useRecorder, useRow } from "#pwa/local/index.ts";

/** Shown while something is recorded, and only then: the first screen does without it. */
export const fetchRunningBar = () => import("./running-bar.tsx");
const RunningRecording = lazyPart(() => fetchRunningBar().then((module) => module.RunningRecording));

/** What every screen shows of a running recording. */
export function RunningRecordingBar() {
  const { appointmentId, patientId } = useParams({ strict: false });
  const { row: visit } = useRow("appointment", appointmentId ?? "");
  const { state } = useRecorder();
  if (state === "idle") return null;
  return (
    <RunningRecording
      shownAppointmentId={appointmentId}
      shownPatientId={patientId ?? visit?.patientId ?? null}
    />
  );
}
