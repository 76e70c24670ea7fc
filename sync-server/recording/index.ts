export { storeWhenComplete } from "./recording.completion.ts";
export { partAtRest, RecordingEntity, RecordingPartEntity } from "./recording.entity.ts";
export { dropLeftovers } from "./recording.leftovers.ts";
