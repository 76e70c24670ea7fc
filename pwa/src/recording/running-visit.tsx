import { useParams } from "@tanstack/react-router";
import { lazyPart } from "#pwa/app/lazy-part.tsx";
import { useRecorder, useRow } from "#pwa/local/index.ts";

/** Shown while something is recorded, and only then: the first screen does without it. */
export async function fetchRunningBar() {
  // The door's with it: nothing can be recorded before both are here, and the clinic may be away when the tablet locks.
  const [bar] = await Promise.all([import("./running-bar.tsx"), fetchLockBar()]);
  return bar;
}
const fetchLockBar = () => import("./recording-lock-bar.tsx");
const RunningRecording = lazyPart(() => fetchRunningBar().then((module) => module.RunningRecording));

/** What every door shows of it (C24). */
export const RunningAtTheDoor = lazyPart(() => fetchLockBar().then((module) => module.RecordingLockBar));

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
