export { RecordingEntity } from "./recording.entity.ts";
