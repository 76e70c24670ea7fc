export { CaptureRecorder } from "./capture-recorder.tsx";
export { consentText } from "./consent-text.ts";
export { CutOffRecordings } from "./cut-off-recordings.tsx";
export { fetchRecording } from "./late-recording.ts";
export { RecorderPanel } from "./recorder-panel.tsx";
export { RecordingLockBar } from "./recording-lock-bar.tsx";
export { RunningVisitLink } from "./running-bar.tsx";
export { fetchRunningBar, RunningAtTheDoor, RunningRecordingBar } from "./running-visit.tsx";
export { useLeftRecordings } from "./use-left-recordings.ts";
