export { TranscriptEntity } from "./transcript.entity.ts";
export { sealTranscript, unsealTranscript } from "./transcript.sealing.ts";
