export { fetchRecording } from "./late-recording.ts";
export { RecorderPanel } from "./recorder-panel.tsx";
export { RunningRecordingBar, RunningVisitLink } from "./running-visit.tsx";
