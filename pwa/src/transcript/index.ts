export { EvidenceStrip } from "./evidence-strip.tsx";
export { TranscriptPanel } from "./transcript-panel.tsx";
export { useVisitTranscripts } from "./use-visit-transcripts.ts";
