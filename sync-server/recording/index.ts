export { storeWhenComplete } from "./recording.completion.ts";
export { partAtRest, RecordingEntity, RecordingPartEntity, type StoredPart } from "./recording.entity.ts";
export { keepParts } from "./recording.keep-parts.ts";
export { dropLeftovers } from "./recording.leftovers.ts";
